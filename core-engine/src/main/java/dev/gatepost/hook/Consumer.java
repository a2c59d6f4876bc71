package dev.gatepost.hook;

import java.util.Locale;
import java.util.Set;

/** Who receives. */
public enum Consumer {
    /** A program of the customer's. */
    GENERIC,
    /** A Zap. Target URLs are at zapier.com or below: Zapier's documentation, "Add a REST Hook trigger". */
    ZAPIER;

    /** Names at and below which the target must be; empty is any. */
    Set<String> hostSuffixes() {
        return switch (this) {
            case GENERIC -> Set.of();
            case ZAPIER -> Set.of("zapier.com");
        };
    }

    /** The word in JSON and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Consumer of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
