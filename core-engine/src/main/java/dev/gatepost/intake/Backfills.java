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
import dev.gatepost.intake.BackfillRows.Cursor;
import dev.gatepost.intake.BackfillRows.Draft;
import dev.gatepost.intake.BackfillRows.Origin;
import dev.gatepost.intake.Finds.Want;
import dev.gatepost.workspace.Connection;
import java.time.Duration;
import java.time.Instant;
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
    static final int PAGE = 200;
    private static final int PAGES_MAX = 50;

    private static final Duration FULL_WAIT = Duration.ofSeconds(1);
    private static final Duration END_LOOK = Duration.ofSeconds(2);
    private static final Duration FAILURE_WAIT = Duration.ofSeconds(10);
    private static final Duration CREDITS_WAIT = Duration.ofSeconds(10);

    /** Why a scheduled one waits; the words are public API. */
    private static final String NO_CREDITS = "waiting_credits";

    private static final String DAY_FULL = "day_full";

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
        return start(handle, connectionId, new Draft(scope, expected, Origin.PERSON, createdBy));
    }

    Starting start(Handle handle, String connectionId, Draft draft) {
        var known = tools.connections().byId(connectionId);
        if (known.isEmpty()) {
            return new Starting.NoConnection();
        }
        var open = BackfillRows.open(handle, connectionId, draft.origin());
        if (open.isPresent()) {
            return new Starting.Busy(open.get());
        }
        var id = tools.ids().next();
        BackfillRows.insert(handle, id, known.get(), draft, tools.clock().instant());
        return new Starting.Started(BackfillRows.find(handle, id).orElseThrow());
    }

    /** What a backfill would do; costs a few calls and no credit. Empty when there is no such connection. */
    public Optional<Estimate> estimate(String connectionId, Scope scope) {
        return tools.connections()
                .byId(connectionId)
                .map(connection ->
                        new BackfillEstimates(tools, finds).of(connection, connectors.apply(connection), scope));
    }

    /** A connection's backfills, newest first. */
    public List<Backfill> of(String connectionId, int limit) {
        return of(connectionId, "", limit);
    }

    /** Those with ids below {@code before} (empty: from the newest). */
    public List<Backfill> of(String connectionId, String before, int limit) {
        return tools.database().read(handle -> BackfillRows.page(handle, connectionId, before, limit));
    }

    /** One backfill as it stands. */
    public Optional<Backfill> find(String id) {
        return tools.database().read(handle -> BackfillRows.find(handle, id));
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
        BackfillRows.cancelAll(handle, connectionId, now);
    }

    private boolean change(String id, State from, State to, Consumer<Handle> also) {
        var now = tools.clock().instant();
        return tools.database().write(handle -> {
            var changed = BackfillRows.change(handle, id, from, to, now);
            if (changed) {
                also.accept(handle);
            }
            return changed;
        });
    }

    /** Running backfills that have something to do now. */
    List<String> due(Handle handle, Instant now) {
        return BackfillRows.due(handle, now);
    }

    /** Goes on with one. One runs in the cluster for each backfill. */
    void run(String id) {
        for (int i = 0; i < PAGES_MAX; i++) {
            var now = tools.clock().instant();
            var cursor = tools.database().read(handle -> BackfillRows.cursor(handle, id));
            if (cursor.isEmpty() || !page(cursor.get(), now)) {
                return;
            }
        }
    }

    /** One step; false when there is nothing more to do now. */
    private boolean page(Cursor cursor, Instant now) {
        var connection = tools.connections().byId(cursor.connectionId()).filter(Connection::isActive);
        if (connection.isEmpty()) {
            later(cursor, FAILURE_WAIT, "connection_not_active", now);
            return false;
        }
        if (isSwitchedOff(connection.get(), cursor)) {
            cancel(cursor.id());
            return false;
        }
        var open = tools.database().read(handle -> BackfillRows.events(handle, cursor.id()));
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
        var hold = tools.database().read(handle -> hold(handle, connection.get(), cursor, now));
        if (hold.isPresent()) {
            later(cursor, Duration.between(now, hold.get().until()), hold.get().why(), now);
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

    /** Why a scheduled one has to wait before it queues more, and until when. */
    private record Hold(Instant until, String why) {}

    private Optional<Hold> hold(Handle handle, Connection connection, Cursor cursor, Instant now) {
        return switch (cursor.origin()) {
            case PERSON -> Optional.empty();
            case SCHEDULE -> {
                var lacksCredits = BackfillRows.waitingCredits(handle, cursor.id()) > 0
                        || tools.ledger()
                                        .balance(handle, connection.workspaceId())
                                        .available()
                                <= 0;
                yield lacksCredits
                        ? Optional.of(new Hold(now.plus(CREDITS_WAIT), NO_CREDITS))
                        : ReverificationRows.fullUntil(handle, connection.id(), perDay(connection), now)
                                .map(until -> new Hold(until, DAY_FULL));
            }
        };
    }

    /** Whether it should not run any more, although nobody has cancelled it yet. */
    private static boolean isSwitchedOff(Connection connection, Cursor cursor) {
        return switch (cursor.origin()) {
            case PERSON -> false;
            case SCHEDULE -> Reverifications.afterDays(connection) == 0;
        };
    }

    /** The same by what is chosen now, since a page of the CRM may have taken its time. */
    private boolean isSwitchedOffMeanwhile(Cursor cursor) {
        return tools.connections()
                .byId(cursor.connectionId())
                .filter(now -> isSwitchedOff(now, cursor))
                .isPresent();
    }

    private static long perDay(Connection connection) {
        return ConnectionOptions.number(connection, ConnectionOptions.REVERIFY_PER_DAY);
    }

    /** How many contacts may still be queued. */
    private static long left(Handle handle, Connection connection, Cursor cursor, Instant now) {
        return switch (cursor.origin()) {
            case PERSON -> Long.MAX_VALUE;
            case SCHEDULE ->
                perDay(connection)
                        - ReverificationRows.find(handle, connection.id()).usedToday(now);
        };
    }

    /** Contacts of a page that was read before, and had been queued then as far as the day had room. */
    private static int countedBefore(Handle handle, Cursor cursor, List<Listed> contacts) {
        return switch (cursor.origin()) {
            case PERSON -> 0;
            case SCHEDULE ->
                BackfillRows.queued(
                        handle, cursor, contacts.stream().map(Listed::id).toList());
        };
    }

    private void took(
            Connection connection, Cursor cursor, List<Listed> contacts, String next, String listing, Instant now) {
        var search = new Finds.Search(
                want(cursor.scope(), cursor.createdAt()),
                Occasion.backfill(cursor.id()),
                contact -> "backfill|" + cursor.id() + "|" + contact.id());
        tools.database().write(handle -> {
            if (!BackfillRows.move(handle, cursor, cursor.at(), cursor.listing(), now)
                    || isSwitchedOffMeanwhile(cursor)) {
                return false; // paused, cancelled or switched off meanwhile, or another process was quicker
            }
            var before = countedBefore(handle, cursor, contacts);
            var taken = finds.take(handle, connection, contacts, search, left(handle, connection, cursor, now), now);
            BackfillRows.count(handle, cursor.id(), taken.without(before));
            if (cursor.origin() == Origin.SCHEDULE) {
                ReverificationRows.use(handle, connection.id(), taken.queued(), now);
            }
            // A page of which the day had no room for all is read again on the next.
            return !taken.isWhole() || BackfillRows.move(handle, cursor, next, listing, now);
        });
    }

    private void later(Cursor cursor, Duration wait, String why, Instant now) {
        tools.database().write(handle -> BackfillRows.later(handle, cursor.id(), now.plus(wait), why));
    }

    private void end(Cursor cursor, State state, String why, Instant now) {
        tools.database().write(handle -> BackfillRows.end(handle, cursor.id(), state, why, now));
        LOG.info("backfill ended id={} state={}", cursor.id(), state.word());
    }

    /** @param began when the backfill was started; what is verified since then is not old */
    static Want want(Scope scope, Instant began) {
        return switch (scope) {
            case Scope.All _, Scope.ListMembers _ -> new Want.Everything();
            case Scope.Unchecked _ -> new Want.Unchecked();
            case Scope.Older(var days) -> new Want.CheckedBefore(began.minus(Duration.ofDays(days)));
        };
    }
}
