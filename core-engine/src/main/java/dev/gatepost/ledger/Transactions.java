package dev.gatepost.ledger;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads the ledger page by page, newest first. Holds ids only, never an address. Safe for any thread. */
public final class Transactions {
    /** Most entries of one page: some milliseconds of reading. */
    public static final int PAGE_MAX = 1_000;

    private final Database database;

    Transactions(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /**
     * Which entries are wanted.
     *
     * @param from at this time or later, null for all
     * @param to before this time, null for all
     * @param kind null for all
     */
    public record Filter(
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable Kind kind) {
        public static final Filter ALL = new Filter(null, null, null);
    }

    /**
     * At most {@code limit} entries below {@code beforeSeq}, newest first.
     *
     * @param beforeSeq {@link Long#MAX_VALUE} for the first page, then the last entry's {@code seq}
     * @param limit 1 to {@link #PAGE_MAX}
     */
    public List<Entry> page(String workspaceId, Filter filter, long beforeSeq, int limit) {
        if (limit < 1 || limit > PAGE_MAX) {
            throw new IllegalArgumentException("limit: 1 to " + PAGE_MAX + ", not " + limit);
        }
        return database.read(handle -> {
            var end = Transfers.end(handle, workspaceId).map(Transfers.End::seq).orElse(0L);
            long first = filter.from() == null ? 1 : firstAt(handle, workspaceId, filter.from(), end);
            long after = filter.to() == null ? end + 1 : firstAt(handle, workspaceId, filter.to(), end);
            return page(handle, workspaceId, filter.kind(), new Range(first, Math.min(after, beforeSeq)), limit);
        });
    }

    private record Range(long first, long after) {}

    /** The kind stands in the statement as it does in the index, or SQLite would not use that. */
    private static List<Entry> page(Handle handle, String workspaceId, @Nullable Kind kind, Range range, int limit) {
        return handle.createQuery("select * from transfer where workspace_id = :workspace"
                        + " and seq >= :first and seq < :after"
                        + (kind == null ? "" : " and kind = '" + kind.word() + "'")
                        + " order by seq desc limit :limit")
                .bind("workspace", workspaceId)
                .bind("first", range.first())
                .bind("after", range.after())
                .bind("limit", limit)
                .map(Transfers.ENTRY)
                .list();
    }

    /** The first entry at {@code at} or later, {@code end + 1} when there is none: times grow with the entries. */
    private static long firstAt(Handle handle, String workspaceId, Instant at, long end) {
        long low = 1;
        long high = end + 1;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (timeOf(handle, workspaceId, middle)
                    .map(time -> time.isBefore(at))
                    .orElse(false)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static Optional<Instant> timeOf(Handle handle, String workspaceId, long seq) {
        return handle.createQuery("select created_at from transfer where workspace_id = :workspace and seq = :seq")
                .bind("workspace", workspaceId)
                .bind("seq", seq)
                .mapTo(Instant.class)
                .findOne();
    }
}
