package dev.gatepost.smtp;

import java.time.Duration;

/**
 * A point on the machine's monotonic clock: waits must not stretch when the wall clock is set.
 *
 * @param nanoTime as {@link System#nanoTime()}
 */
record Deadline(long nanoTime) implements Comparable<Deadline> {
    static Deadline in(Duration wait) {
        return new Deadline(System.nanoTime() + wait.toNanos());
    }

    /** The earlier of this and {@code wait} from now. */
    Deadline orIn(Duration wait) {
        var other = in(wait);
        return other.nanoTime - nanoTime < 0 ? other : this;
    }

    /** By difference, since the clock's zero may lie anywhere. */
    @Override
    public int compareTo(Deadline other) {
        return Long.signum(nanoTime - other.nanoTime);
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /** Milliseconds left, rounded up so that a read never returns just before the deadline; 0 when it has passed. */
    int millisLeft() {
        long nanos = nanoTime - System.nanoTime();
        return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, nanos / 1_000_000 + 1);
    }

    boolean hasPassed() {
        return millisLeft() == 0;
    }
}
