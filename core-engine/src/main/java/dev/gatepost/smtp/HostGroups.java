package dev.gatepost.smtp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits what is asked of one organisation: hosts of one provider or registrable domain, and hosts in one network, count
 * as one (reliability: M3). Safe for any thread.
 */
final class HostGroups implements AutoCloseable {
    /** Octets of an IPv4 /24 and an IPv6 /64. */
    private static final int NETWORK_BYTES_V4 = 3;

    private static final int NETWORK_BYTES_V6 = 8;

    /** The longest that anything is counted for. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final int GROUPS_MAX = 100_000;

    /** Times in all that a place goes on to others of its domain while others wait for one. */
    private static final int HANDED_ON_MAX = 20;

    private final HostLimits limits;
    private final Common common;
    private final InstantSource clock;
    private final Places inAll;
    private final Cache<String, HostGroup> groups;

    /** Parts of the total that stay with a group until its next one takes them. */
    private final AtomicInteger handedOn = new AtomicInteger();

    /** What all groups need. */
    record Common(SharedMemory memory, InstantSource clock) {}

    HostGroups(HostLimits limits, SharedMemory memory, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
        common = new Common(memory, clock);
        inAll = new Places(limits.sessionsInAll(), clock);
        groups = Caffeine.newBuilder()
                .expireAfterAccess(KEPT)
                .maximumSize(GROUPS_MAX)
                .ticker(() -> clock.millis() * 1_000_000)
                .build();
    }

    /** The right to one session; close gives it back. */
    static final class Place implements AutoCloseable {
        private final List<HostGroup> held;
        private final Haste haste;
        private final Runnable leaving;
        private int handedOn;

        private Place(List<HostGroup> held, Haste haste, Runnable leaving) {
            this.held = List.copyOf(held);
            this.haste = haste;
            this.leaving = leaving;
        }

        /** A share in a place that somebody else gives back. */
        Place shared() {
            return new Place(held, haste, () -> {});
        }

        /** Whom it is for. */
        Haste haste() {
            return haste;
        }

        /** Whether somebody awaited is expected who would have to wait for this one. */
        boolean isExpectedBySomebodyAwaited() {
            return held.stream().anyMatch(HostGroup::keepsNoneForAwaited);
        }

        /** Further sessions that could begin now towards the same organisation. */
        int spare() {
            return held.stream().mapToInt(HostGroup::spare).min().orElse(0);
        }

        /** The organisation's hosts spoke about so many recipients as they should. */
        void answeredCleanly(int recipients) {
            held.forEach(group -> group.answeredCleanly(recipients));
        }

        void foundUsTooFast() {
            held.forEach(HostGroup::foundUsTooFast);
        }

        @Override
        public void close() {
            leaving.run();
        }
    }

    /**
     * Waits for a turn and a place to ask the host about one address; empty when there is none by the deadline.
     *
     * @throws InterruptedException when the thread is told to stop
     */
    Optional<Place> enter(Target target, Deadline deadline, Haste haste) throws InterruptedException {
        return awaitTurn(target, deadline, haste) ? awaitPlace(target, deadline, haste) : Optional.empty();
    }

    /**
     * Waits until one address more may be asked about; false when that is not so by the deadline.
     *
     * @throws InterruptedException when the thread is told to stop
     */
    boolean awaitTurn(Target target, Deadline deadline, Haste haste) throws InterruptedException {
        return waitForTurn(both(target), deadline, haste);
    }

    /**
     * Waits for a place by somebody whose turn it is; empty when there is none by the deadline.
     *
     * @throws InterruptedException when the thread is told to stop
     */
    Optional<Place> awaitPlace(Target target, Deadline deadline, Haste haste) throws InterruptedException {
        return enter(both(target), deadline, haste);
    }

    /**
     * Whether the place may go to another probe of the same domain and haste rather than to the one who waits longest: not
     * when too many talk to the host already, nor too often in a row while others wait, nor past somebody awaited.
     */
    boolean mayHandOn(Place place) {
        boolean othersWait = inAll.isWaitedFor() || place.held.stream().anyMatch(HostGroup::isWaitedFor);
        boolean awaitedWait = inAll.isAwaited() || place.held.stream().anyMatch(HostGroup::isAwaited);
        place.handedOn += othersWait ? 1 : 0;
        return place.handedOn <= HANDED_ON_MAX
                && (place.haste == Haste.AWAITED || !awaitedWait)
                && place.held.stream().noneMatch(HostGroup::isOverfull);
    }

    /** Whether the place allows talking to the host. */
    boolean isFor(Place place, Target target) {
        return place.held.equals(both(target));
    }

    /** Always name before network, both before all: whoever waits holds what comes before, so nobody waits in a circle. */
    private List<HostGroup> both(Target target) {
        return List.of(name(target), group("network:" + network(target.address()), target));
    }

    /** Sessions at once towards the host's organisation, as things stand. */
    int sessions(Target target) {
        return name(target).sessions();
    }

    /** Further sessions that could begin now, whoever they go to. */
    int spareInAll() {
        return Math.max(0, inAll.free() + handedOn.get());
    }

    /** Gives back what was taken of the limits of all nodes together and not used. */
    @Override
    public void close() {
        var unused = new HashMap<Quota, Integer>();
        for (var group : groups.asMap().values()) {
            int left = group.shared().drain();
            if (left > 0) {
                unused.put(group.shared().quota(), left);
            }
        }
        if (!unused.isEmpty()) {
            common.memory().giveBack(unused);
        }
    }

    private HostGroup name(Target target) {
        return group("name:" + target.group(limits.grouping()), target);
    }

    private HostGroup group(String key, Target target) {
        return groups.get(key, _ -> new HostGroup(key, limits, target.provider(), common));
    }

    private boolean waitForTurn(List<HostGroup> both, Deadline deadline, Haste haste) throws InterruptedException {
        both.forEach(group -> group.shared().prepare());
        var wait = Duration.ZERO;
        for (var group : both) {
            var turn = group.turn(clock.instant(), deadline.left(), haste);
            if (turn.isEmpty()) {
                return false;
            }
            wait = wait.compareTo(turn.get()) < 0 ? turn.get() : wait;
        }
        Thread.sleep(wait);
        for (var group : both) {
            if (!group.shared().use(deadline)) {
                return false;
            }
        }
        return true;
    }

    private Optional<Place> enter(List<HostGroup> both, Deadline deadline, Haste haste) throws InterruptedException {
        var held = new ArrayList<HostGroup>();
        boolean entered = false;
        var shareOf = haste;
        try {
            for (var group : both) {
                if (!group.enter(deadline, haste)) {
                    return Optional.empty();
                }
                held.add(group);
            }
            boolean taken = takesShare(both.getFirst());
            shareOf = taken ? Haste.PATIENT : haste; // as shares are counted
            entered = taken || inAll.enter(deadline, haste);
        } finally {
            if (!entered) {
                held.forEach(group -> group.leave(haste));
                withdrawShares(both.getFirst());
            }
        }
        var inAllAs = shareOf;
        return entered ? Optional.of(new Place(both, haste, () -> leave(both, haste, inAllAs))) : Optional.empty();
    }

    private void leave(List<HostGroup> both, Haste haste, Haste inAllAs) {
        var name = both.getFirst();
        if (!inAll.isAwaited() && name.handsOnShare()) {
            handedOn.incrementAndGet();
            inAll.goOnPatiently(inAllAs);
        } else {
            inAll.leave(inAllAs);
        }
        both.forEach(group -> group.leave(haste));
        withdrawShares(name); // whoever waited may have given up meanwhile
    }

    private boolean takesShare(HostGroup name) {
        boolean taken = name.takesShare();
        handedOn.addAndGet(taken ? -1 : 0);
        return taken;
    }

    private void withdrawShares(HostGroup name) {
        int withdrawn = name.withdrawnShares();
        handedOn.addAndGet(-withdrawn);
        for (int i = 0; i < withdrawn; i++) {
            inAll.leave(Haste.PATIENT);
        }
    }

    private String network(InetAddress address) {
        var octets = address.getAddress();
        if (limits.grouping() == HostLimits.Grouping.HOST) {
            return HexFormat.of().formatHex(octets);
        }
        int kept = octets.length == 4 ? NETWORK_BYTES_V4 : NETWORK_BYTES_V6;
        return HexFormat.of().formatHex(Arrays.copyOf(octets, kept));
    }
}
