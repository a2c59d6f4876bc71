package dev.gatepost.intake;

import dev.gatepost.intake.Backfill.Scope;
import dev.gatepost.intake.Backfill.State;
import dev.gatepost.workspace.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The statements on the table {@code backfill}. */
final class BackfillRows {
    private BackfillRows() {}

    /** Who started one. A connection has one of each at a time. */
    enum Origin {
        PERSON,
        /** The schedule by which old verifications are made anew. */
        SCHEDULE;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a backfill begins with.
     *
     * @param expected contacts the CRM counts; -1 when it cannot tell
     * @param by a person, key or command, or {@code schedule}
     */
    record Draft(Scope scope, long expected, Origin origin, String by) {}

    static void insert(Handle handle, String id, Connection connection, Draft draft, Instant now) {
        var scope = draft.scope();
        handle.createUpdate("""
                        insert into backfill (id, workspace_id, connection_id, source, list, age_days, state, reason,
                            cursor, listing, expected, listed, queued, known, without_email, failures, next_at,
                            created_at, created_by, updated_at, origin)
                        values (:id, :workspace, :connection, :source, :list, :days, 'running', '',
                            '', 'open', :expected, 0, 0, 0, 0, 0, :now, :now, :by, :now, :origin)
                        """)
                .bind("id", id)
                .bind("workspace", connection.workspaceId())
                .bind("connection", connection.id())
                .bind("source", scope.word())
                .bind("list", scope instanceof Scope.ListMembers(var list) ? list : "")
                .bind("days", scope instanceof Scope.Older(var days) ? days : 0)
                .bind("expected", draft.expected())
                .bind("now", now.toEpochMilli())
                .bind("by", draft.by())
                .bind("origin", draft.origin().word())
                .execute();
    }

    /** The connection's backfill that has not ended. */
    static Optional<Backfill> open(Handle handle, String connectionId, Origin origin) {
        return handle.createQuery("""
                        select id from backfill
                        where connection_id = :connection and origin = :origin and state in ('running', 'paused')
                        """)
                .bind("connection", connectionId)
                .bind("origin", origin.word())
                .mapTo(String.class)
                .findFirst()
                .flatMap(id -> find(handle, id));
    }

    /** Ends those of a connection that have not ended, whoever started them. */
    static void cancelAll(Handle handle, String connectionId, Instant now) {
        handle.createUpdate("""
                        update backfill set state = 'cancelled', next_at = :now, updated_at = :now, ended_at = :now
                        where connection_id = :connection and state in ('running', 'paused')
                        """)
                .bind("connection", connectionId)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    /** Connections with a backfill of the schedule that has not ended. */
    static List<String> scheduled(Handle handle) {
        return handle.createQuery("""
                        select connection_id from backfill
                        where origin = 'schedule' and state in ('running', 'paused')
                        """).mapTo(String.class).list();
    }

    /** The schedule's latest one of a connection. */
    static Optional<Backfill> latestScheduled(Handle handle, String connectionId) {
        return handle.createQuery("""
                        select id from backfill where connection_id = :connection and origin = 'schedule'
                        order by id desc limit 1
                        """)
                .bind("connection", connectionId)
                .mapTo(String.class)
                .findFirst()
                .flatMap(id -> find(handle, id));
    }

    /** A connection's backfills with ids below {@code before} (empty: from the newest), newest first. */
    static List<Backfill> page(Handle handle, String connectionId, String before, int limit) {
        return handle
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
                .toList();
    }

    static Optional<Backfill> find(Handle handle, String id) {
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
                            events(handle, id),
                            waitingCredits(handle, id),
                            count(handle, id, "('dead')"),
                            Instant.ofEpochMilli(row.getLong("created_at")),
                            row.getString("created_by"),
                            ended == 0 ? null : Instant.ofEpochMilli(ended));
                })
                .findOne();
    }

    /** Running ones that have something to do now. */
    static List<String> due(Handle handle, Instant now) {
        return handle.createQuery("select id from backfill where state = 'running' and next_at <= :now")
                .bind("now", now.toEpochMilli())
                .mapTo(String.class)
                .list();
    }

    /** Whether one of a connection lists its contacts, or will by then. */
    static boolean isListing(Handle handle, String connectionId, Instant by) {
        return handle.createQuery("""
                                select count(*) from backfill
                                where connection_id = :connection and state = 'running' and listing = 'open'
                                    and next_at <= :by
                                """)
                        .bind("connection", connectionId)
                        .bind("by", by.toEpochMilli())
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** When a running one goes on. */
    static Optional<Instant> nextAt(Handle handle, String id) {
        return handle.createQuery("select next_at from backfill where id = :id and state = 'running'")
                .bind("id", id)
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli);
    }

    /** False when it is in another state. */
    static boolean change(Handle handle, String id, State from, State to, Instant now) {
        return handle.createUpdate("""
                                update backfill set state = :to, next_at = :now, updated_at = :now,
                                    ended_at = case when :to = 'cancelled' then :now else ended_at end
                                where id = :id and state = :from
                                """)
                        .bind("to", to.word())
                        .bind("from", from.word())
                        .bind("now", now.toEpochMilli())
                        .bind("id", id)
                        .execute()
                > 0;
    }

    /**
     * How far a running one is.
     *
     * @param at the CRM's cursor; empty at the beginning
     * @param listing {@code open} or {@code ended}
     */
    record Cursor(
            String id, String connectionId, Scope scope, Origin origin, String at, String listing, Instant createdAt) {}

    static Optional<Cursor> cursor(Handle handle, String id) {
        return handle.createQuery("select * from backfill where id = :id and state = 'running'")
                .bind("id", id)
                .map((row, _) -> new Cursor(
                        id,
                        row.getString("connection_id"),
                        scope(row),
                        Origin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)),
                        row.getString("cursor"),
                        row.getString("listing"),
                        Instant.ofEpochMilli(row.getLong("created_at"))))
                .findOne();
    }

    /** False when it was paused or cancelled meanwhile, or another process was quicker. */
    static boolean move(Handle handle, Cursor from, String next, String listing, Instant now) {
        return handle.createUpdate("""
                                update backfill set cursor = :next, listing = :listing, failures = 0, reason = '',
                                    next_at = :now, updated_at = :now
                                where id = :id and state = 'running' and cursor = :from and listing = 'open'
                                """)
                        .bind("next", next)
                        .bind("listing", listing)
                        .bind("now", now.toEpochMilli())
                        .bind("id", from.id())
                        .bind("from", from.at())
                        .execute()
                > 0;
    }

    /** How many of these contacts have an event of this backfill. */
    static int queued(Handle handle, Cursor cursor, List<String> ids) {
        return ids.isEmpty()
                ? 0
                : handle.createQuery("""
                        select count(distinct object_id) from event
                        where connection_id = :connection and object_id in (<ids>) and backfill_id = :id
                        """)
                        .bind("connection", cursor.connectionId())
                        .bindList("ids", ids)
                        .bind("id", cursor.id())
                        .mapTo(Integer.class)
                        .one();
    }

    static void count(Handle handle, String id, Finds.Taken taken) {
        handle.createUpdate("""
                        update backfill set listed = listed + :listed, queued = queued + :queued,
                            known = known + :known, without_email = without_email + :empty
                        where id = :id
                        """)
                .bind("listed", taken.listed())
                .bind("queued", taken.queued())
                .bind("known", taken.known())
                .bind("empty", taken.withoutEmail())
                .bind("id", id)
                .execute();
    }

    static int later(Handle handle, String id, Instant next, String why) {
        return handle.createUpdate("update backfill set next_at = :next, reason = :why where id = :id")
                .bind("next", next.toEpochMilli())
                .bind("why", why)
                .bind("id", id)
                .execute();
    }

    static int end(Handle handle, String id, State state, String why, Instant now) {
        return handle.createUpdate("""
                        update backfill set state = :state, reason = :why, ended_at = :now, updated_at = :now
                        where id = :id and state = 'running'
                        """)
                .bind("state", state.word())
                .bind("why", why)
                .bind("now", now.toEpochMilli())
                .bind("id", id)
                .execute();
    }

    /** Its events that have not ended. */
    static long events(Handle handle, String id) {
        return count(handle, id, "('received', 'waiting_credits', 'decided')");
    }

    static long waitingCredits(Handle handle, String id) {
        return count(handle, id, "('waiting_credits')");
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
}
