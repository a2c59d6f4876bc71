package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One message to one receiver.
 *
 * @param id the header {@code webhook-id}, the same at every attempt
 * @param event word of the event
 * @param attempts that counted
 * @param dueAt when it is tried next; null at its end
 * @param status HTTP status of the last answer, 0 for none
 * @param outcome of the last attempt, for people
 */
public record HookDelivery(
        String id,
        String subscriptionId,
        String event,
        String subject,
        String body,
        State state,
        int attempts,
        @Nullable Instant dueAt,
        int status,
        String outcome,
        Instant createdAt,
        Instant updatedAt) {
    public HookDelivery {
        requireNonNull(id, "id");
        requireNonNull(subscriptionId, "subscriptionId");
        requireNonNull(body, "body");
        requireNonNull(state, "state");
    }

    /** Where it stands. */
    public enum State {
        WAITING,
        DELIVERED,
        /** Given up; a person may send it again. */
        DEAD;

        /** The word in JSON and tables. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
