package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.BulkBooks.Ask;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Removes lists that are marked for it, in small units. Has no state of its own. */
final class Removal {
    /** Rows of one unit: some milliseconds of the writer. */
    private static final int ROWS_MAX = 200;

    private final BatchParts parts;

    Removal(BatchParts parts) {
        this.parts = requireNonNull(parts, "parts");
    }

    /** A row with a credit set aside. */
    private record Open(long number, String normalized, String email, String verificationId) {}

    /** Removes one list with its rows, and gives back what was set aside for those that are not at their end. */
    void run(Batch batch) {
        while (parts.database().<Integer>write(handle -> removeSome(handle, batch)) > 0) {
            // the next unit
        }
        parts.database().write(handle -> {
            handle.createUpdate("delete from batch_shard where batch_id = :id")
                    .bind("id", batch.id())
                    .execute();
            handle.createUpdate("delete from batch where id = :id and state = 'removing'")
                    .bind("id", batch.id())
                    .execute();
            return true;
        });
    }

    private int removeSome(Handle handle, Batch batch) {
        var numbers = handle.createQuery(
                        "select number from batch_row where batch_id = :id order by number limit :limit "
                                + parts.database().dialect().forUpdate())
                .bind("id", batch.id())
                .bind("limit", ROWS_MAX)
                .mapTo(Long.class)
                .list();
        if (numbers.isEmpty()) {
            return 0;
        }
        open(handle, batch.id(), numbers.getLast()).forEach(row -> giveUp(handle, batch, row));
        return handle.createUpdate("delete from batch_row where batch_id = :id and number <= :last")
                .bind("id", batch.id())
                .bind("last", numbers.getLast())
                .execute();
    }

    private static List<Open> open(Handle handle, String id, long last) {
        return handle.createQuery("""
                        select number, normalized, email, verification_id from batch_row
                        where batch_id = :id and number <= :last and state || '' = 'due' and verification_id <> ''
                        """)
                .bind("id", id)
                .bind("last", last)
                .map((row, _) -> new Open(
                        row.getLong("number"),
                        row.getString("normalized"),
                        row.getString("email"),
                        row.getString("verification_id")))
                .list();
    }

    private void giveUp(Handle handle, Batch batch, Open row) {
        parts.books()
                .giveUp(
                        handle,
                        batch.workspaceId(),
                        new Ask(row.verificationId(), row.email(), Batch.chargeKey(batch.id(), row.normalized()), 0));
    }
}
