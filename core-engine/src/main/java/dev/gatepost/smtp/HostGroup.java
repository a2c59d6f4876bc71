package dev.gatepost.smtp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one organisation, or one network, may be asked: sessions at once, which adapt to its answers, and addresses in a
 * minute and a day. Safe for any thread.
 */
final class HostGroup {
    /** Clean answers in a row after which one session more is tried: at the usual pace about ten seconds. */
    static final int CLEAN_TO_GROW = 20;

    /** Of the addresses of a minute and of a day, one in so many is kept for those whom somebody waits for. */
    static final int KEPT_ONE_OF = 10;

    /** Times in a row that a share of all sessions stays with one organisation while others wait for one. */
    private static final int HANDED_ON_MAX = 20;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final Duration DAY = Duration.ofDays(1);

    private final Places places;
    private final Pace pace;
    private final Pace kept;
    private final int sessionsMax;
    private final int addressesPerDay;
    private int sessions;
    private int clean;
    private int handedOn;
    private int shares;
    private Instant dayBegan = Instant.MIN;
    private int addressesToday;
    private final SharedTurns shared;

    /**
     * Nothing has been asked yet, as far as this process knows.
     *
     * @param key the group's name; the same on every node
     */
    HostGroup(String key, HostLimits limits, Provider provider, HostGroups.Common common) {
        sessions = limits.sessions();
        sessionsMax = limits.sessionsMax();
        places = new Places(sessions, common.clock());
        boolean unknown = provider.name().isEmpty();
        int perMinute = unknown ? limits.addressesPerMinute() : provider.addressesPerMinute();
        pace = new Pace(perMinute - perMinute / KEPT_ONE_OF, MINUTE);
        kept = new Pace(perMinute / KEPT_ONE_OF, MINUTE);
        addressesPerDay = unknown ? limits.addressesPerDay() : provider.addressesPerDay();
        shared = new SharedTurns(common.memory(), new Quota(key, perMinute, addressesPerDay), common.clock());
    }

    /** What all nodes together may ask. */
    SharedTurns shared() {
        return shared;
    }

    /** How long this node is to wait before it asks about one address more; empty when that is beyond {@code patience}. */
    synchronized Optional<Duration> turn(Instant now, Duration patience, Haste haste) {
        if (!now.isBefore(endOfDay())) {
            dayBegan = now;
            addressesToday = 0;
        }
        var wait = switch (haste) {
            case AWAITED -> addressesToday < addressesPerDay ? turnOfAny(now, patience) : Optional.<Duration>empty();
            case PATIENT ->
                addressesToday < addressesPerDay - addressesPerDay / KEPT_ONE_OF
                        ? pace.turn(now, patience)
                        : Optional.<Duration>empty();
        };
        addressesToday += wait.isPresent() ? 1 : 0;
        return wait;
    }

    /** One at once, if there is any; else the next of those that lists take none of. */
    private Optional<Duration> turnOfAny(Instant now, Duration patience) {
        return pace.turn(now, Duration.ZERO).or(() -> kept.turn(now, patience)).or(() -> pace.turn(now, patience));
    }

    private Instant endOfDay() {
        return dayBegan.equals(Instant.MIN) ? Instant.MIN : dayBegan.plus(DAY);
    }

    boolean enter(Deadline deadline, Haste haste) throws InterruptedException {
        return places.enter(deadline, haste);
    }

    void leave(Haste haste) {
        places.leave(haste);
    }

    /** Sessions that could begin now. */
    int spare() {
        return Math.max(0, places.free());
    }

    /**
     * Whether one who leaves hands its share of all sessions on to one who waits here: that one can use the same
     * connection, while somebody else would have to close it and open another.
     */
    synchronized boolean handsOnShare() {
        if (!places.isWaitedFor() || handedOn >= HANDED_ON_MAX) {
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
        if (places.isWaitedFor()) {
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
        return places.isWaitedFor();
    }

    /** Whether somebody waits for a session here who is awaited. */
    boolean isAwaited() {
        return places.isAwaited();
    }

    /** Whether somebody awaited is expected who would have to wait for whoever is inside. */
    boolean keepsNoneForAwaited() {
        return places.keepsNoneForAwaited();
    }

    /** Whether more sessions have begun than are allowed by now. */
    boolean isOverfull() {
        return places.free() < 0;
    }

    synchronized void answeredCleanly(int recipients) {
        clean += recipients;
        if (clean >= CLEAN_TO_GROW && sessions < sessionsMax) {
            clean = 0;
            sessions++;
            places.resize(sessions);
        }
    }

    synchronized void foundUsTooFast() {
        clean = 0;
        sessions = Math.max(1, sessions / 2);
        places.resize(sessions);
    }
}
