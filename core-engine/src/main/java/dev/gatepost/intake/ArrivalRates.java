package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How many events each connection sent lately, counted over a rolling window on this node, so that one busy account cannot
 * take everybody's place (reliability I5). Remembers who was turned away, since not every sender comes back. Safe for any
 * thread.
 */
final class ArrivalRates {
    /** Long enough for the bursts that an import in a CRM sets off. */
    static final Duration WINDOW = Duration.ofSeconds(10);

    /** Arrivals are counted by such stretches of time; they leave the window together. */
    private static final Duration GRAIN = Duration.ofMillis(100);

    private static final long GRAINS = WINDOW.dividedBy(GRAIN);

    /** While a flood lasts, what it makes us miss is looked for no more often than this. */
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Map<String, Window> windows = new HashMap<>();
    private final Set<String> turnedAway = new HashSet<>();
    private final Map<String, Instant> lookedAt = new HashMap<>();
    private final Map<String, Long> refusals = new HashMap<>();

    ArrivalRates(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Events of one connection that one delivery brings.
     *
     * @param count 1 or more
     * @param perSecond events it may bring in a second, on average over {@link #WINDOW}
     */
    record Load(String connectionId, int count, long perSecond) {}

    /**
     * Counts a delivery, unless one of its connections is above its rate: then nothing of it is counted, and the wait is
     * told after which there is room. What is more than a whole window's worth passes when nothing came before it, for
     * it would never fit.
     */
    synchronized Optional<Duration> admit(List<Load> loads) {
        var now = clock.instant();
        var wait = Duration.ZERO;
        for (var load : loads) {
            var window = windows.computeIfAbsent(load.connectionId(), _ -> new Window());
            var room = window.untilRoom(load.count(), load.perSecond() * WINDOW.toSeconds(), now);
            if (!room.isZero()) {
                wait = room.compareTo(wait) > 0 ? room : wait;
            }
        }
        if (wait.isZero()) {
            loads.forEach(
                    load -> requireNonNull(windows.get(load.connectionId())).add(load.count(), now));
            return Optional.empty();
        }
        loads.forEach(load -> {
            turnedAway.add(load.connectionId());
            refusals.merge(load.connectionId(), 1L, Long::sum);
        });
        return Optional.of(wait);
    }

    /** Deliveries of a connection that were turned away since this process began. */
    synchronized long refusals(String connectionId) {
        return refusals.getOrDefault(connectionId, 0L);
    }

    /** Connections that were turned away since they were last named here; each is named once in {@link #LOOK_EVERY}. */
    synchronized List<String> missed() {
        var now = clock.instant();
        var named = new ArrayList<String>();
        for (var id : List.copyOf(turnedAway)) {
            var last = lookedAt.get(id);
            if (last == null || !now.isBefore(last.plus(LOOK_EVERY)) || now.isBefore(last)) {
                turnedAway.remove(id);
                lookedAt.put(id, now);
                named.add(id);
            }
        }
        return named;
    }

    /** What came in the last {@link #WINDOW}. */
    private static final class Window {
        private final ArrayDeque<Grain> grains = new ArrayDeque<>();
        private long sum;

        /** @param number of the stretch of time, counted from 1970 */
        private record Grain(long number, long count) {}

        Duration untilRoom(int count, long most, Instant now) {
            forget(now);
            var left = sum;
            for (var grain : grains) {
                if (left + count <= most) {
                    break;
                }
                left -= grain.count();
                if (left + count <= most || left == 0) {
                    return Duration.between(
                            now, Instant.ofEpochMilli((grain.number() + GRAINS + 1) * GRAIN.toMillis()));
                }
            }
            return Duration.ZERO;
        }

        void add(int count, Instant now) {
            var number = number(now);
            var newest = grains.peekLast();
            if (newest != null && newest.number() == number) {
                grains.removeLast();
                grains.addLast(new Grain(number, newest.count() + count));
            } else {
                grains.addLast(new Grain(number, count));
            }
            sum += count;
        }

        /** Also what a clock counted that has been set back since. */
        private void forget(Instant now) {
            var number = number(now);
            if (!grains.isEmpty() && grains.getLast().number() > number) {
                grains.clear();
                sum = 0;
            }
            while (!grains.isEmpty() && grains.getFirst().number() < number - GRAINS) {
                sum -= grains.removeFirst().count();
            }
        }

        private static long number(Instant at) {
            return at.toEpochMilli() / GRAIN.toMillis();
        }
    }
}
