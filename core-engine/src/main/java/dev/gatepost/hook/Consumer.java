package dev.gatepost.hook;

import java.util.Locale;
import java.util.Set;

/** Who receives. */
public enum Consumer {
    /** A program of the customer's. */
    GENERIC(Set.of()),
    /** A Zap. Target URLs are at zapier.com or below: Zapier's documentation, "Add a REST Hook trigger". */
    ZAPIER(Set.of("zapier.com"));

    private final Set<String> hostSuffixes;

    Consumer(Set<String> hostSuffixes) {
        this.hostSuffixes = hostSuffixes;
    }

    /** Names at and below which the target must be; empty is any. */
    Set<String> hostSuffixes() {
        return hostSuffixes;
    }

    /** The word in JSON and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Consumer of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
