package dev.gatepost.connector;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The calls one CRM account allows, shared by everything in this process that calls it. Counts over rolling windows, as CRMs
 * do. Urgent calls go first, at once while half of the window is free and then so far apart that room lasts; background calls are spread evenly over each window, so that room for an urgent one is never
 * further away than one call. A wait the CRM imposes holds for all. Safe for any thread.
 */
public final class CallBudget {
    private final List<RollingWindow> windows;
    private final List<OpenCalls> openCalls;
    private final Duration pace;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private int urgentWaiting;
    private Instant closedUntil = Instant.EPOCH;
    private Instant nextBackground = Instant.EPOCH;
    private Instant lastUse = Instant.EPOCH;

    /**
     * A limit as the CRM counts it.
     *
     * @param calls most calls in any stretch of {@code length}, 1 or more; leave some to other users of the account
     * @param length for example ten seconds
     * @param counting which moment of a call counts
     */
    public record Window(int calls, Duration length, Counting counting) {
        public Window {
            if (calls < 1 || !length.isPositive()) {
                throw new IllegalArgumentException(calls + " calls in " + length);
            }
        }

        /** Counted when the call goes out. */
        public Window(int calls, Duration length) {
            this(calls, length, Counting.SENT);
        }
    }

    /** Which moment of a call counts. */
    public enum Counting {
        /** When it goes out. */
        SENT,
        /**
         * From when it goes out to when it was answered ({@link #answered}): for windows so short that calls on their way
         * could catch up with each other.
         */
        ON_THE_WAY
    }

    CallBudget(List<Window> windows, InstantSource clock) {
        this.windows = windows.stream()
                .filter(window -> window.counting() == Counting.SENT)
                .map(window -> new RollingWindow(window.calls(), window.length(), clock))
                .toList();
        this.openCalls = windows.stream()
                .filter(window -> window.counting() == Counting.ON_THE_WAY)
                .map(window -> new OpenCalls(window.calls(), window.length(), clock))
                .toList();
        this.pace = windows.stream()
                .map(window -> window.length().dividedBy(window.calls()))
                .max(Duration::compareTo)
                .orElseThrow(() -> new IllegalArgumentException("no window"));
        this.clock = clock;
    }

    /** What asking for room came to. */
    public sealed interface Turn {
        /** Make the call now. */
        record Granted() implements Turn {}

        /** No room within the wait; there may be some after this long. */
        record Full(Duration after) implements Turn {}
    }

    /** Waits for room for one call, at most {@code waitMax}, and takes it. */
    public Turn enter(Urgency urgency, Duration waitMax) throws InterruptedException {
        var deadline = System.nanoTime() + waitMax.toNanos();
        lock.lockInterruptibly();
        try {
            if (urgency == Urgency.REAL_TIME) {
                urgentWaiting++;
            }
            try {
                return waitForRoom(urgency, deadline);
            } finally {
                if (urgency == Urgency.REAL_TIME) {
                    urgentWaiting--;
                }
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private Turn waitForRoom(Urgency urgency, long deadline) throws InterruptedException {
        while (true) {
            var wait = untilRoom(urgency);
            var yields = urgency == Urgency.BACKGROUND && urgentWaiting > 0;
            if (wait.isZero() && !yields) {
                take(urgency);
                return new Turn.Granted();
            }
            var left = deadline - System.nanoTime();
            if (left <= 0 || wait.compareTo(Duration.ofNanos(left)) > 0) {
                return new Turn.Full(wait.isZero() ? pace : wait);
            }
            var nap = yields ? left : Math.min(left, wait.toNanos());
            if (!changed.await(nap, TimeUnit.NANOSECONDS)
                    && Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private Duration untilRoom(Urgency urgency) {
        var now = clock.instant();
        var room = closedUntil.isAfter(now) ? Duration.between(now, closedUntil) : Duration.ZERO;
        if (urgency == Urgency.BACKGROUND && nextBackground.isAfter(now)) {
            room = longer(room, Duration.between(now, nextBackground));
        }
        for (var window : windows) {
            room = longer(room, window.untilFree());
            var due = lastUse.plus(window.spacing());
            if (urgency == Urgency.REAL_TIME && due.isAfter(now)) {
                room = longer(room, Duration.between(now, due));
            }
        }
        for (var calls : openCalls) {
            room = longer(room, calls.untilFree());
        }
        return room;
    }

    private void take(Urgency urgency) {
        windows.forEach(window -> window.book(Duration.ZERO));
        openCalls.forEach(OpenCalls::begin);
        var now = clock.instant();
        lastUse = now;
        if (urgency == Urgency.BACKGROUND) {
            // What was lost by waking up late is caught up, but never more than one call of it.
            var due = nextBackground.isBefore(now.minus(pace)) ? now.minus(pace) : nextBackground;
            nextBackground = due.isAfter(now) ? now.plus(pace) : due.plus(pace);
        }
    }

    /** A call that was granted was answered, or failed. To be told where a window counts {@link Counting#ON_THE_WAY}. */
    public void answered() {
        lock.lock();
        try {
            openCalls.forEach(OpenCalls::end);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The CRM asks everybody to wait. A shorter wait than the one that stands changes nothing. */
    public void close(Duration wait) {
        lock.lock();
        try {
            var until = clock.instant().plus(wait);
            if (until.isAfter(closedUntil)) {
                closedUntil = until;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Learns from what the CRM counted: calls of ours before a restart, of another node, or of somebody else count against
     * the same limit.
     *
     * @param length which window it counted
     * @param max calls it allows in the window
     * @param remaining calls it still allows now
     * @param margin calls to leave to others
     */
    public void learn(Duration length, int max, int remaining, int margin) {
        lock.lock();
        try {
            windows.stream()
                    .filter(window -> window.length().equals(length))
                    .forEach(window -> window.learn(max, remaining, margin));
        } finally {
            lock.unlock();
        }
    }

    /** How long until an urgent call has room; zero when it has. */
    public Duration untilFree() {
        lock.lock();
        try {
            return untilRoom(Urgency.REAL_TIME);
        } finally {
            lock.unlock();
        }
    }

    /** When the last call was let go. */
    Instant lastUse() {
        lock.lock();
        try {
            return lastUse;
        } finally {
            lock.unlock();
        }
    }

    /** Counts as if every call had been made just now: who was here before may have made them. */
    void assumeUsed() {
        lock.lock();
        try {
            windows.forEach(RollingWindow::fill);
            openCalls.forEach(OpenCalls::fill);
        } finally {
            lock.unlock();
        }
    }

    /** From now on this many processes share the account, this one included; each takes an equal part. */
    void share(int processes) {
        lock.lock();
        try {
            windows.forEach(window -> window.share(processes));
            openCalls.forEach(calls -> calls.share(processes));
        } finally {
            lock.unlock();
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
