package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Connector;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Listing.Listed;
import dev.gatepost.connector.Urgency;
import dev.gatepost.egress.RetryPlan;
import dev.gatepost.intake.Backfill.Estimate;
import dev.gatepost.intake.Backfill.Scope;
import dev.gatepost.intake.Backfill.State;
import dev.gatepost.intake.Finds.Want;
import dev.gatepost.workspace.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works through contacts that exist already. Pages through the CRM by its cursor, which is stored with what the page
 * brought, so that a restart goes on in the middle. Its events take the background lane and never stand in the way of a
 * contact that has just come. Safe for any thread.
 */
public final class Backfills {
    private static final int PAGE = 200;
    private static final int PAGES_MAX = 50;

    /** Pages an estimate looks at; a few hundred contacts tell a share within some per cent. */
    private static final int SAMPLE_PAGES = 3;

    /** Contacts a minute, of which the estimate's time is made: what one CRM account usually allows. */
    private static final long CONTACTS_A_MINUTE = 240;

    private static final Duration FULL_WAIT = Duration.ofSeconds(1);
    private static final Duration END_LOOK = Duration.ofSeconds(2);
    private static final Duration FAILURE_WAIT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Backfills.class);

    private final DrainTools tools;
    private final Finds finds;
    private final Function<Connection, Connector> connectors;

    Backfills(DrainTools tools, Finds finds, Function<Connection, Connector> connectors) {
        this.tools = requireNonNull(tools, "tools");
        this.finds = requireNonNull(finds, "finds");
        this.connectors = requireNonNull(connectors, "connectors");
    }

    /** What became of a wish to start one. */
    public sealed interface Starting {
        record Started(Backfill backfill) implements Starting {}

        /** One backfill runs or is paused for this connection already. */
        record Busy(Backfill other) implements Starting {}

        record NoConnection() implements Starting {}
    }

    /** Starts a backfill. A connection has one at a time. */
    public Starting start(String connectionId, Scope scope, String createdBy) {
        var expected = expected(connectionId, scope);
        return tools.database().write(handle -> start(handle, connectionId, scope, expected, createdBy));
    }

    /** How many contacts the CRM counts; -1 when it cannot tell. Costs a call. */
    public long expected(String connectionId, Scope scope) {
        return tools.connections()
                .byId(connectionId)
                .map(known -> connectors.apply(known).count(scope.selection()) instanceof Counted.Contacts(var count)
                        ? count
                        : -1L)
                .orElse(-1L);
    }

    /** Starts one in the caller's transaction. */
    public Starting start(Handle handle, String connectionId, Scope scope, long expected, String createdBy) {
        var known = tools.connections().byId(connectionId);
        if (known.isEmpty()) {
            return new Starting.NoConnection();
        }
        var id = tools.ids().next();
        var now = tools.clock().instant();
        var open = handle.createQuery("""
                            select id from backfill where connection_id = :connection and state in ('running', 'paused')
                            """)
                .bind("connection", connectionId)
                .mapTo(String.class)
                .findFirst();
        if (open.isPresent()) {
            return new Starting.Busy(find(handle, open.get()).orElseThrow());
        }
        handle.createUpdate("""
                            insert into backfill (id, workspace_id, connection_id, source, list, age_days, state, reason,
                                cursor, listing, expected, listed, queued, known, without_email, failures, next_at,
                                created_at, created_by, updated_at)
                            values (:id, :workspace, :connection, :source, :list, :days, 'running', '',
                                '', 'open', :expected, 0, 0, 0, 0, 0, :now, :now, :by, :now)
                            """)
                .bind("id", id)
                .bind("workspace", known.get().workspaceId())
                .bind("connection", connectionId)
                .bind("source", scope.word())
                .bind("list", scope instanceof Scope.ListMembers(var list) ? list : "")
                .bind("days", scope instanceof Scope.Older(var days) ? days : 0)
                .bind("expected", expected)
                .bind("now", now.toEpochMilli())
                .bind("by", createdBy)
                .execute();
        return new Starting.Started(find(handle, id).orElseThrow());
    }

    /** What a backfill would do; costs a few calls and no credit. Empty when there is no such connection. */
    public Optional<Estimate> estimate(String connectionId, Scope scope) {
        return tools.connections().byId(connectionId).map(connection -> estimate(connection, scope));
    }

    private Estimate estimate(Connection connection, Scope scope) {
        var connector = connectors.apply(connection);
        var total = connector.count(scope.selection()) instanceof Counted.Contacts(var count) ? count : -1;
        var sample = new ArrayList<Listed>();
        var cursor = "";
        var complete = false;
        for (int i = 0; i < SAMPLE_PAGES && !complete; i++) {
            switch (connector.list(scope.selection(), cursor, PAGE)) {
                case Listing.Page(var contacts, var next) -> {
                    sample.addAll(contacts);
                    cursor = next;
                }
                case Listing.Last(var contacts, var _) -> {
                    sample.addAll(contacts);
                    complete = true;
                }
                case Listing.RetryLater _, Listing.Refused _, Listing.Impossible _ -> complete = true;
            }
        }
        var now = tools.clock().instant();
        var wanted = tools.database().read(handle -> finds.wanted(handle, connection, sample, want(scope, now), now));
        var empty = sample.stream().filter(each -> each.email().isBlank()).count();
        var distinct = new HashSet<String>();
        wanted.forEach(each -> distinct.add(Candidate.normalized(each.email())));
        var scale = sample.isEmpty() || total < 0 ? 1.0 : Math.max(1.0, (double) total / sample.size());
        var known = Math.round((sample.size() - empty - wanted.size()) * scale);
        var duplicates = Math.round((wanted.size() - distinct.size()) * scale);
        var credits = Math.round(distinct.size() * scale);
        return new Estimate(
                total,
                sample.size(),
                known,
                duplicates,
                Math.round(empty * scale),
                credits,
                (Math.round(wanted.size() * scale) + CONTACTS_A_MINUTE - 1) / CONTACTS_A_MINUTE);
    }

    /** A connection's backfills, newest first. */
    public List<Backfill> of(String connectionId, int limit) {
        return of(connectionId, "", limit);
    }

    /** Those with ids below {@code before} (empty: from the newest). */
    public List<Backfill> of(String connectionId, String before, int limit) {
        return tools.database()
                .read(handle -> handle
                        .createQuery(
                                "select id from backfill where connection_id = :connection and (:before = '' or id < :before)"
                                        + " order by id desc limit :limit")
                        .bind("before", before)
                        .bind("connection", connectionId)
                        .bind("limit", limit)
                        .mapTo(String.class)
                        .list()
                        .stream()
                        .flatMap(id -> find(handle, id).stream())
                        .toList());
    }

    /** One backfill as it stands. */
    public Optional<Backfill> find(String id) {
        return tools.database().read(handle -> find(handle, id));
    }

    /** Stops listing, and working on what is queued; what is being verified right now ends. False when it does not run. */
    public boolean pause(String id) {
        return change(
                id,
                State.RUNNING,
                State.PAUSED,
                handle -> handle.createUpdate("""
                        update event set due_at = null
                        where backfill_id = :id and state in ('received', 'waiting_credits')
                        """).bind("id", id).execute());
    }

    /** Goes on where it was paused. False when it is not paused. */
    public boolean resume(String id) {
        var now = tools.clock().instant();
        return change(
                id,
                State.PAUSED,
                State.RUNNING,
                handle -> handle.createUpdate("""
                        update event set due_at = :now
                        where backfill_id = :id and state in ('received', 'waiting_credits')
                        """)
                        .bind("now", now.toEpochMilli())
                        .bind("id", id)
                        .execute());
    }

    /** Ends it; what is queued ends too, what is being verified right now is still written. False when it has ended. */
    public boolean cancel(String id) {
        Consumer<Handle> drop =
                handle -> handle.createUpdate("""
                        update event set state = 'ignored', reason = 'cancelled', due_at = null
                        where backfill_id = :id and state in ('received', 'waiting_credits') and starts = 0
                        """).bind("id", id).execute();
        return change(id, State.RUNNING, State.CANCELLED, drop) || change(id, State.PAUSED, State.CANCELLED, drop);
    }

    /** Ends all of a connection, as {@link #cancel} does. */
    static void cancelAllOf(Handle handle, String connectionId, Instant now) {
        handle.createUpdate("""
                        update event set state = 'ignored', reason = 'cancelled', due_at = null
                        where backfill_id in (select id from backfill
                                where connection_id = :connection and state in ('running', 'paused'))
                            and state in ('received', 'waiting_credits') and starts = 0
                        """).bind("connection", connectionId).execute();
        handle.createUpdate("""
                        update backfill set state = 'cancelled', next_at = :now, updated_at = :now, ended_at = :now
                        where connection_id = :connection and state in ('running', 'paused')
                        """)
                .bind("connection", connectionId)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    private boolean change(String id, State from, State to, Consumer<Handle> also) {
        var now = tools.clock().instant();
        return tools.database().write(handle -> {
            var changed = handle.createUpdate("""
                            update backfill set state = :to, next_at = :now, updated_at = :now,
                                ended_at = case when :to = 'cancelled' then :now else ended_at end
                            where id = :id and state = :from
                            """)
                    .bind("to", to.word())
                    .bind("from", from.word())
                    .bind("now", now.toEpochMilli())
                    .bind("id", id)
                    .execute();
            if (changed > 0) {
                also.accept(handle);
            }
            return changed > 0;
        });
    }

    /** Running backfills that have something to do now. */
    List<String> due(Handle handle, Instant now) {
        return handle.createQuery("select id from backfill where state = 'running' and next_at <= :now")
                .bind("now", now.toEpochMilli())
                .mapTo(String.class)
                .list();
    }

    /** Goes on with one. One runs in the cluster for each backfill. */
    void run(String id) {
        for (int i = 0; i < PAGES_MAX; i++) {
            var now = tools.clock().instant();
            var cursor = tools.database().read(handle -> cursor(handle, id));
            if (cursor.isEmpty() || !page(cursor.get(), now)) {
                return;
            }
        }
    }

    private record Cursor(
            String id, String connectionId, Scope scope, String at, String listing, int failures, Instant createdAt) {}

    private static Optional<Cursor> cursor(Handle handle, String id) {
        return handle.createQuery("select * from backfill where id = :id and state = 'running'")
                .bind("id", id)
                .map((row, _) -> new Cursor(
                        id,
                        row.getString("connection_id"),
                        scope(row),
                        row.getString("cursor"),
                        row.getString("listing"),
                        row.getInt("failures"),
                        Instant.ofEpochMilli(row.getLong("created_at"))))
                .findOne();
    }

    /** One step; false when there is nothing more to do now. */
    private boolean page(Cursor cursor, Instant now) {
        var connection = tools.connections().byId(cursor.connectionId()).filter(Connection::isActive);
        if (connection.isEmpty()) {
            later(cursor, FAILURE_WAIT, "connection_not_active", now);
            return false;
        }
        var open = tools.database().read(handle -> open(handle, cursor.id()));
        if (cursor.listing().equals("ended")) {
            if (open == 0) {
                end(cursor, State.DONE, "", now);
            } else {
                later(cursor, END_LOOK, "", now);
            }
            return false;
        }
        if (open >= Reconciliations.WAITING_MAX) {
            later(cursor, FULL_WAIT, "", now);
            return false;
        }
        var connector = connectors.apply(connection.get());
        return switch (connector.list(cursor.scope().selection(), cursor.at(), PAGE)) {
            case Listing.Page(var contacts, var next) -> {
                took(connection.get(), cursor, contacts, next, "open", now);
                yield true;
            }
            case Listing.Last(var contacts, var _) -> {
                took(connection.get(), cursor, contacts, cursor.at(), "ended", now);
                yield false;
            }
            case Listing.RetryLater(var after, var why) -> {
                later(cursor, RetryPlan.free(after.isZero() ? FAILURE_WAIT : after), why, now);
                yield false;
            }
            case Listing.Refused(var refusal, var why) -> {
                new Telling(tools, Urgency.BACKGROUND, connection.get(), connector).refused(refusal, why);
                later(cursor, FAILURE_WAIT, why, now);
                yield false;
            }
            case Listing.Impossible(var why) -> {
                end(cursor, State.FAILED, why, now);
                yield false;
            }
        };
    }

    private void took(
            Connection connection, Cursor cursor, List<Listed> contacts, String next, String listing, Instant now) {
        tools.database().write(handle -> {
            var moved = handle.createUpdate("""
                            update backfill set cursor = :next, listing = :listing, failures = 0, reason = '',
                                next_at = :now, updated_at = :now
                            where id = :id and state = 'running' and cursor = :from and listing = 'open'
                            """)
                    .bind("next", next)
                    .bind("listing", listing)
                    .bind("now", now.toEpochMilli())
                    .bind("id", cursor.id())
                    .bind("from", cursor.at())
                    .execute();
            if (moved == 0) {
                return false; // paused or cancelled meanwhile, or another process was quicker
            }
            var taken = finds.take(
                    handle,
                    connection,
                    contacts,
                    want(cursor.scope(), cursor.createdAt()),
                    Occasion.backfill(cursor.id()),
                    contact -> "backfill|" + cursor.id() + "|" + contact.id(),
                    now);
            handle.createUpdate("""
                            update backfill set listed = listed + :listed, queued = queued + :queued,
                                known = known + :known, without_email = without_email + :empty
                            where id = :id
                            """)
                    .bind("listed", contacts.size())
                    .bind("queued", taken.queued())
                    .bind("known", taken.known())
                    .bind("empty", taken.withoutEmail())
                    .bind("id", cursor.id())
                    .execute();
            return true;
        });
    }

    private void later(Cursor cursor, Duration wait, String why, Instant now) {
        tools.database()
                .write(handle -> handle.createUpdate(
                                "update backfill set next_at = :next, reason = :why where id = :id")
                        .bind("next", now.plus(wait).toEpochMilli())
                        .bind("why", why)
                        .bind("id", cursor.id())
                        .execute());
    }

    private void end(Cursor cursor, State state, String why, Instant now) {
        tools.database()
                .write(handle -> handle.createUpdate("""
                        update backfill set state = :state, reason = :why, ended_at = :now, updated_at = :now
                        where id = :id and state = 'running'
                        """)
                        .bind("state", state.word())
                        .bind("why", why)
                        .bind("now", now.toEpochMilli())
                        .bind("id", cursor.id())
                        .execute());
        LOG.info("backfill ended id={} state={}", cursor.id(), state.word());
    }

    /** @param began when the backfill was started; what is verified since then is not old */
    private static Want want(Scope scope, Instant began) {
        return switch (scope) {
            case Scope.All _, Scope.ListMembers _ -> new Want.Everything();
            case Scope.Unchecked _ -> new Want.Unchecked();
            case Scope.Older(var days) -> new Want.CheckedBefore(began.minus(Duration.ofDays(days)));
        };
    }

    private static long open(Handle handle, String id) {
        return count(handle, id, "('received', 'waiting_credits', 'decided')");
    }

    private static long count(Handle handle, String id, String states) {
        return handle.createQuery(
                        "select count(*) from event where backfill_id = :id and backfill_id <> '' and state in "
                                + states)
                .bind("id", id)
                .mapTo(Long.class)
                .one();
    }

    private static Scope scope(ResultSet row) throws SQLException {
        return Scope.of(row.getString("source"), row.getString("list"), row.getInt("age_days"));
    }

    private static Optional<Backfill> find(Handle handle, String id) {
        return handle.createQuery("select * from backfill where id = :id")
                .bind("id", id)
                .map((row, _) -> {
                    var ended = row.getLong("ended_at");
                    return new Backfill(
                            id,
                            row.getString("workspace_id"),
                            row.getString("connection_id"),
                            scope(row),
                            State.of(row.getString("state")),
                            row.getString("reason"),
                            row.getLong("expected"),
                            row.getLong("listed"),
                            row.getLong("queued"),
                            row.getLong("known"),
                            row.getLong("without_email"),
                            open(handle, id),
                            count(handle, id, "('waiting_credits')"),
                            count(handle, id, "('dead')"),
                            Instant.ofEpochMilli(row.getLong("created_at")),
                            row.getString("created_by"),
                            ended == 0 ? null : Instant.ofEpochMilli(ended));
                })
                .findOne();
    }
}
