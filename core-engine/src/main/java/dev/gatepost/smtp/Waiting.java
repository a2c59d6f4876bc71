package dev.gatepost.smtp;

import dev.gatepost.smtp.ProbeResult.Answered;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A probe that waits for its place, unless another probe of its domain asks on its behalf. Safe for any thread. */
final class Waiting {
    private final Probe probe;
    private State state = State.WAITS;
    private @Nullable Answered answer;

    private enum State {
        WAITS,
        /** Another probe is asking on its behalf. */
        TAKEN,
        /** It asks for itself. */
        LEADS,
        ANSWERED
    }

    Waiting(Probe probe) {
        this.probe = probe;
    }

    Probe probe() {
        return probe;
    }

    /** Whether another probe may ask on its behalf from now on. */
    synchronized boolean take() {
        boolean taken = state == State.WAITS;
        state = taken ? State.TAKEN : state;
        return taken;
    }

    /** Whether it is to ask for itself from now on. */
    synchronized boolean leads() {
        boolean leads = state == State.WAITS;
        state = leads ? State.LEADS : state;
        return leads;
    }

    /** Ends the other's asking with an answer. */
    synchronized void answered(Answered known) {
        answer = known;
        state = State.ANSWERED;
        notifyAll();
    }

    /** Ends the other's asking without an answer. */
    synchronized void leftAlone() {
        if (state == State.TAKEN) {
            state = State.WAITS;
            notifyAll();
        }
    }

    /** Waits while another asks; empty when that came to nothing. */
    synchronized Optional<Answered> awaitAnswer() throws InterruptedException {
        while (state == State.TAKEN && !probe.deadline().hasPassed()) {
            wait(Math.max(1, probe.deadline().millisLeft()));
        }
        return Optional.ofNullable(answer);
    }
}
