package dev.gatepost.ledger;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The statements on the table {@code credit_lot}. */
final class Lots {
    private Lots() {}

    /** A workspace's lots, the one that expires first at the beginning, the lasting one at the end. */
    static List<Lot> of(Handle handle, String workspaceId) {
        return handle.createQuery("""
                        select seq, expires_at, rest from credit_lot where workspace_id = :workspace
                        order by seq = 0, expires_at, seq""")
                .bind("workspace", workspaceId)
                .map((row, _) -> {
                    var expires = row.getLong("expires_at");
                    var expiresAt = row.wasNull() ? null : Instant.ofEpochMilli(expires);
                    return new Lot(row.getLong("seq"), expiresAt, row.getLong("rest"));
                })
                .list();
    }

    /** Adds a lot, or says what is left of one. */
    static void put(Handle handle, String workspaceId, Lot lot) {
        handle.createUpdate("""
                        insert into credit_lot (workspace_id, seq, expires_at, rest)
                        values (:workspace, :seq, :expires, :rest)
                        on conflict (workspace_id, seq) do update set rest = :rest""")
                .bind("workspace", workspaceId)
                .bind("seq", lot.seq())
                .bind("expires", millis(lot.expiresAt()))
                .bind("rest", lot.rest())
                .execute();
    }

    static void remove(Handle handle, String workspaceId, long seq) {
        handle.createUpdate("delete from credit_lot where workspace_id = :workspace and seq = :seq")
                .bind("workspace", workspaceId)
                .bind("seq", seq)
                .execute();
    }

    /** Workspaces with credits whose time has come. */
    static List<String> due(Handle handle, Instant now) {
        return handle.createQuery("""
                        select distinct workspace_id from credit_lot
                        where expires_at is not null and expires_at <= :now""").bind("now", now).mapTo(String.class).list();
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : (Long) instant.toEpochMilli();
    }
}
