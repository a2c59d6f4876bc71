package dev.gatepost.hubspot;

import java.time.Duration;
import java.time.Instant;

/**
 * How many of a portal's answers were errors in the last day: HubSpot wants them under 5 % of an app's calls ("Usage
 * guidelines"). Starts from nothing with each process. Safe for any thread.
 */
final class HubSpotErrors {
    /** Share of errors that calls which may well be refused must not lead beyond; one percent is left for the rest. */
    static final double SHARE_MAX = 0.04;

    private static final Duration BUCKET = Duration.ofHours(1);
    private static final int BUCKETS = 24;

    private final long[] answers = new long[BUCKETS];
    private final long[] errors = new long[BUCKETS];
    private long hour;

    /** One more answer of this HTTP status. */
    synchronized void note(int status, Instant now) {
        forget(now);
        answers[index()]++;
        if (status >= 400) {
            errors[index()]++;
        }
    }

    /** Whether so many errors more, as so many answers more, would leave the day's share where it may be. */
    synchronized boolean hasRoomFor(int more, Instant now) {
        forget(now);
        return sum(errors) + more <= SHARE_MAX * (sum(answers) + more);
    }

    /** Empties the hours that are a day old; a clock that was set back counts on in the hour it was in. */
    private void forget(Instant now) {
        long current = now.getEpochSecond() / BUCKET.toSeconds();
        for (long h = Math.max(hour + 1, current - BUCKETS + 1); h <= current; h++) {
            answers[(int) Math.floorMod(h, (long) BUCKETS)] = 0;
            errors[(int) Math.floorMod(h, (long) BUCKETS)] = 0;
        }
        hour = Math.max(hour, current);
    }

    private int index() {
        return (int) Math.floorMod(hour, (long) BUCKETS);
    }

    private static long sum(long[] hours) {
        long sum = 0;
        for (long each : hours) {
            sum += each;
        }
        return sum;
    }
}
