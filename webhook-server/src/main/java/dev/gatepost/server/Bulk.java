package dev.gatepost.server;

import com.zaxxer.hikari.HikariDataSource;
import dev.gatepost.batch.BatchParts;
import dev.gatepost.batch.Batches;
import dev.gatepost.intake.BulkBooks;
import dev.gatepost.intake.RealTimeParts;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.JobTable;
import java.nio.file.Path;
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

    @Override
    public void close() {
        batches.close();
        if (ownJobs != null) {
            ownJobs.close();
        }
    }
}
