package dev.gatepost.connector;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The calls one CRM account allows, shared by everything in this process that calls it, and with other processes by
 * {@link CallShares}. Counts over rolling windows, as CRMs do. Urgent calls go first, at once while half of the window is
 * free and then so far apart that room lasts; background calls are spread evenly over each window, so that room for an
 * urgent one is never further away than one call. A wait the CRM imposes holds for all. Safe for any thread.
 */
public final class CallBudget {
    private final String key;
    private final CallWindows windows;
    private final Sharing sharing;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private int urgentWaiting;
    private int waiting;
    private Share share;
    private Instant closedUntil = Instant.EPOCH;
    private Instant nextBackground = Instant.EPOCH;
    private Instant lastUse = Instant.EPOCH;
    private Instant wantedAt = Instant.EPOCH;

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

    /** How a budget comes to its share of the account. */
    @FunctionalInterface
    interface Sharing {
        /** Asks for a share where there is none yet. */
        void join(String key, CallBudget budget);
    }

    /**
     * Which part of the account's calls is ours.
     *
     * @param divisor 1 is all, 2 half, 0 none for now
     * @param until when it ends unless it is renewed
     */
    private record Share(boolean isJoined, int divisor, Instant until) {
        static final Share ALL = new Share(true, 1, Instant.MAX);
        static final Share UNASKED = new Share(false, 0, Instant.MAX);
    }

    private CallBudget(String key, CallWindows windows, Sharing sharing, Share share, InstantSource clock) {
        this.key = key;
        this.windows = windows;
        this.sharing = sharing;
        this.share = share;
        this.clock = clock;
    }

    /** All of the account's calls are ours. */
    static CallBudget alone(String key, List<Window> windows, InstantSource clock) {
        return new CallBudget(key, new CallWindows(windows, clock), (_, _) -> {}, Share.ALL, clock);
    }

    /** A share of the account's calls is ours, which is asked for before the first call. */
    static CallBudget shared(String key, List<Window> windows, Sharing sharing, InstantSource clock) {
        return new CallBudget(key, new CallWindows(windows, clock), sharing, Share.UNASKED, clock);
    }

    /**
     * Counts by these limits from now on.
     *
     * @throws IllegalArgumentException when the account's windows are others than it was made with
     */
    void limit(List<Window> limits) {
        lock.lock();
        try {
            windows.limit(limits);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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
        sharing.join(key, this);
        lock.lockInterruptibly();
        try {
            wantedAt = clock.instant();
            waiting++;
            if (urgency == Urgency.REAL_TIME) {
                urgentWaiting++;
            }
            try {
                return waitForRoom(urgency, deadline);
            } finally {
                waiting--;
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
                return new Turn.Full(wait.isZero() ? windows.pace() : wait);
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
        if (share.divisor() == 0 || now.isAfter(share.until())) {
            room = longer(room, CallShares.TICK);
        }
        if (urgency == Urgency.BACKGROUND && nextBackground.isAfter(now)) {
            room = longer(room, Duration.between(now, nextBackground));
        }
        room = longer(room, windows.untilFree());
        var due = lastUse.plus(windows.spacing());
        if (urgency == Urgency.REAL_TIME && due.isAfter(now)) {
            room = longer(room, Duration.between(now, due));
        }
        return room;
    }

    private void take(Urgency urgency) {
        windows.begin();
        var now = clock.instant();
        lastUse = now;
        if (urgency == Urgency.BACKGROUND) {
            var pace = windows.pace();
            // What was lost by waking up late is caught up, but never more than one call of it.
            var due = nextBackground.isBefore(now.minus(pace)) ? now.minus(pace) : nextBackground;
            nextBackground = due.isAfter(now) ? now.plus(pace) : due.plus(pace);
        }
    }

    /** A call that was granted was answered, or failed. To be told where a window counts {@link Counting#ON_THE_WAY}. */
    public void answered() {
        lock.lock();
        try {
            windows.end();
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
            windows.learn(length, max, remaining, margin);
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

    /** Whether a share was asked for. */
    boolean isJoined() {
        lock.lock();
        try {
            return share.isJoined();
        } finally {
            lock.unlock();
        }
    }

    /** 1 when all calls are ours, 2 when half of them are, …; 0 when none are for now. */
    int divisor() {
        lock.lock();
        try {
            return share.divisor();
        } finally {
            lock.unlock();
        }
    }

    /** This share, until then; more than before, or less. */
    void grant(int divisor, Instant until, Instant closed) {
        lock.lock();
        try {
            windows.share(divisor);
            wantedAt = share.isJoined() ? wantedAt : clock.instant();
            renewed(new Share(true, divisor, until), closed);
        } finally {
            lock.unlock();
        }
    }

    /** The same share for longer. */
    void renew(Instant until, Instant closed) {
        lock.lock();
        try {
            renewed(new Share(true, share.divisor(), until), closed);
        } finally {
            lock.unlock();
        }
    }

    private void renewed(Share next, Instant closed) {
        share = next;
        closedUntil = closed.isAfter(closedUntil) ? closed : closedUntil;
        changed.signalAll();
    }

    /** A smaller share, at once. */
    void shrink(int divisor) {
        lock.lock();
        try {
            if (share.divisor() > 0) {
                windows.share(divisor);
                share = new Share(true, divisor, share.until());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The smallest share, as a divisor, within which our calls in every window have been. */
    int kept() {
        lock.lock();
        try {
            int divisor = share.divisor();
            while (divisor > 1 && !windows.isWithin(divisor)) {
                divisor--;
            }
            return divisor;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the share up if no call was made for so long, none counts in any window, and nobody waits for one. */
    boolean leaveIfIdle(Duration idle) {
        lock.lock();
        try {
            var now = clock.instant();
            var isIdle = waiting == 0
                    && !closedUntil.isAfter(now)
                    && wantedAt.plus(idle).isBefore(now)
                    && lastUse.plus(windows.lengthMax()).isBefore(now)
                    && windows.isQuiet();
            if (isIdle) {
                share = Share.UNASKED;
            }
            return isIdle;
        } finally {
            lock.unlock();
        }
    }

    /** Makes no more calls until it has asked for a share again. */
    void leave() {
        lock.lock();
        try {
            share = Share.UNASKED;
        } finally {
            lock.unlock();
        }
    }

    /** Until when the CRM asked everybody to wait. */
    Instant closedUntil() {
        lock.lock();
        try {
            return closedUntil;
        } finally {
            lock.unlock();
        }
    }

    /** The longest window. */
    Duration lengthMax() {
        return windows.lengthMax();
    }

    /** Calls in the narrowest window. */
    int callsMin() {
        lock.lock();
        try {
            return windows.callsMin();
        } finally {
            lock.unlock();
        }
    }

    /** Counts as if every call had been made then: who was here before may have made them. */
    void assumeUsed(Instant at) {
        lock.lock();
        try {
            windows.assumeUsed(at);
        } finally {
            lock.unlock();
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
