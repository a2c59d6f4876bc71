package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import dev.gatepost.hook.HookEvent;
import dev.gatepost.hook.Outbox;
import dev.gatepost.hook.Outbox.Happening;
import dev.gatepost.rules.Workflow;
import dev.gatepost.verify.Label;
import dev.gatepost.workspace.KeyKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables {@code batch} and {@code batch_shard}. Has no state of its own. */
final class BatchTable {
    private static final String SELECT = """
            select b.*,
                coalesce((select sum(s.open) from batch_shard s where s.batch_id = b.id), 0) as open_sum,
                coalesce((select sum(s.valid) from batch_shard s where s.batch_id = b.id), 0) as valid,
                coalesce((select sum(s.risky) from batch_shard s where s.batch_id = b.id), 0) as risky,
                coalesce((select sum(s.disposable) from batch_shard s where s.batch_id = b.id), 0) as disposable,
                coalesce((select sum(s.free) from batch_shard s where s.batch_id = b.id), 0) as free,
                coalesce((select sum(s.role) from batch_shard s where s.batch_id = b.id), 0) as role,
                coalesce((select sum(s.invalid) from batch_shard s where s.batch_id = b.id), 0) as invalid,
                coalesce((select sum(s.unknown) from batch_shard s where s.batch_id = b.id), 0) as unknown,
                coalesce((select sum(s.given_up) from batch_shard s where s.batch_id = b.id), 0) as given_up,
                coalesce((select sum(s.erased) from batch_shard s where s.batch_id = b.id), 0) as erased,
                coalesce((select sum(s.reused) from batch_shard s where s.batch_id = b.id), 0) as reused,
                coalesce((select sum(s.credits) from batch_shard s where s.batch_id = b.id), 0) as credits
            from batch b
            """;

    private final Outbox outbox;
    private final String forUpdate;

    /** @param forUpdate how the database says that rows are going to be changed */
    BatchTable(Outbox outbox, String forUpdate) {
        this.outbox = requireNonNull(outbox, "outbox");
        this.forUpdate = requireNonNull(forUpdate, "forUpdate");
    }

    /** A list whose rows are about to come in. */
    record Draft(
            String id,
            String workspaceId,
            KeyKind kind,
            String name,
            ListFormat format,
            Workflow workflow,
            String createdBy) {}

    static void add(Handle handle, Draft draft, Instant now) {
        handle.createUpdate("""
                        insert into batch (id, workspace_id, kind, name, format, columns, email_column, workflow_id,
                            workflow_name, state,
                            row_count, unique_count, duplicate_count, no_address_count, not_an_address_count,
                            created_at, created_by, touched_at, finished_at)
                        values (:id, :workspace, :kind, :name, :format, '[]', '', :workflow,
                            :workflowName, 'receiving',
                            0, 0, 0, 0, 0, :now, :by, :now, null)
                        """)
                .bind("id", draft.id())
                .bind("workspace", draft.workspaceId())
                .bind("kind", draft.kind().word())
                .bind("name", draft.name())
                .bind("format", draft.format().word())
                .bind("workflow", draft.workflow().id())
                .bind("workflowName", draft.workflow().name())
                .bind("now", now)
                .bind("by", draft.createdBy())
                .execute();
    }

    /** More rows have come in; false when the list was taken for left behind, and removed. */
    static boolean touch(Handle handle, String id, Instant now) {
        return handle.createUpdate("update batch set touched_at = :now where id = :id and state = 'receiving'")
                        .bind("now", now)
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /**
     * What is known of a list once all of it is here.
     *
     * @param uniqueByShard different addresses by the part they are in
     */
    record Whole(Batch.Rows rows, Map<Integer, Integer> uniqueByShard, List<String> columns, String emailColumn) {}

    /** All rows are here; false when the list was removed meanwhile. */
    boolean received(Handle handle, String id, Whole whole, Instant now) {
        var rows = whole.rows();
        var received = handle.createUpdate("""
                        update batch set state = 'running', row_count = :all, unique_count = :unique,
                            duplicate_count = :duplicates, no_address_count = :noAddress,
                            not_an_address_count = :notAnAddress, columns = :columns, email_column = :email,
                            touched_at = :now
                        where id = :id and state = 'receiving'
                        """)
                        .bind("all", rows.all())
                        .bind("unique", rows.unique())
                        .bind("duplicates", rows.duplicates())
                        .bind("noAddress", rows.noAddress())
                        .bind("notAnAddress", rows.notAnAddress())
                        .bind("columns", ListJson.array(whole.columns()))
                        .bind("email", ListJson.clean(whole.emailColumn()))
                        .bind("now", now)
                        .bind("id", id)
                        .execute()
                == 1;
        if (!received) {
            return false;
        }
        var batch =
                handle.prepareBatch("insert into batch_shard (batch_id, shard, open) values (:batch, :shard, :open)");
        whole.uniqueByShard()
                .forEach((shard, open) -> batch.bind("batch", id)
                        .bind("shard", shard)
                        .bind("open", open)
                        .add());
        if (rows.unique() > 0) {
            batch.execute();
        }
        finishIfDone(handle, id, now);
        return true;
    }

    static Optional<Batch> find(Handle handle, String id) {
        return handle.createQuery(SELECT + " where b.id = :id")
                .bind("id", id)
                .map((row, _) -> batch(row))
                .findOne();
    }

    /** The newest first, those that are shown. */
    static List<Batch> page(Handle handle, String workspaceId, KeyKind kind, String state, String beforeId, int limit) {
        return handle.createQuery(SELECT + """
                         where b.workspace_id = :workspace and b.kind = :kind and (:before = '' or b.id < :before)
                            and b.state in ('running', 'waiting_credits', 'finished') and (:state = '' or b.state = :state)
                        order by b.id desc limit :limit
                        """)
                .bind("workspace", workspaceId)
                .bind("kind", kind.word())
                .bind("state", state)
                .bind("before", beforeId)
                .bind("limit", limit)
                .map((row, _) -> batch(row))
                .list();
    }

    static boolean moveTo(Handle handle, String id, BatchState from, BatchState to) {
        return handle.createUpdate("update batch set state = :to where id = :id and state = :from")
                        .bind("to", to.word())
                        .bind("id", id)
                        .bind("from", from.word())
                        .execute()
                == 1;
    }

    /**
     * Where a list is on its way.
     *
     * @param receivedAt when the last of its rows came; all that is due later was begun before
     */
    record Standing(BatchState state, Instant receivedAt) {
        /** After what time rows are due that may be worked on; without credits only those that have theirs. */
        Optional<Instant> dueAfter() {
            return switch (state) {
                case RUNNING -> Optional.of(Instant.EPOCH);
                case WAITING_CREDITS -> Optional.of(receivedAt);
                case RECEIVING, FINISHED, REMOVING -> Optional.empty();
            };
        }
    }

    /** Where a list is on its way; being removed when it is gone. */
    static Standing standing(Handle handle, String id) {
        return handle.createQuery("select state, touched_at from batch where id = :id")
                .bind("id", id)
                .map((row, _) -> new Standing(
                        BatchState.of(row.getString("state")), Instant.ofEpochMilli(row.getLong("touched_at"))))
                .findOne()
                .orElse(new Standing(BatchState.REMOVING, Instant.EPOCH));
    }

    /** Whatever state it is in; false when it is gone or being removed already. */
    static boolean beginRemoval(Handle handle, String id) {
        return handle.createUpdate("update batch set state = 'removing' where id = :id and state <> 'removing'")
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /** What one transaction did to a shard. */
    static final class Count {
        private final Map<String, Long> changes = new TreeMap<>();

        Count add(String column, long change) {
            changes.merge(column, change, Long::sum);
            return this;
        }

        /** An address has its final answer. */
        void label(Label label) {
            add(label.word(), 1);
        }
    }

    /** Brings the counts of a shard up to date, and ends the list when this was the last of it. */
    void count(Handle handle, ShardName name, Count count, Instant now) {
        if (count.changes.isEmpty()) {
            return;
        }
        var set = count.changes.entrySet().stream()
                .map(each -> each.getKey() + " = " + each.getKey() + " + " + each.getValue())
                .collect(Collectors.joining(", "));
        handle.createUpdate("update batch_shard set " + set + " where batch_id = :batch and shard = :shard")
                .bind("batch", name.batchId())
                .bind("shard", name.shard())
                .execute();
        if (count.changes.getOrDefault("open", 0L) < 0 && isDone(handle, name)) {
            finishIfDone(handle, name.batchId(), now);
        }
    }

    private static boolean isDone(Handle handle, ShardName name) {
        return handle.createQuery("select open from batch_shard where batch_id = :batch and shard = :shard")
                .bind("batch", name.batchId())
                .bind("shard", name.shard())
                .mapTo(Long.class)
                .findOne()
                .filter(open -> open == 0)
                .isPresent();
    }

    /**
     * Ends a list of which nothing is open, and tells so once. Two shards that end at the same time wait here for each other,
     * so that the second sees what the first did.
     */
    private void finishIfDone(Handle handle, String id, Instant now) {
        var _ = handle.createQuery("select id from batch where id = :id " + forUpdate)
                .bind("id", id)
                .mapTo(String.class)
                .findOne();
        long open = handle.createQuery("select count(*) from batch_shard where batch_id = :id and open > 0")
                .bind("id", id)
                .mapTo(Long.class)
                .one();
        if (open > 0) {
            return;
        }
        var finished = handle.createUpdate("""
                        update batch set state = 'finished', finished_at = :now
                        where id = :id and state in ('running', 'waiting_credits')
                        """).bind("now", now).bind("id", id).execute() == 1;
        if (finished) {
            tell(handle, id);
        }
    }

    /** Test keys' lists are told to nobody, as their verifications are not. */
    private void tell(Handle handle, String id) {
        var batch = find(handle, id).orElseThrow();
        if (batch.kind() == KeyKind.TEST) {
            return;
        }
        outbox.add(
                handle,
                new Happening(
                        batch.workspaceId(),
                        HookEvent.BATCH_FINISHED,
                        batch.id(),
                        batch.workflowId(),
                        "",
                        () -> BatchJson.of(batch).toString()));
    }

    private static Batch batch(ResultSet row) throws SQLException {
        var labels = new EnumMap<Label, Long>(Label.class);
        for (var label : Label.values()) {
            labels.put(label, row.getLong(label.word()));
        }
        var finishedAt = row.getLong("finished_at");
        @Nullable Instant finished = row.wasNull() ? null : Instant.ofEpochMilli(finishedAt);
        return new Batch(
                row.getString("id"),
                row.getString("workspace_id"),
                KeyKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("name"),
                ListFormat.of(row.getString("format")),
                ListJson.texts(row.getString("columns")),
                row.getString("email_column"),
                row.getString("workflow_id"),
                row.getString("workflow_name"),
                BatchState.of(row.getString("state")),
                new Batch.Rows(
                        row.getLong("row_count"),
                        row.getLong("unique_count"),
                        row.getLong("duplicate_count"),
                        row.getLong("no_address_count"),
                        row.getLong("not_an_address_count")),
                new Batch.Tally(
                        row.getLong("open_sum"),
                        labels,
                        row.getLong("given_up"),
                        row.getLong("erased"),
                        row.getLong("reused"),
                        row.getLong("credits")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                finished);
    }
}
