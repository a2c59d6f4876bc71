package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.Urgency;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables {@code delivery} and {@code event}: what came in, and where each event stands. */
final class Events {
    /** What {@code connection_id} says for events of accounts that nobody connected; they end at once. */
    static final String NO_CONNECTION = "none";

    private final Ids ids;

    Events(Ids ids) {
        this.ids = requireNonNull(ids, "ids");
    }

    /** How a delivery was taken in. */
    enum Intake {
        STORED,
        QUARANTINED;

        String word() {
            return this == STORED ? "stored" : "quarantined";
        }
    }

    /** Stores a delivery as received; returns its id. */
    String store(Handle handle, Delivery delivery, String plugin, Intake how, String why) {
        var id = ids.next();
        handle.createUpdate("""
                        insert into delivery (id, plugin, hook_key, received_at, state, why, body)
                        values (:id, :plugin, :key, :at, :state, :why, :body)
                        """)
                .bind("id", id)
                .bind("plugin", plugin)
                .bind("key", delivery.key())
                .bind("at", delivery.receivedAt().toEpochMilli())
                .bind("state", how.word())
                .bind("why", why)
                .bind("body", delivery.body().toByteArray())
                .execute();
        return id;
    }

    /** Where an arriving event belongs and how it starts. */
    record Arrival(
            IncomingEvent event,
            String workspaceId,
            String connectionId,
            EventState state,
            String reason,
            Occasion occasion) {
        /** By webhook. */
        Arrival(IncomingEvent event, String workspaceId, String connectionId, EventState state, String reason) {
            this(event, workspaceId, connectionId, state, reason, Occasion.WEBHOOK);
        }
    }

    /** Stores the events of one delivery; a dedupe key that is there already adds nothing. Returns how many were new. */
    int store(Handle handle, String deliveryId, List<Arrival> arrivals, Instant now) {
        var batch = handle.prepareBatch("""
                insert into event (id, workspace_id, connection_id, delivery_id, dedupe_key, kind, object_id,
                    occurred_at, received_at, state, reason, due_at, starts, attempts, updated_at, lane, backfill_id,
                    email, workflow_id, callback)
                values (:id, :workspace, :connection, :delivery, :dedupe, :kind, :object,
                    :occurred, :now, :state, :reason, :due, 0, 0, :now, :lane, :backfill, :email, :workflow, :callback)
                on conflict (connection_id, dedupe_key) do nothing
                """);
        for (var arrival : arrivals) {
            var event = arrival.event();
            batch.bind("id", ids.next())
                    .bind("workspace", arrival.workspaceId())
                    .bind("connection", arrival.connectionId())
                    .bind("delivery", deliveryId)
                    .bind("dedupe", event.dedupeKey())
                    .bind("kind", event.kind().word())
                    .bind("object", event.objectId())
                    .bind("occurred", event.occurredAt().toEpochMilli())
                    .bind("now", now.toEpochMilli())
                    .bind("state", arrival.state().word())
                    .bind("reason", arrival.reason())
                    .bind("due", arrival.state() == EventState.RECEIVED ? now.toEpochMilli() : null)
                    .bind("lane", Occasion.lane(arrival.occasion().urgency()))
                    .bind("backfill", arrival.occasion().backfillId())
                    .bind("email", arrival.occasion().email())
                    .bind("workflow", arrival.occasion().workflowId())
                    .bind("callback", arrival.occasion().callback())
                    .add();
        }
        var added = 0;
        for (var count : batch.execute()) {
            added += count;
        }
        return added;
    }

    /** Has a contact's CRM told once more what a stored verification says, with nothing verified. */
    void tellAgain(Handle handle, Verifications.Row row, Instant now) {
        var id = ids.next();
        handle.createUpdate("""
                        insert into event (id, workspace_id, connection_id, delivery_id, dedupe_key, kind, object_id,
                            occurred_at, received_at, state, reason, due_at, starts, attempts, verification_id, updated_at)
                        values (:id, :workspace, :connection, '', :dedupe, :kind, :object,
                            :now, :now, :state, '', :now, 0, 0, :verification, :now)
                        """)
                .bind("id", id)
                .bind("workspace", row.workspaceId())
                .bind("connection", row.connectionId())
                .bind("dedupe", "rejudged:" + id)
                .bind("kind", IncomingEvent.Kind.CHANGED.word())
                .bind("object", row.objectId())
                .bind("now", now.toEpochMilli())
                .bind("state", EventState.DECIDED.word())
                .bind("verification", row.id())
                .execute();
    }

    /** Has a contact verified under an id that was claimed for it. */
    void askAgain(Handle handle, Connection connection, String objectId, String verificationId, Instant now) {
        handle.createUpdate("""
                        insert into event (id, workspace_id, connection_id, delivery_id, dedupe_key, kind, object_id,
                            occurred_at, received_at, state, reason, due_at, starts, attempts, verification_id, updated_at)
                        values (:id, :workspace, :connection, '', :dedupe, :kind, :object,
                            :now, :now, :state, '', :now, 0, 0, :verification, :now)
                        """)
                .bind("id", ids.next())
                .bind("workspace", connection.workspaceId())
                .bind("connection", connection.id())
                .bind("dedupe", "fresh:" + verificationId)
                .bind("kind", IncomingEvent.Kind.ASKED.word())
                .bind("object", objectId)
                .bind("now", now.toEpochMilli())
                .bind("state", EventState.RECEIVED.word())
                .bind("verification", verificationId)
                .execute();
    }

    /** Events of one lane of a connection that something is to be done about now, oldest first. */
    List<EventRow> due(Handle handle, DrainName name, Instant now, int limit) {
        return handle.createQuery("select " + EventRow.COLUMNS + """
                         from event
                        where connection_id = :connection and lane = :lane and due_at <= :now
                        order by due_at, id
                        limit :limit
                        """)
                .bind("connection", name.connectionId())
                .bind("lane", Occasion.lane(name.urgency()))
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map((row, _) -> EventRow.from(row))
                .list();
    }

    /** The drains that have something due. */
    List<DrainName> drainsDue(Handle handle, Instant now) {
        return handle.createQuery("select distinct connection_id, lane from event where due_at <= :now")
                .bind("now", now.toEpochMilli())
                .map((row, _) -> new DrainName(
                        row.getString("connection_id"),
                        row.getInt("lane") == 0 ? Urgency.REAL_TIME : Urgency.BACKGROUND))
                .list();
    }

    /** One event. */
    Optional<EventRow> byId(Handle handle, String id) {
        return handle.createQuery("select " + EventRow.COLUMNS + " from event where id = :id")
                .bind("id", id)
                .map((row, _) -> EventRow.from(row))
                .findOne();
    }

    /** Some events, in no order. */
    List<EventRow> byIds(Handle handle, List<String> ids) {
        return handle.createQuery("select " + EventRow.COLUMNS + " from event where id in (<ids>)")
                .bindList("ids", ids)
                .map((row, _) -> EventRow.from(row))
                .list();
    }

    /** The event under a dedupe key. */
    Optional<EventRow> byKey(Handle handle, String connectionId, String dedupeKey) {
        return handle.createQuery("select " + EventRow.COLUMNS + """
                         from event where connection_id = :connection and dedupe_key = :key
                        """)
                .bind("connection", connectionId)
                .bind("key", dedupeKey)
                .map((row, _) -> EventRow.from(row))
                .findOne();
    }

    /** Nobody waits for this event's reply any more. */
    void replied(Handle handle, String id) {
        handle.createUpdate("update event set callback = '' where id = :id")
                .bind("id", id)
                .execute();
    }

    /** How many events wait for work, a write-back, credits or a person. */
    long waiting(Handle handle) {
        return handle.createQuery("""
                        select (select count(*) from event where due_at is not null)
                             + (select count(*) from event where state = 'held' and due_at is null)
                        """).mapTo(Long.class).one();
    }

    /** How many background events of a connection wait to be worked on. */
    long waiting(Handle handle, String connectionId) {
        return handle.createQuery("""
                        select count(*) from event
                        where connection_id = :connection and lane = 1 and due_at is not null
                            and state in ('received', 'decided')
                        """)
                .bind("connection", connectionId)
                .mapTo(Long.class)
                .one();
    }

    /** Whether the CRM was told of this verification. */
    boolean isWritten(Handle handle, String verificationId) {
        return handle.createQuery("""
                        select count(*) from event
                        where verification_id = :verification and state = 'done' and reason = ''
                        """)
                        .bind("verification", verificationId)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** Counts one more beginning of work, before the work (reliability J3). */
    void begin(Handle handle, Collection<EventRow> events, Instant now) {
        var batch = handle.prepareBatch("update event set starts = starts + 1, updated_at = :now where id = :id");
        events.forEach(event ->
                batch.bind("now", now.toEpochMilli()).bind("id", event.id()).add());
        if (!events.isEmpty()) {
            batch.execute();
        }
    }

    /**
     * One step of one event.
     *
     * @param dueAt when it is to be looked at next; null when it has ended or waits for a person
     * @param attempts failed tries since the last progress
     */
    record Move(
            EventRow event,
            EventState to,
            String reason,
            @Nullable Instant dueAt,
            int attempts,
            String verificationId) {
        /** To an end of its way. */
        static Move end(EventRow event, EventState to, String reason, String verificationId) {
            return new Move(event, to, reason, null, 0, verificationId);
        }

        /**
         * To an end of its way without an answer. Whoever waits for a reply is told first: then it is decided, with nothing
         * but the reason.
         */
        static Move unanswered(EventRow event, EventState to, String reason, Instant now, String verificationId) {
            return event.hasCallback()
                    ? due(event, EventState.DECIDED, reason, now, "")
                    : end(event, to, reason, verificationId);
        }

        /** To a state that is due at some time. */
        static Move due(EventRow event, EventState to, String reason, Instant at, String verificationId) {
            return new Move(event, to, reason, at, 0, verificationId);
        }

        /** Stays where it is, to be tried again. */
        static Move again(EventRow event, String reason, Instant at, int attempts) {
            return new Move(event, event.state(), reason, at, attempts, event.verificationId());
        }
    }

    /**
     * Moves events on, each only if it is still in the state it was seen in: a node that was thought dead changes nothing
     * (reliability J2).
     */
    void move(Handle handle, Collection<Move> moves, Instant now) {
        if (moves.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("""
                update event set state = :to, reason = :reason, due_at = :due, starts = 0, attempts = :attempts,
                    verification_id = :verification, updated_at = :now
                where id = :id and state = :from
                """);
        for (var move : moves) {
            var due = move.dueAt();
            batch.bind("to", move.to().word())
                    .bind("reason", move.reason())
                    .bind("due", due == null ? null : (Long) due.toEpochMilli())
                    .bind("attempts", move.attempts())
                    .bind("verification", move.verificationId().isEmpty() ? null : move.verificationId())
                    .bind("now", now.toEpochMilli())
                    .bind("id", move.event().id())
                    .bind("from", move.event().state().word())
                    .add();
        }
        batch.execute();
    }

    /** From now on each event carries its verification, so that others, of the other lane too, join it. */
    void carry(Handle handle, Map<String, String> verifications) {
        if (verifications.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("update event set verification_id = :verification where id = :id");
        verifications.forEach((event, verification) ->
                batch.bind("verification", verification).bind("id", event).add());
        batch.execute();
    }

    /** Whether some event still carries this verification on: it will be asked again or written. */
    boolean isDriven(Handle handle, String verificationId) {
        return handle.createQuery("""
                        select count(*) from event
                        where verification_id = :verification and state in ('received', 'recheck', 'decided', 'held')
                        """)
                        .bind("verification", verificationId)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** Whether one of the events that carried this verification on names this workflow. */
    boolean isDrivenFor(Handle handle, String verificationId, String workflowId) {
        return handle.createQuery("""
                        select count(*) from event where verification_id = :verification and workflow_id = :workflow
                        """)
                        .bind("verification", verificationId)
                        .bind("workflow", workflowId)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** Makes the events that wait for credits due. */
    static int creditsArrived(Handle handle, String workspaceId, Instant now) {
        return handle.createUpdate("""
                        update event set due_at = :now where workspace_id = :workspace and state = 'waiting_credits'
                        """)
                .bind("now", now.toEpochMilli())
                .bind("workspace", workspaceId)
                .execute();
    }

    /** Lets events go on that were held while the CRM did not let us in. */
    int release(Handle handle, String connectionId, Instant now) {
        return handle.createUpdate("""
                        update event set state = case when exists (
                                select 1 from verification v where v.id = event.verification_id)
                            then 'decided' else 'received' end,
                            due_at = :now, updated_at = :now
                        where connection_id = :connection and state = 'held'
                        """)
                .bind("now", now.toEpochMilli())
                .bind("connection", connectionId)
                .execute();
    }
}
