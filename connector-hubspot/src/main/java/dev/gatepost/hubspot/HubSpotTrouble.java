package dev.gatepost.hubspot;

import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A portal that answers one error after the other: the third begins a wait for all calls, which doubles with each that
 * follows, and while it lasts one call at a time tries. Every answer of that kind counts against us at HubSpot. Safe for
 * any thread.
 */
final class HubSpotTrouble {
    /** Errors in a row that are taken for chance. */
    static final int CHANCE = 2;
    /** Wait that is doubled where HubSpot names none. */
    static final Duration WAIT_MIN = Duration.ofSeconds(1);
    /** Longest wait of our own: a portal that is well again is noticed within it. */
    static final Duration WAIT_MAX = Duration.ofMinutes(15);

    private static final int DOUBLINGS_MAX = 10; // beyond it any wait is the longest

    private final ReentrantLock trying = new ReentrantLock();
    private int errors;
    private Instant until = Instant.EPOCH;
    /** What the last call was told, where it was not let in. */
    private @Nullable Denied denied;

    /** For whom the wait is that an error asks for. */
    enum Reach {
        /** The call that failed; others may well do better. */
        ONE,
        /** Every call of the portal. */
        ALL
    }

    /**
     * A call failed.
     *
     * @param asked the wait that its answer asks for, zero where it names none
     * @return how long all calls must wait now; zero when others may go on
     */
    synchronized Duration failed(Duration asked, Reach reach, Instant now) {
        denied = null;
        var forAll = reach == Reach.ALL ? asked : Duration.ZERO;
        if (!now.isBefore(until)) { // else it was on its way when the wait began
            errors++;
            forAll = longer(forAll, own(asked));
        }
        var next = now.plus(forAll);
        until = next.isAfter(until) ? next : until;
        return forAll;
    }

    /** A call was not let in: the next ones need not ask while the wait lasts, which does not hold up other credentials. */
    synchronized void denied(Denied answer, Instant now) {
        failed(Duration.ZERO, Reach.ONE, now);
        denied = answer;
    }

    /** What a call would be told now, where that is known without asking. */
    synchronized Optional<Denied> denial(Instant now) {
        return now.isBefore(until) ? Optional.ofNullable(denied) : Optional.empty();
    }

    private Duration own(Duration asked) {
        if (errors <= CHANCE) {
            return Duration.ZERO;
        }
        var first = longer(asked, WAIT_MIN);
        var doubled = first.multipliedBy(1L << Math.min(errors - CHANCE - 1, DOUBLINGS_MAX));
        return doubled.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : doubled;
    }

    /** A call went through. */
    synchronized void passed() {
        denied = null;
        errors = 0;
    }

    /** Whether calls are to be made one at a time, under {@link #trying()}. */
    synchronized boolean isOn() {
        return errors > CHANCE;
    }

    /** Held by the one call that tries. */
    ReentrantLock trying() {
        return trying;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
