package dev.gatepost.hook;

import dev.gatepost.hook.HookDelivery.State;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** The statements on the table {@code hook_delivery}. */
final class DeliveryRows {
    /** Subscriptions named in one statement; of more, all are looked at. */
    private static final int NAMED_MAX = 500;

    private DeliveryRows() {}

    /** A row to be added. */
    record Draft(String id, String subscriptionId, String event, String subject, String body) {}

    static void add(Handle handle, String workspaceId, List<Draft> drafts, Instant now) {
        var batch = handle.prepareBatch("""
                insert into hook_delivery (id, subscription_id, workspace_id, event, subject, body, state, attempts, due_at,
                    status, outcome, created_at, updated_at)
                values (?, ?, ?, ?, ?, ?, 'waiting', 0, ?, 0, '', ?, ?)""");
        for (var draft : drafts) {
            batch.bind(0, draft.id())
                    .bind(1, draft.subscriptionId())
                    .bind(2, workspaceId)
                    .bind(3, draft.event())
                    .bind(4, draft.subject())
                    .bind(5, draft.body())
                    .bind(6, now)
                    .bind(7, now)
                    .bind(8, now)
                    .add();
        }
        batch.execute();
    }

    /** What is due of one subscription, oldest first; of one subject only what nothing older stands before. */
    static List<HookDelivery> due(Handle handle, String subscriptionId, Instant now, int limit) {
        return handle.createQuery("""
                        select * from hook_delivery d
                        where subscription_id = :subscription and due_at <= :now and not exists (
                            select 1 from hook_delivery older
                            where older.subscription_id = d.subscription_id and older.subject = d.subject
                                and older.due_at is not null and older.id < d.id)
                        order by due_at, id limit :limit""")
                .bind("subscription", subscriptionId)
                .bind("now", now)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    /** Which of these subscriptions have something due, by id; a look into the index for each. */
    static List<String> subscriptionsDue(Handle handle, Collection<String> among, Instant now) {
        if (among.isEmpty()) {
            return List.of();
        }
        var few = among.size() <= NAMED_MAX;
        var query = handle.createQuery("select id from hook_subscription s where state = 'active' and exists ("
                        + "select 1 from hook_delivery d where d.subscription_id = s.id and d.due_at <= :now)"
                        + (few ? " and id in (<among>)" : "") + " order by id")
                .bind("now", now);
        return (few ? query.bindList("among", among) : query)
                .mapTo(String.class)
                .list();
    }

    /**
     * How an attempt changes a row.
     *
     * @param dueAt when it is tried again, null for never
     */
    record Change(
            HookDelivery delivery,
            State state,
            int attempts,
            @Nullable Instant dueAt,
            int status,
            String outcome) {}

    /** Only rows that still wait: a node that was thought dead changes nothing (reliability J2). */
    static void change(Handle handle, List<Change> changes, Instant now) {
        var batch = handle.prepareBatch("""
                update hook_delivery set state = :state, attempts = :attempts, due_at = :due, status = :status,
                    outcome = :outcome, updated_at = :now
                where id = :id and state = 'waiting'""");
        for (var change : changes) {
            batch.bind("state", change.state().word())
                    .bind("attempts", change.attempts())
                    .bind("due", millis(change.dueAt()))
                    .bind("status", change.status())
                    .bind("outcome", change.outcome())
                    .bind("now", now)
                    .bind("id", change.delivery().id())
                    .add();
        }
        batch.execute();
    }

    /** Gives up everything that waits for one subscription. */
    static int giveUp(Handle handle, String subscriptionId, String why, Instant now) {
        return handle.createUpdate("""
                        update hook_delivery set state = 'dead', due_at = null, outcome = :why, updated_at = :now
                        where subscription_id = :subscription and due_at is not null""")
                .bind("why", why)
                .bind("now", now)
                .bind("subscription", subscriptionId)
                .execute();
    }

    /** Makes one due again, as at its beginning; false when there is none. */
    static boolean again(Handle handle, String subscriptionId, String id, Instant now) {
        return handle.createUpdate("""
                        update hook_delivery set state = 'waiting', attempts = 0, due_at = :now, updated_at = :now
                        where subscription_id = :subscription and id = :id""")
                        .bind("now", now)
                        .bind("subscription", subscriptionId)
                        .bind("id", id)
                        .execute()
                > 0;
    }

    /** The latest of one subscription before {@code beforeId} (empty: from the newest), newest first. */
    static List<HookDelivery> latest(Handle handle, String subscriptionId, String beforeId, int limit) {
        return handle.createQuery("select * from hook_delivery where subscription_id = :subscription"
                        + (beforeId.isEmpty() ? "" : " and id < :before") + " order by id desc limit :limit")
                .bind("subscription", subscriptionId)
                .bind("before", beforeId)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    static int erase(Handle handle, String workspaceId, String subject) {
        return handle.createUpdate("delete from hook_delivery where workspace_id = :workspace and subject = :subject")
                .bind("workspace", workspaceId)
                .bind("subject", subject)
                .execute();
    }

    /** Removes some of those that ended before {@code before} (reliability L3); returns how many. */
    static int purge(Handle handle, Instant before, int limit) {
        return handle.createUpdate("""
                        delete from hook_delivery where id in (
                            select id from hook_delivery where due_at is null and updated_at < :before limit :limit)""")
                .bind("before", before)
                .bind("limit", limit)
                .execute();
    }

    static Optional<HookDelivery> find(Handle handle, String id) {
        return handle.createQuery("select * from hook_delivery where id = :id")
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : (Long) instant.toEpochMilli();
    }

    private static final RowMapper<HookDelivery> ROW = (row, _) -> {
        var millis = row.getLong("due_at");
        var dueAt = row.wasNull() ? null : Instant.ofEpochMilli(millis);
        return new HookDelivery(
                row.getString("id"),
                row.getString("subscription_id"),
                row.getString("event"),
                row.getString("subject"),
                row.getString("body"),
                State.of(row.getString("state")),
                row.getInt("attempts"),
                dueAt,
                row.getInt("status"),
                row.getString("outcome"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("updated_at")));
    };
}
