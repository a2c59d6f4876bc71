package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

/**
 * The answer to an {@link Errand} that was not ready in time, told to the CRM by callback.
 *
 * @param callback what the errand named
 * @param outcome what it came to
 */
public record Reply(String callback, Outcome outcome) {
    public Reply {
        requireNonNull(callback, "callback");
        requireNonNull(outcome, "outcome");
    }

    /** What an errand came to. */
    public sealed interface Outcome {
        /** The address was verified and judged. */
        record Found(Finding finding) implements Outcome {
            public Found {
                requireNonNull(finding, "finding");
            }
        }

        /** Nothing was found out; {@code reason} is a stable code, for example {@code no_credits}. */
        record Failed(String reason) implements Outcome {
            public Failed {
                requireNonNull(reason, "reason");
            }
        }
    }
}
