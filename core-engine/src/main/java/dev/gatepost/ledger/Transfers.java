package dev.gatepost.ledger;

import dev.gatepost.store.Padded;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The statements on the ledger's two tables. */
final class Transfers {
    private Transfers() {}

    /**
     * Where a workspace's chain ends.
     *
     * @param seq of the last transfer, 0 before the first
     * @param hash of the last transfer
     * @param at of the last transfer
     */
    record End(Standing standing, long seq, String hash, Instant at) {
        Balance balance() {
            return standing.balance();
        }
    }

    /**
     * What is known of a charge key.
     *
     * @param last the latest step it took
     * @param amount what it is about
     * @param ref as given when it was opened
     */
    record Known(Kind last, long amount, String ref) {}

    /** Reads the end of the chain and holds it against other transactions until this one ends. */
    static End lockEnd(Handle handle, String workspaceId, String forUpdate) {
        return held(handle, workspaceId, forUpdate).orElseGet(() -> {
            handle.createUpdate("""
                            insert into balance (workspace_id, available, reserved, spent, seq, hash)
                            values (:workspace, 0, 0, 0, 0, :start) on conflict (workspace_id) do nothing""")
                    .bind("workspace", workspaceId)
                    .bind("start", bytes(Entry.CHAIN_START))
                    .execute();
            return held(handle, workspaceId, forUpdate).orElseThrow();
        });
    }

    private static Optional<End> held(Handle handle, String workspaceId, String forUpdate) {
        return handle.createQuery("select * from balance where workspace_id = :workspace " + forUpdate)
                .bind("workspace", workspaceId)
                .map(Transfers::end)
                .findOne();
    }

    static Optional<End> end(Handle handle, String workspaceId) {
        return handle.createQuery("select * from balance where workspace_id = :workspace")
                .bind("workspace", workspaceId)
                .map(Transfers::end)
                .findOne();
    }

    /** Every workspace that has, or once had, a credit. */
    static List<String> workspaces(Handle handle) {
        return handle.createQuery("""
                        select id from workspace
                        where exists (select 1 from balance where workspace_id = workspace.id)
                            or exists (select 1 from transfer where workspace_id = workspace.id)
                        order by id""").mapTo(String.class).list();
    }

    /** What is known of some charge keys, whose hashes are of one workspace each. */
    static Map<String, Known> known(Handle handle, Collection<String> chargeKeys) {
        var found = new HashMap<String, Known>();
        Padded.parts(chargeKeys)
                .forEach(part -> handle.createQuery("""
                        select charge_key, kind, amount, ref from transfer
                        where charge_key in (<keys>) order by charge_key, step""")
                        .bindList("keys", part.stream().map(Transfers::bytes).toList())
                        .map((row, context) -> Map.entry(
                                hex(row.getBytes("charge_key")),
                                new Known(Kind.of(row.getString("kind")), row.getLong("amount"), row.getString("ref"))))
                        .forEach(each -> found.put(each.getKey(), each.getValue())));
        return found;
    }

    static void append(Handle handle, List<Entry> entries) {
        var batch = handle.prepareBatch("""
                insert into transfer (workspace_id, seq, kind, debit, credit, amount, charge_key, step, ref, note,
                    created_at, previous_hash, hash)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
        for (var entry : entries) {
            batch.bind(0, entry.workspaceId())
                    .bind(1, entry.seq())
                    .bind(2, entry.kind().word())
                    .bind(3, entry.debit().word())
                    .bind(4, entry.credit().word())
                    .bind(5, entry.amount())
                    .bind(6, bytes(entry.chargeKey()))
                    .bind(7, entry.kind().step().number())
                    .bind(8, entry.ref())
                    .bind(9, entry.note())
                    .bind(10, entry.createdAt())
                    .bind(11, bytes(entry.previousHash()))
                    .bind(12, bytes(entry.hash()))
                    .add();
        }
        batch.execute();
    }

    /** Moves the end of the chain from {@code before} to {@code after}. */
    static void moveEnd(Handle handle, String workspaceId, End before, End after) {
        var rows = handle.createUpdate("""
                        update balance set available = :available, reserved = :reserved, spent = :spent, seq = :seq,
                            hash = :hash, last_at = :at, low_since = :lowSince
                        where workspace_id = :workspace and seq = :seqBefore""")
                .bind("available", after.balance().available())
                .bind("reserved", after.balance().reserved())
                .bind("spent", after.balance().spent())
                .bind("seq", after.seq())
                .bind("hash", bytes(after.hash()))
                .bind("at", after.at())
                .bind("lowSince", millis(after.standing().lowSinceOrNull()))
                .bind("workspace", workspaceId)
                .bind("seqBefore", before.seq())
                .execute();
        if (rows != 1) {
            throw new IllegalStateException("a posting within a posting, workspace " + workspaceId);
        }
    }

    /** Sets the threshold of the alarm; one that is not crossed any more is taken back. */
    static void alarmBelow(Handle handle, String workspaceId, long below) {
        handle.createUpdate("""
                        update balance set low_below = :below,
                            low_since = case when available >= :below then null else low_since end
                        where workspace_id = :workspace""")
                .bind("below", below)
                .bind("workspace", workspaceId)
                .execute();
    }

    /** One entry. */
    static Optional<Entry> entry(Handle handle, String workspaceId, long seq) {
        return handle.createQuery("select * from transfer where workspace_id = :workspace and seq = :seq")
                .bind("workspace", workspaceId)
                .bind("seq", seq)
                .map(ENTRY)
                .findOne();
    }

    /** The entry that closed a charge. */
    static Optional<Entry> closing(Handle handle, String chargeKey) {
        return handle.createQuery("select * from transfer where charge_key = :key and step = :step")
                .bind("key", bytes(chargeKey))
                .bind("step", Kind.SETTLE.step().number())
                .map(ENTRY)
                .findOne();
    }

    /** Entries after {@code seq}, ascending. */
    static List<Entry> entries(Handle handle, String workspaceId, long afterSeq, int limit) {
        return handle.createQuery("""
                        select * from transfer where workspace_id = :workspace and seq > :after
                        order by seq limit :limit""")
                .bind("workspace", workspaceId)
                .bind("after", afterSeq)
                .bind("limit", limit)
                .map(ENTRY)
                .list();
    }

    static final RowMapper<Entry> ENTRY = (row, context) -> new Entry(
            row.getString("workspace_id"),
            row.getLong("seq"),
            Kind.of(row.getString("kind")),
            LedgerAccount.of(row.getString("debit")),
            LedgerAccount.of(row.getString("credit")),
            row.getLong("amount"),
            hex(row.getBytes("charge_key")),
            row.getString("ref"),
            row.getString("note"),
            Instant.ofEpochMilli(row.getLong("created_at")),
            hex(row.getBytes("previous_hash")),
            hex(row.getBytes("hash")));

    private static End end(ResultSet row, StatementContext context) throws SQLException {
        var balance = new Balance(row.getLong("available"), row.getLong("reserved"), row.getLong("spent"));
        var lowSince = row.getLong("low_since");
        var since = row.wasNull() ? null : Instant.ofEpochMilli(lowSince);
        var standing = new Standing(balance, row.getLong("low_below"), since);
        return new End(
                standing, row.getLong("seq"), hex(row.getBytes("hash")), Instant.ofEpochMilli(row.getLong("last_at")));
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : (Long) instant.toEpochMilli();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
