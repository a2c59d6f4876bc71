package dev.gatepost.rules;

import java.util.Locale;

/** What a rule does when it applies. */
public enum Outcome {
    ACCEPT,
    FLAG,
    REJECT;

    /** The word in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Decision by(String rule) {
        return switch (this) {
            case ACCEPT -> new Decision.Accept(rule);
            case FLAG -> new Decision.Flag(rule);
            case REJECT -> new Decision.Reject(rule);
        };
    }
}
