package dev.gatepost.doctor;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * What one check found.
 *
 * @param check what was looked at, one or two words
 * @param says what was seen, one or two sentences
 * @param mend what the operator can do; empty when there is nothing to do
 */
public record Finding(String check, State state, String says, String mend) {

    /** How things stand. */
    public enum State {
        FINE,
        /** Something should be mended. */
        MEND,
        /** It cannot be told from here. */
        UNSURE;

        /** The word for it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Finding {
        requireNonNull(check, "check");
        requireNonNull(state, "state");
        requireNonNull(says, "says");
        requireNonNull(mend, "mend");
    }

    static Finding fine(String check, String says) {
        return new Finding(check, State.FINE, says, "");
    }

    static Finding mend(String check, String says, String mend) {
        return new Finding(check, State.MEND, says, mend);
    }

    static Finding unsure(String check, String says, String mend) {
        return new Finding(check, State.UNSURE, says, mend);
    }
}
