package dev.gatepost.server;

import com.zaxxer.hikari.HikariDataSource;
import dev.gatepost.batch.BatchParts;
import dev.gatepost.batch.Batches;
import dev.gatepost.intake.BulkBooks;
import dev.gatepost.intake.RealTimeParts;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.JobTable;
import dev.gatepost.workspace.StoredWorkflow;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Customers' lists, and on SQLite the file that says who works on which. */
record Bulk(Batches batches, @Nullable HikariDataSource ownJobs) implements AutoCloseable {

    static Bulk of(Books books, RealTimeParts parts, Path scratch) {
        var own =
                books.database().dialect() == Dialect.SQLITE ? JobTable.fresh(scratch.resolve("batch-jobs.db")) : null;
        return new Bulk(
                new Batches(new BatchParts(
                        books.database(),
                        own == null ? books.database().jobs() : own,
                        new BulkBooks(parts),
                        books.outbox(),
                        books.idempotency(),
                        books.residents().audit(),
                        books.ids(),
                        parts.clock())),
                own);
    }

    /** What verifies for the API and for lists. */
    static RealTimeParts parts(Books books, Engine engine, Config config) {
        return new RealTimeParts(
                books.database(),
                books.ledger(),
                books.outbox(),
                books.idempotency(),
                engine.verifier()::verify,
                (workspaceId, id) -> workflow(books, workspaceId, id),
                books.keyedHash(),
                config.smtp().recheck(),
                Product.FRESHNESS,
                books.ids(),
                engine.clock());
    }

    /** A workspace's workflow by id; the standard one is every workspace's. */
    private static Optional<Workflow> workflow(Books books, String workspaceId, String id) {
        var wanted = id.isEmpty() ? Workflow.STANDARD.id() : id;
        return books.workflows()
                .current(workspaceId, wanted)
                .map(StoredWorkflow::workflow)
                .or(() -> Optional.of(Workflow.STANDARD)
                        .filter(standard -> standard.id().equals(wanted)));
    }

    @Override
    public void close() {
        batches.close();
        if (ownJobs != null) {
            ownJobs.close();
        }
    }
}
