package dev.gatepost.smtp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What one organisation, or one network, may be asked: sessions at once, which adapt to its answers, and addresses in a
 * minute and a day. Safe for any thread.
 */
final class HostGroup {
    /** Clean answers in a row after which one session more is tried: at the usual pace about ten seconds. */
    static final int CLEAN_TO_GROW = 20;

    /** Times in a row that a share of all sessions stays with one organisation while others wait for one. */
    private static final int HANDED_ON_MAX = 20;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final Duration DAY = Duration.ofDays(1);

    private final Places places;
    private final Pace pace;
    private final int sessionsMax;
    private final int addressesPerDay;
    private int sessions;
    private int clean;
    private int handedOn;
    private int shares;
    private Instant dayBegan = Instant.MIN;
    private int addressesToday;
    private final SharedTurns shared;

    /** A semaphore that can shrink below what is taken just now. */
    private static final class Places extends Semaphore {
        private static final long serialVersionUID = 1L;

        Places(int sessions) {
            super(sessions, true);
        }

        void shrink(int by) {
            reducePermits(by);
        }
    }

    /**
     * Nothing has been asked yet, as far as this process knows.
     *
     * @param key the group's name; the same on every node
     */
    HostGroup(String key, HostLimits limits, Provider provider, HostGroups.Common common) {
        sessions = limits.sessions();
        sessionsMax = limits.sessionsMax();
        places = new Places(sessions);
        boolean unknown = provider.name().isEmpty();
        int perMinute = unknown ? limits.addressesPerMinute() : provider.addressesPerMinute();
        pace = new Pace(perMinute, MINUTE);
        addressesPerDay = unknown ? limits.addressesPerDay() : provider.addressesPerDay();
        shared = new SharedTurns(common.memory(), new Quota(key, perMinute, addressesPerDay), common.clock());
    }

    /** What all nodes together may ask. */
    SharedTurns shared() {
        return shared;
    }

    /** How long this node is to wait before it asks about one address more; empty when that is beyond {@code patience}. */
    synchronized Optional<Duration> turn(Instant now, Duration patience) {
        if (!now.isBefore(endOfDay())) {
            dayBegan = now;
            addressesToday = 0;
        }
        if (addressesToday >= addressesPerDay) {
            return Optional.empty();
        }
        var wait = pace.turn(now, patience);
        addressesToday += wait.isPresent() ? 1 : 0;
        return wait;
    }

    private Instant endOfDay() {
        return dayBegan.equals(Instant.MIN) ? Instant.MIN : dayBegan.plus(DAY);
    }

    boolean enter(Deadline deadline) throws InterruptedException {
        return places.tryAcquire(deadline.millisLeft(), TimeUnit.MILLISECONDS);
    }

    void leave() {
        places.release();
    }

    /** Sessions that could begin now. */
    int spare() {
        return Math.max(0, places.availablePermits());
    }

    /**
     * Whether one who leaves hands its share of all sessions on to one who waits here: that one can use the same
     * connection, while somebody else would have to close it and open another.
     */
    synchronized boolean handsOnShare() {
        if (!places.hasQueuedThreads() || handedOn >= HANDED_ON_MAX) {
            handedOn = 0;
            return false;
        }
        handedOn++;
        shares++;
        return true;
    }

    /** Takes a share that was handed on, if there is one. */
    synchronized boolean takesShare() {
        if (shares == 0) {
            return false;
        }
        shares--;
        return true;
    }

    /** Takes the shares back that nobody waits for any longer. */
    synchronized int withdrawnShares() {
        if (places.hasQueuedThreads()) {
            return 0;
        }
        int withdrawn = shares;
        shares = 0;
        return withdrawn;
    }

    /** Sessions at once, as things stand. */
    synchronized int sessions() {
        return sessions;
    }

    /** Whether somebody waits for a session here. */
    boolean isWaitedFor() {
        return places.hasQueuedThreads();
    }

    /** Whether more sessions have begun than are allowed by now. */
    boolean isOverfull() {
        return places.availablePermits() < 0;
    }

    synchronized void answeredCleanly(int recipients) {
        clean += recipients;
        if (clean >= CLEAN_TO_GROW && sessions < sessionsMax) {
            clean = 0;
            sessions++;
            places.release();
        }
    }

    synchronized void foundUsTooFast() {
        clean = 0;
        int half = Math.max(1, sessions / 2);
        places.shrink(sessions - half);
        sessions = half;
    }
}
