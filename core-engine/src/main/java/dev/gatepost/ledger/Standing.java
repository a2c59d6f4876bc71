package dev.gatepost.ledger;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a workspace stands.
 *
 * @param lowBelow the alarm is raised when available credits fall below it; 0 is never
 * @param lowSinceOrNull when they did, null while they have not
 */
public record Standing(
        Balance balance, long lowBelow, @Nullable Instant lowSinceOrNull) {
    /** Threshold of a workspace that never chose one; the same as in the table's definition. */
    public static final long LOW_BELOW = 100;

    static final Standing NEW = new Standing(Balance.EMPTY, LOW_BELOW, null);

    public Standing {
        requireNonNull(balance, "balance");
    }

    /** When available credits fell below the threshold; empty while they have not. */
    public Optional<Instant> lowSince() {
        return Optional.ofNullable(lowSinceOrNull);
    }
}
