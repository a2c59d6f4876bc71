package dev.gatepost.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The turns that all nodes together leave to this one. They are taken a few at a time, so that the store is not asked for
 * each address, and count as used when they are taken: whatever happens to this process, no more is asked than allowed.
 * Safe for any thread.
 */
final class SharedTurns {
    /** At once no more is taken than this part of a minute's turns ... */
    private static final int TAKES_A_MINUTE = 8;

    /** ... and of a day's, so that a process that ends without notice wastes little. */
    private static final int TAKES_A_DAY = 40;

    private final SharedMemory memory;
    private final Quota quota;
    private final InstantSource clock;
    private int left;
    private Instant notBefore = Instant.MIN;
    private int times;
    private @Nullable Asking asking;

    /**
     * A question on its way.
     *
     * @param number which one, counted up
     */
    private record Asking(int number, Future<Grant> grant) {}

    SharedTurns(SharedMemory memory, Quota quota, InstantSource clock) {
        this.memory = memory;
        this.quota = quota;
        this.clock = clock;
    }

    Quota quota() {
        return quota;
    }

    /** Asks for some, unless there are any, and does not wait for them. */
    synchronized void prepare() {
        boolean isOver = !clock.instant().isBefore(notBefore);
        if (left == 0 && asking == null && isOver) {
            asking = new Asking(++times, memory.take(quota, turns()));
        }
    }

    private int turns() {
        return Math.max(
                1, Math.min(quota.addressesPerMinute() / TAKES_A_MINUTE, quota.addressesPerDay() / TAKES_A_DAY));
    }

    /**
     * Uses one; waits for it where need be. False when there is none by the deadline.
     *
     * @throws InterruptedException when the thread is told to stop
     */
    boolean use(Deadline deadline) throws InterruptedException {
        while (!useOne()) {
            prepare();
            var wait = untilGranted(deadline);
            if (wait.compareTo(deadline.left()) > 0 || deadline.hasPassed()) {
                return false;
            }
            Thread.sleep(wait);
        }
        return true;
    }

    private synchronized boolean useOne() {
        boolean any = left > 0;
        left -= any ? 1 : 0;
        return any;
    }

    /** Waits for what was asked for; how long to wait before asking again, zero when some were granted. */
    private Duration untilGranted(Deadline deadline) throws InterruptedException {
        var underWay = asking();
        if (underWay != null) {
            try {
                settle(underWay, underWay.grant().get(deadline.millisLeft(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException _) {
                return Duration.ZERO; // time is over as well
            } catch (ExecutionException e) {
                throw new IllegalStateException("a shared memory must not fail", e);
            }
        }
        return wait(clock.instant());
    }

    private synchronized @Nullable Asking asking() {
        return asking;
    }

    /** Whoever comes first enters it; the others have waited for the same. */
    private synchronized void settle(Asking done, Grant grant) {
        if (asking == null || asking.number() != done.number()) {
            return;
        }
        asking = null;
        switch (grant) {
            case Grant.Turns(var count) -> left += count;
            case Grant.NotBefore(var time) -> notBefore = time;
        }
    }

    private synchronized Duration wait(Instant now) {
        return left > 0 || !now.isBefore(notBefore) ? Duration.ZERO : Duration.between(now, notBefore);
    }

    /** Takes all that is left, to give it back. */
    synchronized int drain() {
        int all = left;
        left = 0;
        return all;
    }
}
