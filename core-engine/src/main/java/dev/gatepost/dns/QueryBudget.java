package dev.gatepost.dns;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much asking one verification may still cause (reliability: M8). Counted are queries that leave for a name server;
 * what a cache answers is free. Safe for any thread. Measured by the machine's own steady clock, since it bounds real
 * waits for sockets.
 */
public final class QueryBudget {
    /** Reliability: M8. */
    public static final int QUERIES_MAX = 30;

    /** Reliability: M8. */
    public static final Duration TIME_MAX = Duration.ofSeconds(8);

    private final AtomicInteger queriesLeft;
    private final long deadline;

    /**
     * Begins now.
     *
     * @param queries how many queries, not negative
     * @param time how long in all
     */
    public QueryBudget(int queries, Duration time) {
        requireNonNull(time, "time");
        this.queriesLeft = new AtomicInteger(queries);
        this.deadline = System.nanoTime() + time.toNanos();
    }

    /** Takes one query; false when none or no time is left. */
    public boolean take() {
        return timeLeft().isPositive() && queriesLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    /** The time left, zero or less when it is over. */
    public Duration timeLeft() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }
}
