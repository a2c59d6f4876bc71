package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import dev.gatepost.hook.Outbox;
import dev.gatepost.intake.BulkBooks;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.Idempotency;
import java.time.InstantSource;
import javax.sql.DataSource;

/**
 * What {@link Batches} is built from.
 *
 * @param jobs where db-scheduler keeps its table
 * @param books verifies and settles
 */
public record BatchParts(
        Database database,
        DataSource jobs,
        BulkBooks books,
        Outbox outbox,
        Idempotency idempotency,
        AuditLog audit,
        Ids ids,
        InstantSource clock) {
    public BatchParts {
        requireNonNull(database, "database");
        requireNonNull(jobs, "jobs");
        requireNonNull(books, "books");
        requireNonNull(outbox, "outbox");
        requireNonNull(idempotency, "idempotency");
        requireNonNull(audit, "audit");
        requireNonNull(ids, "ids");
        requireNonNull(clock, "clock");
    }
}
