package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/** What came of asking for turns. */
public sealed interface Grant {
    /** So many, at least one. */
    record Turns(int count) implements Grant {}

    /** None, since all are used up until then, or since the store could not be asked. */
    record NotBefore(Instant time) implements Grant {
        public NotBefore {
            requireNonNull(time, "time");
        }
    }
}
