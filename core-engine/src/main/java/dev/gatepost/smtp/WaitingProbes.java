package dev.gatepost.smtp;

import dev.gatepost.address.Domain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits to ask the hosts of a domain; who must have its answer soonest goes first. One leads, and asks for some of the
 * others in the same group of commands: of one domain only, since some hosts take no others in one transaction. A second one
 * leads beside it only where so many wait that another connection is worth its opening. Those whom somebody waits for have
 * leaders of their own, so that they are never behind a list, nor in a group as long as one. Safe for any thread.
 */
final class WaitingProbes {
    /** Addresses waiting for each connection beyond the first: about what it answers while another one is opened. */
    static final int WAITING_FOR_ANOTHER = 32;

    /** After so long without being asked for somebody asks for itself, as far as the host may be asked at once. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    private final ConcurrentMap<Domain, Line> lines = new ConcurrentHashMap<>();
    private final Duration patience;

    /** Those of one domain; looked at and changed under the map's lock only. */
    private static final class Line {
        final Lane awaited = new Lane();
        final Lane patient = new Lane();

        Lane lane(Probe probe) {
            return switch (probe.haste()) {
                case AWAITED -> awaited;
                case PATIENT -> patient;
            };
        }

        boolean isDone() {
            return awaited.isDone() && patient.isDone();
        }
    }

    /** Those of one haste. */
    private static final class Lane {
        final TreeSet<Waiting> waiting = new TreeSet<>(Waiting.SOONEST_FIRST);
        int leaders;
        boolean oneByOne;

        int leadersMax(int sessions) {
            return Math.max(1, oneByOne ? sessions : Math.min(sessions, 1 + waiting.size() / WAITING_FOR_ANOTHER));
        }

        boolean isDone() {
            return waiting.isEmpty() && leaders == 0;
        }

        /** Calls the first; whether there is one, and a leader is wanted. */
        boolean callNext(int sessions, HostGroups.@Nullable Place handedOn) {
            return !waiting.isEmpty() && leaders < leadersMax(sessions) && call(waiting.first(), handedOn);
        }

        boolean call(Waiting one, HostGroups.@Nullable Place handedOn) {
            waiting.remove(one);
            boolean called = one.call(handedOn);
            leaders += called ? 1 : 0;
            return called;
        }

        /** Calls as many as are wanted, the first with the place; whether it went to somebody. */
        boolean callAll(int sessions, HostGroups.@Nullable Place handedOn) {
            boolean taken = callNext(sessions, handedOn);
            boolean more = taken;
            while (more) {
                more = callNext(sessions, null);
            }
            return taken;
        }
    }

    WaitingProbes() {
        this(PATIENCE);
    }

    WaitingProbes(Duration patience) {
        this.patience = patience;
    }

    /**
     * Begins to wait; {@link #leave} must follow.
     *
     * @param sessions how many may talk to the host at once, as things stand
     */
    Waiting join(Probe probe, IntSupplier sessions) {
        var joined = new Waiting(probe);
        lines.compute(domain(joined), (_, old) -> {
            var line = old == null ? new Line() : old;
            var lane = line.lane(probe);
            lane.waiting.add(joined);
            lane.callNext(sessions.getAsInt(), null);
            return line;
        });
        return joined;
    }

    /**
     * Waits until it is to ask for itself, or has its answer; false when neither came by the deadline.
     *
     * @throws InterruptedException when the thread is told to stop
     */
    boolean await(Waiting one, IntSupplier sessions) throws InterruptedException {
        while (!one.await(patience)) {
            if (one.probe().deadline().hasPassed()) {
                return false;
            }
            lines.computeIfPresent(domain(one), (_, line) -> {
                var lane = line.lane(one.probe());
                if (lane.waiting.contains(one) && lane.leaders < sessions.getAsInt()) {
                    lane.call(one, null);
                }
                return line;
            });
        }
        return true;
    }

    /** Those of the leader's kind whose answers are due soonest, at most so many; each must be answered or left alone. */
    List<Waiting> take(Probe leader, int max) {
        var taken = new ArrayList<Waiting>();
        lines.computeIfPresent(leader.address().domain(), (_, line) -> {
            var all = line.lane(leader).waiting.iterator();
            while (taken.size() < max && all.hasNext()) {
                var one = all.next();
                if (one.take()) {
                    taken.add(one);
                    all.remove();
                }
            }
            return line.isDone() ? null : line;
        });
        return taken;
    }

    /** Lets somebody who was taken ask for itself after all. */
    void leaveAlone(Waiting one) {
        lines.compute(domain(one), (_, old) -> {
            var line = old == null ? new Line() : old;
            if (one.leftAlone()) {
                line.lane(one.probe()).waiting.add(one);
            }
            return line.isDone() ? null : line;
        });
    }

    /** The domain's host takes no groups, so that every connection counts. */
    void askOneByOne(Domain domain) {
        lines.computeIfPresent(domain, (_, line) -> {
            line.awaited.oneByOne = true;
            line.patient.oneByOne = true;
            return line;
        });
    }

    /**
     * Goes, and calls the next one of its kind.
     *
     * @param place what the next one may have; empty when there is nothing to leave
     * @return the place, if nobody has it now
     */
    Optional<HostGroups.Place> leave(Waiting one, IntSupplier sessions, Optional<HostGroups.Place> place) {
        var left = new ArrayList<>(place.stream().toList());
        lines.computeIfPresent(domain(one), (_, line) -> {
            var own = line.lane(one.probe());
            boolean led = one.leave() == Waiting.State.LEADS;
            own.leaders -= led ? 1 : 0;
            own.waiting.remove(one);
            int most = sessions.getAsInt();
            if (own.callAll(most, place.orElse(null))) {
                left.clear();
            }
            return line.isDone() ? null : line;
        });
        var _ = one.leave(); // where its line had ended before
        return left.stream().findFirst();
    }

    private static Domain domain(Waiting one) {
        return one.probe().address().domain();
    }
}
