package dev.gatepost.hook;

import java.util.Locale;

/** Who receives. */
public enum Consumer {
    /** A program of the customer's. */
    GENERIC,
    /** A Zap. It is told at Zapier's hosts only, {@link Hooks.HookParts#zapierHosts}. */
    ZAPIER;

    /** The word in JSON and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Consumer of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
