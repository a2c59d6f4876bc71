package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the scheduled verification of old contacts stands.
 *
 * @param afterDays age in days from which a contact is verified again; 0 is never
 * @param perDay contacts in a day at most
 * @param nextAt when it next does something; null while it is off or paused
 * @param today contacts queued in the present day
 * @param last the latest look through the contacts, which may be under way; null before the first
 */
public record Reverification(
        int afterDays,
        long perDay,
        State state,
        @Nullable Instant nextAt,
        long today,
        @Nullable Backfill last) {
    public Reverification {
        requireNonNull(state, "state");
    }

    /** Where it stands. */
    public enum State {
        OFF,
        /** For the next look. */
        WAITING,
        RUNNING,
        /** A person paused the look. */
        PAUSED;

        /** The word in answers. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
