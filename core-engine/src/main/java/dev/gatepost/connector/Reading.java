package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What a connector made of a delivery. Reading is pure: no network, no database, the clock only as an argument. */
public sealed interface Reading {
    /** Authentic and understood; the list may be empty. */
    record Authentic(List<IncomingEvent> events) implements Reading {
        public Authentic {
            events = List.copyOf(events);
        }
    }

    /** Signature missing or wrong, or outside the time window. The reason is for our log, not for the sender. */
    record Unauthentic(String why) implements Reading {
        public Unauthentic {
            requireNonNull(why, "why");
        }
    }

    /** Authentic, but the content cannot be used; it is kept for a person to look at. */
    record Unusable(String why) implements Reading {
        public Unusable {
            requireNonNull(why, "why");
        }
    }
}
