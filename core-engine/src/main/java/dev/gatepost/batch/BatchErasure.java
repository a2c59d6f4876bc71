package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import dev.gatepost.batch.BatchTable.Count;
import dev.gatepost.intake.Erasure;
import dev.gatepost.store.Database;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Removes an address from lists (reliability L4): its rows stay as numbers without anything in them, and whatever is under way
 * for them finds that they are gone. Safe for any thread.
 */
final class BatchErasure implements Erasure.Keeper {
    /** Rows looked through at a time. */
    private static final int ROWS_LOOKED_AT = 2_000;

    private final Database database;
    private final BatchTable table;
    private final InstantSource clock;

    BatchErasure(Database database, BatchTable table, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.table = requireNonNull(table, "table");
        this.clock = requireNonNull(clock, "clock");
    }

    private record Row(long number, int shard, String state, String verificationId) {}

    @Override
    public int erase(Handle handle, String workspaceId, String normalized, Erasure.Stopping stopping) {
        var key = BatchRows.key(normalized);
        var erased = 0;
        for (var batchId : batches(handle, workspaceId)) {
            for (var row : rows(handle, batchId, key)) {
                erase(handle, new Found(batchId, key, row), stopping);
                erased++;
            }
            erased += handle.createUpdate("""
                            update batch_row set email = '', normalized = '', domain = '', own = '[]', state = 'erased'
                            where normalized = :key and state = 'duplicate' and batch_id || '' = :batch
                            """)
                    .bind("batch", batchId)
                    .bind("key", key)
                    .execute();
        }
        return erased;
    }

    private static List<String> batches(Handle handle, String workspaceId) {
        return handle.createQuery("select id from batch where workspace_id = :workspace order by id")
                .bind("workspace", workspaceId)
                .mapTo(String.class)
                .list();
    }

    private static List<Row> rows(Handle handle, String batchId, String key) {
        return handle.createQuery("""
                        select number, shard, state, verification_id from batch_row
                        where normalized = :key and state in ('due', 'done', 'given_up') and batch_id || '' = :batch
                        """)
                .bind("batch", batchId)
                .bind("key", key)
                .map((row, _) -> new Row(
                        row.getLong("number"),
                        row.getInt("shard"),
                        row.getString("state"),
                        row.getString("verification_id")))
                .list();
    }

    private record Found(String batchId, String key, Row row) {}

    private void erase(Handle handle, Found found, Erasure.Stopping stopping) {
        var row = found.row();
        var isOpen = row.state().equals(BatchRows.State.DUE.word());
        if (isOpen && !row.verificationId().isEmpty()) {
            stopping.stop(row.verificationId(), Batch.chargeKey(found.batchId(), found.key()));
        }
        handle.createUpdate("""
                        update batch_row set email = '', normalized = '', domain = '', own = '[]', state = 'erased',
                            due_at = null
                        where batch_id = :batch and number = :number
                        """)
                .bind("batch", found.batchId())
                .bind("number", row.number())
                .execute();
        var count = new Count().add("erased", 1);
        table.count(
                handle,
                new ShardName(found.batchId(), row.shard()),
                isOpen ? count.add("open", -1) : count,
                clock.instant());
    }

    private record Place(String batchId, long number) {}

    /** Other rows may name the address too, in some column of the customer's. */
    @Override
    public Consumer<Handle> search(String workspaceId, String normalized) {
        var places = new ArrayList<Place>();
        for (var batchId : database.<List<String>>read(handle -> batches(handle, workspaceId))) {
            var after = 0L;
            var page = page(batchId, after);
            while (!page.isEmpty()) {
                page.stream()
                        .filter(row -> row.words().contains(normalized))
                        .forEach(row -> places.add(new Place(batchId, row.number())));
                after = page.getLast().number();
                page = page(batchId, after);
            }
        }
        return handle -> places.forEach(place -> blank(handle, place));
    }

    private record Words(long number, String words) {}

    private List<Words> page(String batchId, long after) {
        return database.read(handle -> handle.createQuery("""
                        select number, own from batch_row where batch_id = :batch and number > :after
                        order by number limit :limit
                        """)
                .bind("batch", batchId)
                .bind("after", after)
                .bind("limit", ROWS_LOOKED_AT)
                .map((row, _) ->
                        new Words(row.getLong("number"), row.getString("own").toLowerCase(Locale.ROOT)))
                .list());
    }

    private static void blank(Handle handle, Place place) {
        handle.createUpdate("update batch_row set own = '[]' where batch_id = :batch and number = :number")
                .bind("batch", place.batchId())
                .bind("number", place.number())
                .execute();
    }
}
