package dev.gatepost.ledger;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A workspace's available credits fell below its threshold. Told once, until a grant lifts them above it again.
 *
 * @param seq of the entry that crossed the threshold
 * @param available what is left
 * @param below the threshold
 */
public record CreditsLow(String workspaceId, long seq, long available, long below, Instant at) {
    public CreditsLow {
        requireNonNull(workspaceId, "workspaceId");
        requireNonNull(at, "at");
    }

    /** Tells it from the workspace's other alarms. */
    public String id() {
        return "low_" + seq;
    }
}
