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

    Decision by(String rule, String message) {
        return switch (this) {
            case ACCEPT -> new Decision.Accept(rule, message);
            case FLAG -> new Decision.Flag(rule, message);
            case REJECT -> new Decision.Reject(rule, message);
        };
    }
}
