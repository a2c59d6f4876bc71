package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.ConnectionHealth.Trouble;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.Deed;
import dev.gatepost.workspace.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.Handle;

/** Events that need a person, and what a person can do about them (reliability J6). Safe for any thread. */
public final class Troubles {
    /** What {@link Which} names the events that were ignored for lack of credits, which may be run again. */
    public static final String IGNORED = "ignored";

    /** Events of one page. */
    public static final int PAGE_MAX = 100;

    private final DrainTools tools;
    private final Reconciliations reconciliations;
    private final AuditLog audit;
    private final Consumer<String> wake;
    private final ToLongFunction<String> turnedAway;

    /** @param turnedAway how many deliveries of a connection were turned away for coming too fast */
    Troubles(
            DrainTools tools,
            Reconciliations reconciliations,
            AuditLog audit,
            Consumer<String> wake,
            ToLongFunction<String> turnedAway) {
        this.tools = requireNonNull(tools, "tools");
        this.reconciliations = requireNonNull(reconciliations, "reconciliations");
        this.audit = requireNonNull(audit, "audit");
        this.wake = requireNonNull(wake, "wake");
        this.turnedAway = requireNonNull(turnedAway, "turnedAway");
    }

    /**
     * Who acts.
     *
     * @param actor a person, key or command
     * @param origin network address or {@code cli}
     */
    public record By(String actor, String origin) {}

    /** How a connection does; empty when there is none. */
    public Optional<ConnectionHealth> health(String connectionId) {
        return tools.connections()
                .byId(connectionId)
                .map(connection -> tools.database().read(handle -> health(handle, connection)));
    }

    private ConnectionHealth health(Handle handle, Connection connection) {
        var id = connection.id();
        var now = tools.clock().instant();
        var progress = reconciliations.progress(handle, id);
        return new ConnectionHealth(
                id,
                connection.state(),
                connection.stateReason(),
                connection.stateSince(),
                time(handle, id, "select received_at from event where connection_id = :id order by id desc limit 1")
                        .orElse(null),
                time(handle, id, """
                        select updated_at from event where connection_id = :id and due_at is null
                            and state = 'done' and reason = '' order by updated_at desc limit 1
                        """).orElse(null),
                time(handle, id, """
                        select due_at from event where connection_id = :id and due_at is not null
                        order by due_at limit 1
                        """)
                        .filter(oldest -> oldest.isBefore(now))
                        .map(oldest -> Duration.between(oldest, now))
                        .orElse(Duration.ZERO),
                count(handle, id, "due_at is not null"),
                count(handle, id, "state = 'held'"),
                count(handle, id, "due_at is null and state = 'dead'"),
                count(handle, id, "due_at is null and state = 'ignored' and reason = 'no_credits'"),
                list(handle, id, Which.ALL, "", PAGE_MAX),
                progress.filter(at -> at.finishedAt() != null)
                        .map(Reconciliations.Progress::watermark)
                        .orElse(null),
                progress.map(Reconciliations.Progress::lastError).orElse(""),
                turnedAway.applyAsLong(id),
                Reverifications.standing(handle, connection, now));
    }

    /**
     * Which events; empty texts filter nothing.
     *
     * @param state {@code held}, {@code dead} or {@link #IGNORED}; empty is held and dead
     * @param reason the whole reason
     */
    public record Which(String state, String reason) {
        /** Every held or dead one. */
        public static final Which ALL = new Which("", "");

        public Which {
            requireNonNull(state, "state");
            requireNonNull(reason, "reason");
        }
    }

    /** Held and dead events of a connection with ids below {@code before} (empty: from the latest), the latest first. */
    public List<Trouble> list(String connectionId, String before, int limit) {
        return list(connectionId, Which.ALL, before, limit);
    }

    /** As above, some of them. */
    public List<Trouble> list(String connectionId, Which which, String before, int limit) {
        return tools.database()
                .read(handle -> list(handle, connectionId, which, before, Math.min(limit, PAGE_MAX + 1)));
    }

    private static List<Trouble> list(Handle handle, String connectionId, Which which, String before, int limit) {
        return handle.createQuery("""
                        select id, object_id, state, reason, attempts, updated_at from event
                        where connection_id = :connection and due_at is null
                            and (state in ('held', 'dead') or (state = :ignored and reason = :noCredits))
                            and (:before = '' or id < :before)
                            and (state = :state or (:state = '' and state <> :ignored)) and (:reason = '' or reason = :reason)
                        order by id desc limit :limit
                        """)
                .bind("connection", connectionId)
                .bind("ignored", IGNORED)
                .bind("noCredits", Beginning.NO_CREDITS)
                .bind("state", which.state())
                .bind("reason", which.reason())
                .bind("before", before)
                .bind("limit", limit)
                .map((row, _) -> new Trouble(
                        row.getString("id"),
                        row.getString("object_id"),
                        row.getString("state"),
                        row.getString("reason"),
                        row.getInt("attempts"),
                        Instant.ofEpochMilli(row.getLong("updated_at"))))
                .list();
    }

    /**
     * Runs these events of a connection again, those that are held, dead or were ignored for lack of credits; returns how
     * many. Audited.
     */
    public int runAgain(String connectionId, List<String> eventIds, By by) {
        var done = act(connectionId, eventIds, by, AuditAction.EVENTS_RUN_AGAIN, """
                update event set
                    state = case when exists (select 1 from verification v where v.id = event.verification_id
                        and v.final = 1 and v.email <> '') then 'decided' else 'received' end,
                    verification_id = case when exists (select 1 from verification v where v.id = event.verification_id
                        and v.final = 1 and v.email <> '') then verification_id else null end,
                    reason = 'run_again', due_at = :now, starts = 0, attempts = 0, updated_at = :now
                where id = :id and connection_id = :connection
                    and (state in ('held', 'dead') or (state = 'ignored' and reason = 'no_credits'))
                """);
        wake.accept(connectionId);
        return done;
    }

    /** Ends these events of a connection for good, those that are held or dead; returns how many. Audited. */
    public int discard(String connectionId, List<String> eventIds, By by) {
        return act(connectionId, eventIds, by, AuditAction.EVENTS_DISCARDED, """
                update event set state = 'ignored', reason = 'discarded', due_at = null, updated_at = :now
                where id = :id and connection_id = :connection and state in ('held', 'dead')
                """);
    }

    /** Runs all these again, however many; each page is a transaction of its own. */
    public int runAgain(String connectionId, Which which, By by) {
        return each(connectionId, which, ids -> runAgain(connectionId, ids, by));
    }

    /** Ends all these for good, however many; each page is a transaction of its own. */
    public int discard(String connectionId, Which which, By by) {
        return each(connectionId, which, ids -> discard(connectionId, ids, by));
    }

    /** From the latest to the first, so that an event which fails again at once is not met twice. */
    private int each(String connectionId, Which which, ToIntFunction<List<String>> act) {
        var done = 0;
        var before = "";
        while (true) {
            var page = list(connectionId, which, before, PAGE_MAX);
            if (!page.isEmpty()) {
                done += act.applyAsInt(page.stream().map(Trouble::eventId).toList());
                before = page.getLast().eventId();
            }
            if (page.size() < PAGE_MAX) {
                return done;
            }
        }
    }

    /**
     * A webhook call that was authentic, or could not be told, and that nobody could read.
     *
     * @param why what was wrong with it
     */
    public record Quarantined(String deliveryId, Instant receivedAt, String why, long octets) {}

    /**
     * The calls at a connection's webhook address that could not be read, the latest first. None where other workspaces
     * share the address: nobody can tell whose they are.
     */
    public List<Quarantined> quarantined(Connection connection, String before, int limit) {
        var hook = connection.account().hookKey();
        var isShared = tools.connections().byHook(connection.plugin(), hook).stream()
                .anyMatch(other -> !other.workspaceId().equals(connection.workspaceId()));
        return isShared
                ? List.of()
                : tools.database()
                        .read(handle -> handle.createQuery("""
                        select id, received_at, why, length(body) as octets from delivery
                        where state = 'quarantined' and plugin = :plugin and hook_key = :hook
                            and (:before = '' or id < :before)
                        order by id desc limit :limit
                        """)
                                .bind("plugin", connection.plugin())
                                .bind("hook", hook)
                                .bind("before", before)
                                .bind("limit", Math.min(limit, PAGE_MAX + 1))
                                .map((row, _) -> new Quarantined(
                                        row.getString("id"),
                                        Instant.ofEpochMilli(row.getLong("received_at")),
                                        row.getString("why"),
                                        row.getLong("octets")))
                                .list());
    }

    private int act(String connectionId, List<String> eventIds, By by, AuditAction action, String sql) {
        var connection = tools.connections().byId(connectionId);
        if (connection.isEmpty()) {
            return 0;
        }
        var now = tools.clock().instant();
        return tools.database().write(handle -> {
            var done = 0;
            for (var id : eventIds) {
                tools.events()
                        .byId(handle, id)
                        .filter(event -> event.state() == EventState.HELD && action == AuditAction.EVENTS_DISCARDED)
                        .ifPresent(event -> tools.settlement().abandon(handle, event.verificationId(), now));
                done += handle.createUpdate(sql)
                        .bind("now", now.toEpochMilli())
                        .bind("id", id)
                        .bind("connection", connectionId)
                        .execute();
            }
            audit.add(
                    handle,
                    new Deed(
                            connection.get().workspaceId(),
                            by.actor(),
                            by.origin(),
                            action.word(),
                            connectionId,
                            done + " events"));
            return done;
        });
    }

    private static Optional<Instant> time(Handle handle, String connectionId, String sql) {
        return handle.createQuery(sql)
                .bind("id", connectionId)
                .mapTo(Long.class)
                .findFirst()
                .map(Instant::ofEpochMilli);
    }

    private static long count(Handle handle, String connectionId, String condition) {
        return handle.createQuery("select count(*) from event where connection_id = :id and " + condition)
                .bind("id", connectionId)
                .mapTo(Long.class)
                .one();
    }
}
