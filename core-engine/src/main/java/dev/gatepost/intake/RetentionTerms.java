package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long things are kept (reliability L3).
 *
 * @param bodies webhook calls as received, counted from the end of their events
 * @param dedupeKeys events that have ended, by which a repetition is known; longer than any CRM repeats
 * @param results verifications, the usage log, ended backfills and events that were given up
 * @param audit the audit log, 400 days or more
 */
public record RetentionTerms(Duration bodies, Duration dedupeKeys, Duration results, Duration audit) {
    /** What is kept when nothing else is configured. */
    public static final RetentionTerms USUAL =
            new RetentionTerms(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(365), Duration.ofDays(400));

    /** Days of the longest retry window of a CRM (HubSpot's workflow actions: three days) and seven more. */
    public static final int DEDUPE_DAYS_MIN = 10;

    /** Triggers in the database hold the audit log to it. */
    public static final int AUDIT_DAYS_MIN = 400;

    public RetentionTerms {
        requireNonNull(bodies, "bodies");
        requireNonNull(dedupeKeys, "dedupeKeys");
        requireNonNull(results, "results");
        requireNonNull(audit, "audit");
    }
}
