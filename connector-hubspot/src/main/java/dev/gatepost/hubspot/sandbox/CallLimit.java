package dev.gatepost.hubspot.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Map;

/** Counts calls over a rolling window, as HubSpot does. Safe for any thread. */
final class CallLimit {
    static final Duration WINDOW = Duration.ofSeconds(10);

    private final int callsMax;
    private final InstantSource clock;
    private final ArrayDeque<Instant> calls = new ArrayDeque<>();
    private int peak;
    private int refused;

    CallLimit(int callsMax, InstantSource clock) {
        this.callsMax = callsMax;
        this.clock = clock;
    }

    /** Whether one more call is within the limit; then it is counted. */
    synchronized boolean admits() {
        forget();
        if (calls.size() >= callsMax) {
            refused++;
            return false;
        }
        calls.addLast(clock.instant());
        peak = Math.max(peak, calls.size());
        return true;
    }

    /** Most calls ever admitted within one window. */
    synchronized int peak() {
        return peak;
    }

    /** Calls that were too many. */
    synchronized int refused() {
        return refused;
    }

    /** The headers HubSpot tells the limit with. */
    synchronized Map<String, String> headers() {
        forget();
        return Map.of(
                "X-HubSpot-RateLimit-Max", Integer.toString(callsMax),
                "X-HubSpot-RateLimit-Remaining", Integer.toString(callsMax - calls.size()),
                "X-HubSpot-RateLimit-Interval-Milliseconds", Long.toString(WINDOW.toMillis()));
    }

    private void forget() {
        var start = clock.instant().minus(WINDOW);
        while (!calls.isEmpty() && !calls.getFirst().isAfter(start)) {
            calls.removeFirst();
        }
    }
}
