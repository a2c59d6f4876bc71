package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.workspace.ConnectionState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a connection does, from what is stored; {@link Pipeline#checkup} asks the CRM itself.
 *
 * @param reason why it is in its state, for people; may be empty
 * @param lastEventAt when the last event was stored; null before the first
 * @param lastWriteAt when the CRM last took values of ours; null before the first
 * @param lag how long the oldest event that could be worked on has been waiting
 * @param waiting events that wait for work or a write-back
 * @param held events that wait until a person mends the connection
 * @param dead events that were given up and can be run again
 * @param withoutCredits events that were ignored for lack of credits and can be run again
 * @param troubles the latest of the held and dead ones
 * @param reconciledTo all changes in the CRM before it are known; null before the first complete look
 * @param reconcileError why the last look failed; empty when it did not
 * @param turnedAway deliveries above its rate that this node turned away since it began
 * @param reverification how the scheduled verification of old contacts stands
 */
public record ConnectionHealth(
        String connectionId,
        ConnectionState state,
        String reason,
        Instant since,
        @Nullable Instant lastEventAt,
        @Nullable Instant lastWriteAt,
        Duration lag,
        long waiting,
        long held,
        long dead,
        long withoutCredits,
        List<Trouble> troubles,
        @Nullable Instant reconciledTo,
        String reconcileError,
        long turnedAway,
        Reverification reverification) {
    public ConnectionHealth {
        requireNonNull(connectionId, "connectionId");
        requireNonNull(state, "state");
        requireNonNull(lag, "lag");
        troubles = List.copyOf(troubles);
    }

    /**
     * An event that needs a person.
     *
     * @param state {@code held}, {@code dead} or {@code ignored}
     * @param reason why
     * @param attempts failed tries
     */
    public record Trouble(
            String eventId, String objectId, String state, String reason, int attempts, Instant updatedAt) {}
}
