package dev.gatepost.smtp;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * At most so many addresses in any stretch of time of a given length. Whoever asks gets a turn, at once or later; turns
 * are given in the order of asking. Safe for any thread.
 */
final class Pace {
    private final int turnsMax;
    private final Duration stretch;

    /** Turns given out, of which those older than the stretch no longer matter; some lie ahead. */
    private final Deque<Instant> turns = new ArrayDeque<>();

    /** @param turnsMax may be 0 */
    Pace(int turnsMax, Duration stretch) {
        this.turnsMax = turnsMax;
        this.stretch = stretch;
    }

    /** How long to wait for one's turn; empty, and no turn taken, when it would be longer than {@code patience}. */
    synchronized Optional<Duration> turn(Instant now, Duration patience) {
        if (turnsMax == 0) {
            return Optional.empty();
        }
        while (!turns.isEmpty() && !turns.getFirst().plus(stretch).isAfter(now)) {
            turns.removeFirst();
        }
        var turn = now;
        if (turns.size() >= turnsMax) {
            turn = turns.stream()
                    .skip(turns.size() - turnsMax)
                    .findFirst()
                    .orElseThrow()
                    .plus(stretch);
        }
        var wait = Duration.between(now, turn);
        if (wait.compareTo(patience) > 0) {
            return Optional.empty();
        }
        turns.addLast(turn);
        return Optional.of(wait);
    }
}
