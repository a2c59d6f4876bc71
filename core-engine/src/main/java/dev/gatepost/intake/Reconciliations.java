package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Listing.Listed;
import dev.gatepost.connector.Selection;
import dev.gatepost.connector.Urgency;
import dev.gatepost.egress.RetryPlan;
import dev.gatepost.workspace.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for contacts that came or changed and that no webhook told of (reliability I8): at start, after deliveries were
 * turned away, and on schedule. What it finds goes the way of every event. The table {@code reconciliation} says how far it
 * is, so that a restart goes on in the middle of a listing. Safe for any thread.
 */
final class Reconciliations {
    /** Contacts asked for at once; CRMs may give fewer. */
    private static final int PAGE = 200;

    /** Pages in one go; a longer listing goes on in the next, so that a stopping process need not wait. */
    private static final int PAGES_MAX = 50;

    /** Found contacts that may wait for work, some seconds' worth; beyond it the listing waits too. */
    static final int WAITING_MAX = 2_000;

    private static final Duration FULL_WAIT = Duration.ofSeconds(2);

    /**
     * Between two pages while a backfill lists the same account. It changes contacts all the time, which a look would list again
     * as fast, and so take half of the calls; like this it takes less than one in a hundred.
     */
    private static final Duration BESIDE_BACKFILL = Duration.ofSeconds(30);

    /** Waits after the first, second, … failure in a row; the last one stays. */
    private static final List<Duration> BACK_OFF =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15));

    private static final Finds.Search NEWS = new Finds.Search(
            new Finds.Want.Unverified(),
            Occasion.RECONCILIATION,
            contact -> "found|" + contact.id() + "|" + contact.changedAt().toEpochMilli());

    private static final Logger LOG = LoggerFactory.getLogger(Reconciliations.class);

    private final DrainTools tools;
    private final Finds finds;
    private final Function<Connection, ConnectorPlugin> plugins;
    private final Function<Connection, Connector> connectors;

    Reconciliations(
            DrainTools tools,
            Finds finds,
            Function<Connection, ConnectorPlugin> plugins,
            Function<Connection, Connector> connectors) {
        this.tools = requireNonNull(tools, "tools");
        this.finds = requireNonNull(finds, "finds");
        this.plugins = requireNonNull(plugins, "plugins");
        this.connectors = requireNonNull(connectors, "connectors");
    }

    /**
     * How far a connection was looked through.
     *
     * @param watermark all changes before it are known; the time of connecting at first
     * @param finishedAt when the last complete look ended; null before the first
     * @param nextAt when the next one is due
     */
    record Progress(
            Instant watermark,
            String bookmark,
            @Nullable Instant runSince,
            @Nullable Instant runStartedAt,
            String cursor,
            @Nullable Instant finishedAt,
            Instant nextAt,
            int failures,
            String lastError) {}

    /** Looks at every active connection as soon as possible. */
    void hurry(Handle handle, Instant now) {
        tools.connections().all().forEach(connection -> hurry(handle, connection, now));
    }

    /** Looks at this one as soon as possible, if it is active. */
    void hurry(Handle handle, Connection connection, Instant now) {
        if (connection.isActive()) {
            handle.createUpdate("""
                            insert into reconciliation (connection_id, watermark, bookmark, run_cursor, asked_at,
                                next_at, failures, last_error, listed, found)
                            values (:id, :created, '', '', :now, :now, 0, '', 0, 0)
                            on conflict (connection_id) do update set next_at = :now, asked_at = :now
                            """)
                    .bind("id", connection.id())
                    .bind("created", connection.createdAt().toEpochMilli())
                    .bind("now", now.toEpochMilli())
                    .execute();
        }
    }

    /** Active connections whose next look is due. */
    List<String> due(Handle handle, Instant now) {
        return handle
                .createQuery("select connection_id from reconciliation where next_at <= :now")
                .bind("now", now.toEpochMilli())
                .mapTo(String.class)
                .list()
                .stream()
                .filter(id -> tools.connections()
                        .byId(id)
                        .filter(Connection::isActive)
                        .isPresent())
                .toList();
    }

    Optional<Progress> progress(Handle handle, String connectionId) {
        return handle.createQuery("select * from reconciliation where connection_id = :id")
                .bind("id", connectionId)
                .map((row, _) -> new Progress(
                        Instant.ofEpochMilli(row.getLong("watermark")),
                        row.getString("bookmark"),
                        time(row.getLong("run_since")),
                        time(row.getLong("run_started_at")),
                        row.getString("run_cursor"),
                        time(row.getLong("finished_at")),
                        Instant.ofEpochMilli(row.getLong("next_at")),
                        row.getInt("failures"),
                        row.getString("last_error")))
                .findOne();
    }

    private static @Nullable Instant time(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }

    /** Looks, or goes on looking, through one connection. One runs in the cluster for each connection. */
    void run(String connectionId) {
        var known = tools.connections().byId(connectionId).filter(Connection::isActive);
        if (known.isEmpty()) {
            return;
        }
        var connection = known.get();
        for (int i = 0; i < PAGES_MAX; i++) {
            if (!page(connection)) {
                return;
            }
        }
    }

    /** One page; false when there is nothing more to do now. */
    private boolean page(Connection connection) {
        var now = tools.clock().instant();
        var progress = tools.database().read(handle -> progress(handle, connection.id()));
        if (progress.isEmpty() || progress.get().nextAt().isAfter(now)) {
            return false;
        }
        if (tools.database().read(handle -> tools.events().waiting(handle, connection.id())) >= WAITING_MAX) {
            later(connection, FULL_WAIT, now);
            return false;
        }
        var at = progress.get();
        var started = at.runStartedAt() == null ? now : at.runStartedAt();
        var since = at.runSince() == null
                ? at.watermark().minus(plugins.apply(connection).reconcileOverlap())
                : at.runSince();
        var selection = new Selection.ChangedSince(since, at.bookmark());
        return switch (connectors.apply(connection).list(selection, at.cursor(), PAGE)) {
            case Listing.Page(var contacts, var cursor) -> {
                took(connection, at, contacts, new Run(since, started, cursor), now);
                yield !standsBack(connection, now);
            }
            case Listing.Last(var contacts, var bookmark) -> {
                finished(connection, at, contacts, started, bookmark, now);
                yield false;
            }
            case Listing.RetryLater(var after, var why) -> {
                failed(connection, at, after, why, now);
                yield false;
            }
            case Listing.Impossible(var why) -> {
                failed(connection, at, BACK_OFF.getLast(), why, now);
                yield false;
            }
            case Listing.Refused(var refusal, var why) -> {
                new Telling(tools, Urgency.BACKGROUND, connection, connectors.apply(connection)).refused(refusal, why);
                failed(connection, at, BACK_OFF.getLast(), why, now);
                yield false;
            }
        };
    }

    private boolean standsBack(Connection connection, Instant now) {
        var isBeside = tools.database()
                .<Boolean>read(handle -> BackfillRows.isListing(handle, connection.id(), now.plus(BESIDE_BACKFILL)));
        if (isBeside) {
            later(connection, BESIDE_BACKFILL, now);
        }
        return isBeside;
    }

    /** A look that is under way. */
    private record Run(Instant since, Instant startedAt, String cursor) {}

    private void took(Connection connection, Progress at, List<Listed> contacts, Run run, Instant now) {
        tools.database().write(handle -> {
            var taken = take(handle, connection, contacts, now);
            return handle.createUpdate("""
                            update reconciliation set run_since = :since, run_started_at = :started,
                                run_cursor = :cursor, failures = 0, last_error = '', listed = listed + :listed,
                                found = found + :found
                            where connection_id = :id and run_cursor = :from
                            """)
                    .bind("since", run.since().toEpochMilli())
                    .bind("started", run.startedAt().toEpochMilli())
                    .bind("cursor", run.cursor())
                    .bind("listed", contacts.size())
                    .bind("found", taken.queued())
                    .bind("id", connection.id())
                    .bind("from", at.cursor())
                    .execute();
        });
    }

    private void finished(
            Connection connection, Progress at, List<Listed> contacts, Instant started, String bookmark, Instant now) {
        var every = Duration.ofMinutes(ConnectionOptions.number(
                connection, ConnectionOptions.reconcileEveryMinutes(plugins.apply(connection))));
        var found = tools.database().write(handle -> {
            var taken = take(handle, connection, contacts, now);
            handle.createUpdate("""
                            update reconciliation set watermark = :started, bookmark = :bookmark, run_since = null,
                                run_started_at = null, run_cursor = '', failures = 0, last_error = '',
                                finished_at = :now, listed = listed + :listed, found = found + :found,
                                next_at = case when asked_at > :started then :now else :next end
                            where connection_id = :id and run_cursor = :from
                            """)
                    .bind("started", started.toEpochMilli())
                    .bind("bookmark", bookmark)
                    .bind("now", now.toEpochMilli())
                    .bind("next", now.plus(every).toEpochMilli())
                    .bind("listed", contacts.size())
                    .bind("found", taken.queued())
                    .bind("id", connection.id())
                    .bind("from", at.cursor())
                    .execute();
            return taken.queued();
        });
        LOG.debug("reconciled connection={} found={}", connection.id(), found);
    }

    private Finds.Taken take(Handle handle, Connection connection, List<Listed> contacts, Instant now) {
        return finds.take(handle, connection, contacts, NEWS, Long.MAX_VALUE, now);
    }

    private void failed(Connection connection, Progress at, Duration after, String why, Instant now) {
        var own = BACK_OFF.get(Math.min(at.failures(), BACK_OFF.size() - 1));
        var wait = RetryPlan.free(after.compareTo(own) > 0 ? after : own);
        LOG.warn("reconciliation waits connection={} seconds={} why=\"{}\"", connection.id(), wait.toSeconds(), why);
        tools.database()
                .write(handle -> handle.createUpdate("""
                        update reconciliation set failures = failures + 1, last_error = :why, next_at = :next
                        where connection_id = :id
                        """)
                        .bind("why", why)
                        .bind("next", now.plus(wait).toEpochMilli())
                        .bind("id", connection.id())
                        .execute());
    }

    private void later(Connection connection, Duration wait, Instant now) {
        tools.database()
                .write(handle -> handle.createUpdate(
                                "update reconciliation set next_at = :next where connection_id = :id")
                        .bind("next", now.plus(wait).toEpochMilli())
                        .bind("id", connection.id())
                        .execute());
    }
}
