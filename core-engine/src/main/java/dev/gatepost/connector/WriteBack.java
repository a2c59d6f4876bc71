package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** How telling the CRM about one contact went. */
public sealed interface WriteBack {
    /** The CRM has our values. */
    record Written() implements WriteBack {}

    /**
     * Not now.
     *
     * @param after the least wait the CRM asked for; zero leaves it to our own schedule
     * @param counts whether it counts as an attempt ({@link Attempt#FREE} for waits the CRM imposes on everybody)
     */
    record RetryLater(Duration after, String why, Attempt counts) implements WriteBack {
        public RetryLater {
            requireNonNull(after, "after");
            requireNonNull(why, "why");
            requireNonNull(counts, "counts");
        }
    }

    /** Nothing was written and nothing need be: the contact is gone, erased, or has another address by now. */
    record Skipped(String reason) implements WriteBack {
        public Skipped {
            requireNonNull(reason, "reason");
        }
    }

    /** The CRM refuses this write for good. */
    record GaveUp(String why) implements WriteBack {
        public GaveUp {
            requireNonNull(why, "why");
        }
    }

    /** The CRM does not let us in; the row is held until a person mends the connection. */
    record Refused(Refusal refusal, String why) implements WriteBack {
        public Refused {
            requireNonNull(refusal, "refusal");
            requireNonNull(why, "why");
        }
    }

    /** Whether a failed try uses up one of the attempts. */
    enum Attempt {
        COUNTED,
        FREE
    }
}
