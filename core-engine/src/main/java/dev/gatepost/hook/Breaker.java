package dev.gatepost.hook;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/**
 * Leaves a receiver, or a machine with many receivers, alone that fails (reliability W6): opens after 5 failures in a row, or when half of at least 20
 * calls within a minute failed; then one call is let through after 30 s, and after twice as long each time it fails. Safe for
 * any thread.
 */
final class Breaker {
    private static final int FAILURES_IN_A_ROW = 5;
    private static final int CALLS_JUDGED = 20;
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(15);

    /** Most calls remembered; at more a second than that within the window, the latest decide. */
    private static final int CALLS_KEPT = 1_000;

    private final ArrayDeque<Call> calls = new ArrayDeque<>();
    private int failures;
    private int failuresInARow;
    private Duration pause = Duration.ZERO;
    private Instant until = Instant.EPOCH;
    private boolean probing;

    private record Call(Instant at, boolean failed) {}

    /** Whether a call may be made now; while it is open only one at a time, after its pause. */
    synchronized boolean admits(Instant now) {
        if (pause.isZero()) {
            return !now.isBefore(until);
        }
        if (probing || now.isBefore(until)) {
            return false;
        }
        probing = true;
        return true;
    }

    /** When a call may be made at the earliest. */
    synchronized Instant until() {
        return until;
    }

    /** The call that was let through is not made after all. */
    synchronized void spared() {
        probing = false;
    }

    /** A call went through. */
    synchronized void succeeded(Instant now) {
        failuresInARow = 0;
        probing = false;
        if (!pause.isZero()) {
            pause = Duration.ZERO;
            calls.clear();
            failures = 0;
        }
        note(new Call(now, false));
    }

    /** A call did not go through. */
    synchronized void failed(Instant now) {
        failuresInARow++;
        note(new Call(now, true));
        var half = calls.size() >= CALLS_JUDGED && failures * 2 >= calls.size();
        if (probing || (pause.isZero() && (failuresInARow >= FAILURES_IN_A_ROW || half))) {
            pause = pause.isZero() ? FIRST_PAUSE : min(pause.multipliedBy(2), PAUSE_MAX);
            until = now.plus(pause);
            probing = false;
        }
    }

    /** The receiver itself asked to be left alone. */
    synchronized void holdUntil(Instant instant) {
        until = instant.isAfter(until) ? instant : until;
        probing = false;
    }

    private void note(Call call) {
        calls.add(call);
        failures += call.failed() ? 1 : 0;
        while (calls.size() > CALLS_KEPT
                || calls.getFirst().at().isBefore(call.at().minus(WINDOW))) {
            failures -= calls.removeFirst().failed() ? 1 : 0;
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
