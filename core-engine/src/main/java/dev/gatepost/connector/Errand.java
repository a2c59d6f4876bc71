package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A verification that a step of a CRM's workflow asks for and waits for.
 *
 * @param connectionId the connection it belongs to
 * @param objectId the contact
 * @param email the address to verify, not blank
 * @param workflow id of the customer's workflow that judges it; empty for the connection's own
 * @param callback the CRM's id of this execution: the same errand asked again is one verification and one credit; at most
 *     400 characters
 * @param patience how long the asker waits; afterwards {@link Connector#reply} tells the answer
 */
public record Errand(
        String connectionId, String objectId, String email, String workflow, String callback, Duration patience) {
    public Errand {
        requireNonNull(connectionId, "connectionId");
        requireNonNull(objectId, "objectId");
        requireNonNull(email, "email");
        requireNonNull(workflow, "workflow");
        requireNonNull(callback, "callback");
        requireNonNull(patience, "patience");
    }

    /** Without the address. */
    @Override
    public String toString() {
        return "Errand[" + connectionId + ", " + objectId + ", " + callback + "]";
    }

    /** What the asker gets at once. */
    public sealed interface Answered {
        /** The answer. */
        record Now(Reply.Outcome outcome) implements Answered {
            public Now {
                requireNonNull(outcome, "outcome");
            }
        }

        /** It takes longer; the callback will tell. */
        record Later() implements Answered {}

        /** We cannot take it now; the CRM is to ask again after this long. */
        record Busy(Duration after) implements Answered {
            public Busy {
                requireNonNull(after, "after");
            }
        }
    }
}
