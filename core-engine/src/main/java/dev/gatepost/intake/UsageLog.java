package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was asked for and what it cost, newest first, page by page. Holds ids only, never an address. Safe for any
 * thread.
 */
public final class UsageLog {
    /** Most rows of one page: some milliseconds of reading. */
    public static final int PAGE_MAX = 1_000;

    /**
     * Rows looked at for one page. A filter that few rows pass gives a short page and the place to go on from, so that no
     * page takes longer than some tenths of a second, however long the log is.
     */
    private static final int LOOKS_MAX = 250_000;

    private final Database database;
    private final int looksMax;

    public UsageLog(Database database) {
        this(database, LOOKS_MAX);
    }

    UsageLog(Database database, int looksMax) {
        this.database = requireNonNull(database, "database");
        this.looksMax = looksMax;
    }

    /**
     * Which rows are wanted; null is all.
     *
     * @param from at this time or later
     * @param to before this time
     * @param billing word of {@link Billing}
     * @param label one of the seven words
     */
    public record Filter(
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String billing,
            @Nullable String label,
            @Nullable String connectionId,
            @Nullable String workflowId) {
        public static final Filter ALL = new Filter(null, null, null, null, null, null);

        private boolean isSelective() {
            return billing != null || label != null || connectionId != null || workflowId != null;
        }
    }

    /**
     * One request.
     *
     * @param verificationId the verification's
     * @param source {@code api}, {@code batch} or the connector that brought it
     * @param credits taken for it
     */
    public record Row(
            String verificationId,
            Instant at,
            String source,
            String connectionId,
            String workflowId,
            String status,
            String label,
            String decision,
            String billing,
            long credits,
            Duration took) {}

    /** A place in the log: the last row that was seen. As text {@code millis-id}. */
    public record Place(Instant at, String verificationId) {
        /** Before the newest row. */
        public static final Place TOP = new Place(Instant.ofEpochMilli(Long.MAX_VALUE), "");

        /** Reads what {@link #toString} wrote; empty when it is something else. */
        public static Optional<Place> parse(String text) {
            if (!text.matches("\\d{1,18}-[0-9a-zA-Z_.:-]{1,64}")) {
                return Optional.empty();
            }
            int dash = text.indexOf('-');
            return Optional.of(
                    new Place(Instant.ofEpochMilli(Long.parseLong(text.substring(0, dash))), text.substring(dash + 1)));
        }

        @Override
        public String toString() {
            return at.toEpochMilli() + "-" + verificationId;
        }
    }

    /**
     * Some rows.
     *
     * @param rows fewer than asked for, even none, does not mean that it was the last page
     * @param nextOrNull where to go on; null at the end
     */
    public record Page(List<Row> rows, @Nullable Place nextOrNull) {
        public Page {
            rows = List.copyOf(rows);
        }

        public Optional<Place> next() {
            return Optional.ofNullable(nextOrNull);
        }
    }

    /**
     * At most {@code limit} rows after a place.
     *
     * @param limit 1 to {@link #PAGE_MAX}
     */
    public Page page(String workspaceId, Filter filter, Place after, int limit) {
        if (limit < 1 || limit > PAGE_MAX) {
            throw new IllegalArgumentException("limit: 1 to " + PAGE_MAX + ", not " + limit);
        }
        return database.read(handle -> {
            var range = new Range(workspaceId, filter, after);
            var floor = filter.isSelective() ? floor(handle, range) : Optional.<Place>empty();
            var rows = rows(handle, range, floor, limit);
            var next = rows.size() == limit
                    ? new Place(rows.getLast().at(), rows.getLast().verificationId())
                    : floor.orElse(null);
            return new Page(rows, next);
        });
    }

    private record Range(String workspaceId, Filter filter, Place after) {
        static final String WHERE = """
                 from usage_log where workspace_id = :workspace and at >= :from and at < :to
                    and (at, verification_id) < (:at, :id)
                """;

        Query bind(Query query) {
            return query.bind("workspace", workspaceId)
                    .bind("from", filter.from() == null ? 0 : filter.from().toEpochMilli())
                    .bind(
                            "to",
                            filter.to() == null ? Long.MAX_VALUE : filter.to().toEpochMilli())
                    .bind("at", after.at().toEpochMilli())
                    .bind("id", after.verificationId());
        }
    }

    /** The last row that this page looks at, when there are more. */
    private Optional<Place> floor(Handle handle, Range range) {
        return range.bind(handle.createQuery("select at, verification_id" + Range.WHERE
                        + "order by at desc, verification_id desc limit 1 offset :looks"))
                .bind("looks", looksMax - 1)
                .map((row, _) -> new Place(Instant.ofEpochMilli(row.getLong("at")), row.getString("verification_id")))
                .findOne();
    }

    /** The keys come from the index alone; only the rows that are shown are looked up in the table. */
    private static List<Row> rows(Handle handle, Range range, Optional<Place> floor, int limit) {
        var filter = range.filter();
        var query = range.bind(handle.createQuery("select * from usage_log where verification_id in ("
                        + "select verification_id" + Range.WHERE
                        + (floor.isPresent() ? " and (at, verification_id) >= (:floorAt, :floorId)" : "")
                        + equal("billing", filter.billing())
                        + equal("label", filter.label())
                        + equal("connection_id", filter.connectionId())
                        + equal("workflow_id", filter.workflowId())
                        + " order by at desc, verification_id desc limit :limit)"
                        + " order by at desc, verification_id desc"))
                .bind("limit", limit);
        floor.ifPresent(
                place -> query.bind("floorAt", place.at().toEpochMilli()).bind("floorId", place.verificationId()));
        bind(query, "billing", filter.billing());
        bind(query, "label", filter.label());
        bind(query, "connection_id", filter.connectionId());
        bind(query, "workflow_id", filter.workflowId());
        return query.map((row, _) -> new Row(
                        row.getString("verification_id"),
                        Instant.ofEpochMilli(row.getLong("at")),
                        row.getString("source"),
                        row.getString("connection_id"),
                        row.getString("workflow_id"),
                        row.getString("status"),
                        row.getString("label"),
                        row.getString("decision"),
                        row.getString("billing"),
                        row.getLong("credits"),
                        Duration.ofMillis(row.getLong("duration_ms"))))
                .list();
    }

    private static String equal(String column, @Nullable String value) {
        return value == null ? "" : " and " + column + " = :" + column;
    }

    private static void bind(Query query, String column, @Nullable String value) {
        if (value != null) {
            query.bind(column, value);
        }
    }
}
