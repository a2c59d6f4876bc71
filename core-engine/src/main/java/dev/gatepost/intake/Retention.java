package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what was kept long enough (reliability L3). Looks for it on reading connections and removes it in small units, so
 * that the writer is never held up. The ledger, claims and tombstones hold no address and stay. Safe for any thread.
 */
final class Retention {
    /** Rows of one unit: some milliseconds of the writer, with erased bytes overwritten. */
    static final int ROWS_MAX = 200;

    /** Nothing here is kept by the hour. */
    private static final Duration EVERY = Duration.ofHours(6);

    /** The first look, after start-up work is done. */
    private static final Duration FIRST = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final Database database;
    private final InstantSource clock;
    private final List<Rule> rules;
    private volatile Instant nextAt;

    Retention(Database database, RetentionTerms terms, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.clock = requireNonNull(clock, "clock");
        this.rules = rules(terms);
        this.nextAt = clock.instant().plus(FIRST);
    }

    /**
     * Which rows of a table go.
     *
     * @param id its key, which sorts by time
     * @param condition in SQL, with {@code :cutoff}
     */
    private record Rule(String table, String id, String condition, Duration kept) {}

    private static List<Rule> rules(RetentionTerms terms) {
        return List.of(
                new Rule("delivery", "id", """
                        received_at < :cutoff and not exists (
                            select 1 from event e where e.delivery_id = delivery.id
                                and (e.due_at is not null or e.state = 'held' or e.updated_at >= :cutoff))
                        """, terms.bodies()),
                // An event that tells that a stored verification was written stays with it: without it, the next change
                // of
                // the contact would be verified and charged again.
                new Rule("event", "id", """
                        due_at is null and updated_at < :cutoff and state in ('done', 'ignored', 'skipped')
                            and not (state = 'done' and reason = ''
                                and exists (select 1 from verification v where v.id = event.verification_id))
                        """, terms.dedupeKeys()),
                new Rule("verification", "id", "verified_at < :cutoff and final = 1", terms.results()),
                new Rule("event", "id", "due_at is null and updated_at < :cutoff and state = 'dead'", terms.results()),
                new Rule("usage_log", "verification_id", "at < :cutoff", terms.results()),
                new Rule("backfill", "id", "ended_at < :cutoff", terms.results()),
                new Rule("audit", "id", "at < :cutoff", terms.audit()));
    }

    /** Whether it is time to look again. */
    boolean isDue() {
        return !clock.instant().isBefore(nextAt);
    }

    /** Removes all that is too old; returns how many rows. */
    int run() {
        nextAt = clock.instant().plus(EVERY);
        var removed = 0;
        for (var rule : rules) {
            var rows = apply(rule);
            removed += rows;
            if (rows > 0) {
                LOG.info("removed what was kept long enough table={} rows={}", rule.table(), rows);
            }
        }
        return removed;
    }

    private int apply(Rule rule) {
        var cutoff = clock.instant().minus(rule.kept());
        var removed = 0;
        var page = page(rule, "", cutoff);
        while (!page.isEmpty()) {
            removed += remove(rule, page, cutoff);
            page = page.size() < ROWS_MAX ? List.of() : page(rule, page.getLast(), cutoff);
        }
        return removed;
    }

    private List<String> page(Rule rule, String after, Instant cutoff) {
        return database.read(handle -> handle.createQuery("select " + rule.id() + " from " + rule.table() + " where "
                        + rule.id() + " > :after and " + rule.id() + " < :bound and (" + rule.condition()
                        + ") order by "
                        + rule.id() + " limit :limit")
                .bind("after", after)
                .bind("bound", Ids.lowest(cutoff))
                .bind("cutoff", cutoff.toEpochMilli())
                .bind("limit", ROWS_MAX)
                .mapTo(String.class)
                .list());
    }

    /** Looks at the condition once more: meanwhile an event may have been run again. */
    private int remove(Rule rule, List<String> ids, Instant cutoff) {
        return database.<Integer>write(handle -> handle.createUpdate("delete from " + rule.table() + " where "
                        + rule.id() + " in (<ids>) and (" + rule.condition() + ")")
                .bindList("ids", ids)
                .bind("cutoff", cutoff.toEpochMilli())
                .execute());
    }
}
