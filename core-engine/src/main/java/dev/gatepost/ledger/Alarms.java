package dev.gatepost.ledger;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The statements on the table {@code credit_alarm}. */
final class Alarms {
    private Alarms() {}

    static void add(Handle handle, CreditsLow alarm) {
        handle.createUpdate("""
                        insert into credit_alarm (workspace_id, seq, available, threshold, at)
                        values (:workspace, :seq, :available, :threshold, :at)""")
                .bind("workspace", alarm.workspaceId())
                .bind("seq", alarm.seq())
                .bind("available", alarm.available())
                .bind("threshold", alarm.below())
                .bind("at", alarm.at())
                .execute();
    }

    static List<CreditsLow> page(Handle handle, String workspaceId, long beforeSeq, int limit) {
        return handle.createQuery("""
                        select * from credit_alarm where workspace_id = :workspace and seq < :before
                        order by seq desc limit :limit""")
                .bind("workspace", workspaceId)
                .bind("before", beforeSeq)
                .bind("limit", limit)
                .map((row, _) -> new CreditsLow(
                        row.getString("workspace_id"),
                        row.getLong("seq"),
                        row.getLong("available"),
                        row.getLong("threshold"),
                        Instant.ofEpochMilli(row.getLong("at"))))
                .list();
    }
}
