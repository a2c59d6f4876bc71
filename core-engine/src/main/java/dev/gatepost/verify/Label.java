package dev.gatepost.verify;

import java.util.Locale;
import java.util.Set;

/** The one word a single CRM field shows: a projection of status and traits, and nothing else. */
public enum Label {
    VALID,
    RISKY,
    DISPOSABLE,
    FREE,
    ROLE,
    INVALID,
    UNKNOWN;

    /** The label by the fixed precedence invalid, disposable, unknown, risky, role, free, valid. */
    public static Label of(Status status, Set<Trait> traits) {
        if (status == Status.INVALID) {
            return INVALID;
        }
        if (traits.contains(Trait.DISPOSABLE)) {
            return DISPOSABLE;
        }
        return switch (status) {
            case INVALID -> INVALID;
            case UNKNOWN -> UNKNOWN;
            case RISKY -> RISKY;
            case VALID -> traits.contains(Trait.ROLE) ? ROLE : traits.contains(Trait.FREE) ? FREE : VALID;
        };
    }

    /** The word in JSON, tables and CRM fields. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
