package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Padded;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okio.ByteString;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code batch_row}. Has no state of its own.
 *
 * <p>Some conditions hide a column in an expression ({@code state || ''}), which leaves but one index that fits: of a new list
 * a database knows nothing yet, and PostgreSQL would rather read all of it each time.
 */
final class BatchRows {
    /**
     * Parts of a list, each worked off by one node at a time. Addresses of a domain are in the same part, so that one node
     * holds the connections to its hosts.
     */
    static final int SHARDS = 16;

    /** Longest key that is kept as it is: longer texts are no addresses, and both databases index this much. */
    private static final int KEY_CHARS_MAX = 320;

    private BatchRows() {}

    /** What a row is to the list. */
    enum State {
        DUE,
        DONE,
        GIVEN_UP,
        DUPLICATE,
        NO_ADDRESS,
        ERASED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * A row that comes in.
     *
     * @param first number of the row that stands for its address
     */
    record Incoming(long number, String email, String normalized, String own, State state, long first) {
        String domain() {
            return normalized.substring(normalized.lastIndexOf('@') + 1);
        }

        int shard() {
            return BatchRows.shard(domain());
        }
    }

    /**
     * A row to be worked on.
     *
     * @param starts how often work on it was begun
     * @param checks how often its address was asked and answered
     * @param verificationId empty before the first attempt
     */
    record Due(
            long number,
            String email,
            String normalized,
            String domain,
            Instant dueAt,
            int starts,
            int checks,
            String verificationId) {
        private static Due of(ResultSet row) throws SQLException {
            return new Due(
                    row.getLong("number"),
                    row.getString("email"),
                    row.getString("normalized"),
                    row.getString("domain"),
                    Instant.ofEpochMilli(row.getLong("due_at")),
                    row.getInt("starts"),
                    row.getInt("checks"),
                    row.getString("verification_id"));
        }

        Due begun(String id) {
            return new Due(number, email, normalized, domain, dueAt, starts + 1, checks, id);
        }
    }

    /** Which part a domain is in; the same in every list and on every node. */
    static int shard(String domain) {
        return Math.floorMod(domain.hashCode(), SHARDS);
    }

    /** What a text is known by within its list. */
    static String key(String normalized) {
        return normalized.length() <= KEY_CHARS_MAX
                ? normalized
                : normalized.substring(0, KEY_CHARS_MAX) + " "
                        + ByteString.encodeString(normalized, StandardCharsets.UTF_8)
                                .sha256()
                                .hex();
    }

    /** The first rows of a list that have these addresses. */
    static Map<String, Long> firsts(Handle handle, String batchId, Collection<String> keys) {
        var firsts = new HashMap<String, Long>();
        for (var part : Padded.parts(keys)) {
            handle.createQuery("""
                            select normalized, number from batch_row
                            where normalized in (<keys>) and state in ('due', 'done', 'given_up') and batch_id || '' = :batch
                            """)
                    .bind("batch", batchId)
                    .bindList("keys", part)
                    .map((row, _) -> Map.entry(row.getString("normalized"), row.getLong("number")))
                    .forEach(each -> firsts.put(each.getKey(), each.getValue()));
        }
        return firsts;
    }

    static void add(Handle handle, String batchId, List<Incoming> rows, Instant now) {
        var batch = handle.prepareBatch("""
                insert into batch_row (batch_id, number, shard, email, normalized, domain, own, state, due_at, starts,
                    checks, verification_id, first)
                values (:batch, :number, :shard, :email, :normalized, :domain, :own, :state, :due, 0, 0, '', :first)
                """);
        for (var row : rows) {
            batch.bind("batch", batchId)
                    .bind("number", row.number())
                    .bind("shard", row.shard())
                    .bind("email", row.email())
                    .bind("normalized", row.normalized())
                    .bind("domain", key(row.domain()))
                    .bind("own", row.own())
                    .bind("state", row.state().word())
                    .bind("due", row.state() == State.DUE ? (Long) now.toEpochMilli() : null)
                    .bind("first", row.first())
                    .add();
        }
        if (!rows.isEmpty()) {
            batch.execute();
        }
    }

    /**
     * Which due rows.
     *
     * @param after only what is due later than this
     * @param until and not later than this
     */
    record Window(Instant after, Instant until) {}

    /** Up to {@code limit} due rows of a shard, in their order, without those at these domains. */
    static List<Due> due(Handle handle, ShardName name, Set<String> withoutDomains, Window window, int limit) {
        var query = handle.createQuery("""
                select number, email, normalized, domain, due_at, starts, checks, verification_id from batch_row
                where batch_id = :batch and shard = :shard and due_at > :after and due_at <= :until
                """ + (withoutDomains.isEmpty() ? "" : " and domain not in (<domains>) ")
                + " order by due_at, number limit :limit");
        if (!withoutDomains.isEmpty()) {
            query.bindList("domains", Padded.parts(withoutDomains).getFirst());
        }
        return query.bind("batch", name.batchId())
                .bind("shard", name.shard())
                .bind("after", window.after())
                .bind("until", window.until())
                .bind("limit", limit)
                .map((row, _) -> Due.of(row))
                .list();
    }

    /** Counts attempts; returns those rows that nobody else has, and that are still there (reliability J2). */
    static List<Due> begin(Handle handle, String batchId, List<Due> begun) {
        if (begun.isEmpty()) {
            return List.of();
        }
        var batch = handle.prepareBatch("""
                update batch_row set starts = :starts, verification_id = :id
                where batch_id = :batch and number = :number and state || '' = 'due' and starts = :before
                """);
        begun.forEach(row -> batch.bind("id", row.verificationId())
                .bind("batch", batchId)
                .bind("number", row.number())
                .bind("starts", row.starts())
                .bind("before", row.starts() - 1)
                .add());
        var changed = batch.execute();
        return IntStream.range(0, begun.size())
                .filter(i -> changed[i] == 1)
                .mapToObj(begun::get)
                .toList();
    }

    /**
     * Keeps others from the rows until the transaction ends; returns the numbers of those that are still open.
     *
     * @param forUpdate how the database says it
     */
    static Set<Long> hold(Handle handle, String batchId, Collection<Long> numbers, String forUpdate) {
        return Padded.parts(numbers).stream()
                .flatMap(part -> handle
                        .createQuery("select number from batch_row where batch_id = :batch and state || '' = 'due' "
                                + "and number in (<numbers>) order by number " + forUpdate)
                        .bind("batch", batchId)
                        .bindList("numbers", part)
                        .mapTo(Long.class)
                        .list()
                        .stream())
                .collect(Collectors.toSet());
    }

    /** Where a row goes; {@code dueAt} is null at its end. */
    record Move(
            long number,
            State to,
            int checks,
            int starts,
            @Nullable Instant dueAt) {}

    static void move(Handle handle, String batchId, List<Move> moves) {
        if (moves.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("""
                update batch_row set state = :to, checks = :checks, starts = :starts, due_at = :due
                where batch_id = :batch and number = :number and state || '' = 'due'
                """);
        for (var move : moves) {
            var due = move.dueAt();
            batch.bind("to", move.to().word())
                    .bind("checks", move.checks())
                    .bind("starts", move.starts())
                    .bind("due", due == null ? null : (Long) due.toEpochMilli())
                    .bind("batch", batchId)
                    .bind("number", move.number())
                    .add();
        }
        batch.execute();
    }

    /** A row with what became of its address. */
    record Shown(long number, String email, String own, State state, String verificationId, long first) {
        private static Shown of(ResultSet row) throws SQLException {
            return new Shown(
                    row.getLong("number"),
                    row.getString("email"),
                    row.getString("own"),
                    State.of(row.getString("state")),
                    requireNonNull(row.getString("verification_id")),
                    row.getLong("first"));
        }
    }

    private static final String SHOWN = "select number, email, own, state, verification_id, first from batch_row ";

    static List<Shown> page(Handle handle, String batchId, long after, int limit) {
        return handle.createQuery(SHOWN + "where batch_id = :batch and number > :after order by number limit :limit")
                .bind("batch", batchId)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, _) -> Shown.of(row))
                .list();
    }

    static Map<Long, Shown> shown(Handle handle, String batchId, Collection<Long> numbers) {
        return Padded.parts(numbers).stream()
                .flatMap(part -> handle
                        .createQuery(SHOWN + "where batch_id = :batch and number in (<numbers>)")
                        .bind("batch", batchId)
                        .bindList("numbers", part)
                        .map((row, _) -> Shown.of(row))
                        .list()
                        .stream())
                .collect(Collectors.toMap(Shown::number, each -> each));
    }
}
