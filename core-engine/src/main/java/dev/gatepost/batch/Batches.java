package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import dev.gatepost.batch.BatchTable.Draft;
import dev.gatepost.hook.Outbox;
import dev.gatepost.intake.Erasure;
import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.Idempotency.Turn;
import dev.gatepost.workspace.KeyKind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Customers' lists: taken in while they come, verified in bulk beside everything else, kept for {@link Batch#KEPT}. Safe for
 * any thread.
 */
public final class Batches implements AutoCloseable {
    /** Lists that may come in at once on this node; a workbook, which is held in memory, counts for {@link #WORKBOOK}. */
    private static final int UPLOADS_MAX = 16;

    private static final int WORKBOOK = 4;

    /** Longest time a list may take to come in. */
    private static final Duration UPLOAD_MAX = Duration.ofMinutes(30);

    private static final int ACCEPTED = 202;

    private final BatchParts parts;
    private final BatchTable table;
    private final BatchWork work;
    private final Semaphore uploads = new Semaphore(UPLOADS_MAX);

    /** Built, not yet working. */
    public Batches(BatchParts parts) {
        this.parts = requireNonNull(parts, "parts");
        this.table = new BatchTable(parts.outbox(), parts.database().dialect().forUpdate());
        this.work = new BatchWork(parts, table);
    }

    /**
     * A list that is handed in.
     *
     * @param by who does, in which workspace
     * @param name for people; may be empty
     * @param workflowId empty is the workspace's usual one
     * @param column the column with the addresses, by name or number from 1; empty to find it
     * @param charset what the sender says the text is in; empty to find out
     */
    public record Wanted(
            By by, KeyKind kind, String name, ListFormat format, String workflowId, String column, String charset) {
        public Wanted {
            requireNonNull(by, "by");
            requireNonNull(kind, "kind");
            requireNonNull(name, "name");
            requireNonNull(format, "format");
            requireNonNull(workflowId, "workflowId");
            requireNonNull(column, "column");
            requireNonNull(charset, "charset");
        }
    }

    /** How handing in went. */
    public sealed interface Received {
        /** It is here; {@code body} is what is kept as the answer. */
        record Taken(Batch batch, String body) implements Received {}

        /** The same request was answered so before. */
        record Replayed(int status, String body) implements Received {}

        /** The same request is under way. */
        record Running() implements Received {}

        /** Its Idempotency-Key was used for another request. */
        record Different() implements Received {}

        /** The workspace has no such workflow. */
        record NoWorkflow() implements Received {}

        /** Too many come in at once. */
        record Busy() implements Received {}
    }

    /** Starts working, also on what was left by an earlier run. */
    public void start() {
        work.start();
    }

    /**
     * Takes a list in; blocks until all of it is stored.
     *
     * @param once asked for after all was read, since the whole list decides whether a request is the same
     * @param body makes the answer's text
     * @throws UnusableList when it cannot be taken; nothing is kept of it
     * @throws IOException when the sender goes away or is too slow; nothing is kept of it
     */
    public Received receive(Wanted wanted, InputStream in, Supplier<Optional<Asked>> once, Function<Batch, String> body)
            throws IOException {
        var workflow = parts.books().workflow(wanted.by().workspaceId(), wanted.workflowId());
        if (workflow.isEmpty()) {
            return new Received.NoWorkflow();
        }
        var places = wanted.format() == ListFormat.XLSX ? WORKBOOK : 1;
        if (!uploads.tryAcquire(places)) {
            return new Received.Busy();
        }
        var id = parts.ids().next();
        try {
            var draft = new Draft(
                    id,
                    wanted.by().workspaceId(),
                    wanted.kind(),
                    ListJson.clean(wanted.name()),
                    wanted.format(),
                    workflow.get(),
                    wanted.by().actor());
            var file = ListFile.open(wanted.format(), in, wanted.column(), wanted.charset());
            var whole = Upload.run(parts, draft, file, parts.clock().instant().plus(UPLOAD_MAX));
            var asked = once.get();
            var received = parts.database().<Received>write(handle -> {
                var turn = asked.map(each -> parts.idempotency().take(handle, each, id))
                        .orElseGet(Turn.First::new);
                return switch (turn) {
                    case Turn.First _ -> {
                        if (!table.received(handle, id, whole, parts.clock().instant())) {
                            throw new IllegalStateException("a list was removed while it came in: " + id);
                        }
                        var batch = BatchTable.find(handle, id).orElseThrow();
                        var text = body.apply(batch);
                        asked.ifPresent(each -> parts.idempotency().done(handle, each, ACCEPTED, text));
                        parts.audit()
                                .add(
                                        handle,
                                        wanted.by(),
                                        AuditAction.BATCH_RECEIVED,
                                        id,
                                        batch.rows().all() + " rows");
                        yield new Received.Taken(batch, text);
                    }
                    case Turn.Answered(var status, var kept) -> new Received.Replayed(status, kept);
                    case Turn.Running _ -> new Received.Running();
                    case Turn.Different _ -> new Received.Different();
                };
            });
            if (!(received instanceof Received.Taken)) {
                discard(id);
            }
            work.wake();
            return received;
        } catch (IOException | RuntimeException e) {
            discard(id);
            throw e;
        } finally {
            uploads.release(places);
        }
    }

    private void discard(String id) {
        parts.database().write(handle -> BatchTable.beginRemoval(handle, id));
        work.wake();
    }

    /** One list of a workspace, on the side of test keys or on the other. */
    public Optional<Batch> find(String workspaceId, KeyKind kind, String id) {
        return parts.database()
                .read(handle -> BatchTable.find(handle, id))
                .filter(batch -> batch.workspaceId().equals(workspaceId) && batch.kind() == kind)
                .filter(batch -> batch.state().isShown());
    }

    /** Lets lists that wait for credits go on at once where there are some by now; else it happens within a second. */
    public void resume() {
        work.resume();
        work.wake();
    }

    /**
     * The newest first.
     *
     * @param state a word of {@link BatchState#shown()}; empty for all
     * @param beforeId only older ones than this; empty from the newest
     */
    public List<Batch> page(String workspaceId, KeyKind kind, String state, String beforeId, int limit) {
        return parts.database().read(handle -> BatchTable.page(handle, workspaceId, kind, state, beforeId, limit));
    }

    /**
     * Ends a list and removes its rows: what has not begun is not begun, and what was set aside is given back. Verifications
     * that were made stay. False when there is none.
     */
    public boolean remove(By by, KeyKind kind, String id) {
        if (find(by.workspaceId(), kind, id).isEmpty()) {
            return false;
        }
        var removed = parts.database().<Boolean>write(handle -> {
            var begun = BatchTable.beginRemoval(handle, id);
            if (begun) {
                parts.audit().add(handle, by, AuditAction.BATCH_REMOVED, id, "");
            }
            return begun;
        });
        work.wake();
        return removed;
    }

    /** Removes addresses from lists (reliability L4). */
    public static Erasure.Keeper keeper(Database database, Outbox outbox, InstantSource clock) {
        return new BatchErasure(
                database, new BatchTable(outbox, database.dialect().forUpdate()), clock);
    }

    /** Reads lists with what became of their rows. */
    public Results results() {
        return new Results(parts.database());
    }

    /** Stops working; what is under way is taken up again at the next start. */
    @Override
    public void close() {
        work.close();
    }
}
