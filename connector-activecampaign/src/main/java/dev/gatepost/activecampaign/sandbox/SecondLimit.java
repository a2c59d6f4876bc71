package dev.gatepost.activecampaign.sandbox;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;

/** Counts calls over a rolling second, as they arrive. Safe for any thread. */
final class SecondLimit {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final ArrayDeque<Long> arrivals = new ArrayDeque<>();
    private volatile int callsMax = 5;
    private int peak;
    private long arrived;

    void allow(int calls) {
        callsMax = calls;
    }

    /** Counts a call; whether it is within the limit. */
    synchronized boolean admits() {
        var now = System.nanoTime();
        while (!arrivals.isEmpty() && now - arrivals.getFirst() >= SECOND) {
            arrivals.removeFirst();
        }
        arrivals.addLast(now);
        arrived++;
        peak = Math.max(peak, arrivals.size());
        return arrivals.size() <= callsMax;
    }

    /** Most calls that ever arrived within one second, refused ones too. */
    synchronized int peak() {
        return peak;
    }

    /** Calls so far. */
    synchronized long arrived() {
        return arrived;
    }

    synchronized Map<String, String> headers() {
        return Map.of(
                "RateLimit-Limit", Integer.toString(callsMax),
                "RateLimit-Remaining", Integer.toString(Math.max(0, callsMax - arrivals.size())));
    }
}
