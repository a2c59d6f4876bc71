package dev.gatepost.intake;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Threads of this process that wait until something happens to an event. Safe for any thread. */
final class Waiters {
    private final Map<String, CountDownLatch> byEvent = new ConcurrentHashMap<>();

    /** Waits until the event is moved by this process, at most {@code wait}. Ask the table afterwards. */
    void await(String eventId, Duration wait) throws InterruptedException {
        var latch = byEvent.computeIfAbsent(eventId, _ -> new CountDownLatch(1));
        try {
            latch.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            byEvent.remove(eventId, latch);
        }
    }

    /** Something happened to the event. */
    void tell(String eventId) {
        var latch = byEvent.get(eventId);
        if (latch != null) {
            latch.countDown();
        }
    }
}
