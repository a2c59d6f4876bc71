package dev.gatepost.smtp;

import dev.gatepost.smtp.ProbeResult.Answered;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A probe that waits until it may ask, or until another probe of its domain has asked on its behalf. Safe for any thread. */
final class Waiting {
    private static final AtomicLong CAME = new AtomicLong();

    /** By deadline, and of two with the same one whoever came first. */
    static final Comparator<Waiting> SOONEST_FIRST =
            Comparator.comparing((Waiting one) -> one.probe.deadline()).thenComparingLong(one -> one.came);

    private final Probe probe;
    private final long came = CAME.getAndIncrement();
    private State state = State.WAITS;
    private boolean goesAlone;
    private @Nullable Answered answer;
    private HostGroups.@Nullable Place place;

    /** What has become of it. */
    enum State {
        WAITS,
        /** Another probe is asking on its behalf. */
        TAKEN,
        /** It asks for itself. */
        LEADS,
        ANSWERED,
        /** It has gone, with or without an answer. */
        LEFT
    }

    Waiting(Probe probe) {
        this.probe = probe;
    }

    Probe probe() {
        return probe;
    }

    /** Whether another probe may ask on its behalf from now on. */
    synchronized boolean take() {
        boolean taken = state == State.WAITS && !goesAlone && !probe.address().needsSmtputf8();
        state = taken ? State.TAKEN : state;
        return taken;
    }

    /**
     * Tells it to ask for itself.
     *
     * @param handedOn a place that somebody leaves to it; null when it must find its own
     * @return false when there is no need
     */
    synchronized boolean call(HostGroups.@Nullable Place handedOn) {
        boolean called = state == State.WAITS;
        if (called) {
            state = State.LEADS;
            place = handedOn;
            notifyAll();
        }
        return called;
    }

    /** The place that was left to it, once. */
    synchronized Optional<HostGroups.Place> claim() {
        var claimed = Optional.ofNullable(place);
        place = null;
        return claimed;
    }

    /** Ends the other's asking with an answer. */
    synchronized void answered(Answered known) {
        answer = known;
        if (state == State.TAKEN) {
            state = State.ANSWERED;
            notifyAll();
        }
    }

    /** Ends the other's asking without an answer: now it waits to ask for itself. False when it has gone meanwhile. */
    synchronized boolean leftAlone() {
        boolean waits = state == State.TAKEN;
        if (waits) {
            state = State.WAITS;
            goesAlone = true;
        }
        return waits;
    }

    /** Goes; tells what it was before. */
    synchronized State leave() {
        var before = state;
        state = State.LEFT;
        return before;
    }

    synchronized Optional<Answered> answer() {
        return Optional.ofNullable(answer);
    }

    /** Waits until it may ask or has its answer, but no longer than this; whether it came to that. */
    synchronized boolean await(Duration patience) throws InterruptedException {
        var end = probe.deadline().orIn(patience);
        while ((state == State.WAITS || state == State.TAKEN) && !end.hasPassed()) {
            wait(Math.max(1, end.millisLeft()));
        }
        return state == State.LEADS || state == State.ANSWERED;
    }
}
