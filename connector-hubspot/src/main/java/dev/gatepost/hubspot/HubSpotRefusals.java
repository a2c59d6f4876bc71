package dev.gatepost.hubspot;

import java.time.Duration;
import java.time.Instant;

/**
 * How a portal takes what we write, where rules of its admins refuse contacts: how many errors finding them may still cost,
 * and, while next to nothing gets through, when the next batch tries. Safe for any thread.
 */
final class HubSpotRefusals {
    /** Errors a day that finding refused contacts may cost whatever the day's share of errors: small portals make few calls. */
    static final int QUICK_MAX = 20;
    /** Wait before the next try of a portal that refuses what we write; doubled with each that fails too. */
    static final Duration TRIAL_WAIT = Duration.ofMinutes(1);
    /** Longest such wait: admins who change a rule see it obeyed within it. */
    static final Duration TRIAL_WAIT_MAX = Duration.ofHours(1);

    private static final Duration DAY = Duration.ofDays(1);
    private static final int DOUBLINGS_MAX = 10; // beyond it any wait is the longest

    private int spent;
    private Instant spentSince = Instant.EPOCH;
    private int trialsFailed;
    private Instant nextTrial = Instant.EPOCH;

    /** A batch was refused as a whole. */
    synchronized void note(Instant now) {
        renew(now);
        spent++;
    }

    /** Whether so many refusals more are within what any portal may cost in a day. */
    synchronized boolean hasRoomFor(int more, Instant now) {
        renew(now);
        return spent + more <= QUICK_MAX;
    }

    private void renew(Instant now) {
        if (!now.isBefore(spentSince.plus(DAY))) {
            spent = 0;
            spentSince = now;
        }
    }

    /** Next to nothing got through: everybody waits until the next try. */
    synchronized void failed(Instant now) {
        var doubled = TRIAL_WAIT.multipliedBy(1L << Math.min(trialsFailed, DOUBLINGS_MAX));
        trialsFailed++;
        nextTrial = now.plus(doubled.compareTo(TRIAL_WAIT_MAX) > 0 ? TRIAL_WAIT_MAX : doubled);
    }

    /** The portal takes what we write. */
    synchronized void passed() {
        trialsFailed = 0;
        nextTrial = Instant.EPOCH;
    }

    /** How long until a batch may be written; zero when it may now. */
    synchronized Duration untilTrial(Instant now) {
        return now.isBefore(nextTrial) ? Duration.between(now, nextTrial) : Duration.ZERO;
    }
}
