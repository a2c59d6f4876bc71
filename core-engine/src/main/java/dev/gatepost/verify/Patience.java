package dev.gatepost.verify;

import java.time.Duration;

/**
 * Until when a caller waits, on the machine's monotonic clock.
 *
 * @param end as {@link System#nanoTime()}
 */
record Patience(long end) {
    static Patience from(Duration patience) {
        return new Patience(System.nanoTime() + patience.toNanos());
    }

    /** What is left of it, not negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    Duration atMost(Duration wait) {
        var left = left();
        return left.compareTo(wait) < 0 ? left : wait;
    }
}
