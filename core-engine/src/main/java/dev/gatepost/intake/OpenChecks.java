package dev.gatepost.intake;

import dev.gatepost.store.Padded;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The table {@code realtime}: verifications asked for by the API that are not final. Whoever moves a row's {@code due_at} on
 * may work on it until then; so what a killed process left is taken up by another.
 */
final class OpenChecks {
    /** Longer than any verification takes: name servers 8 s and mail hosts 20 s, and a busy store. */
    static final Duration HELD = Duration.ofMinutes(2);

    /** Rows taken up at a time. */
    private static final int ROWS_MAX = 64;

    /**
     * One row.
     *
     * @param checks how often the address was asked and answered so far
     * @param source {@code api} or {@code test}
     * @param reuse whether another's answer makes it free
     */
    record Row(
            String verificationId,
            String workspaceId,
            String keyId,
            String email,
            String workflowId,
            int checks,
            Instant dueAt,
            String source,
            Reuse reuse) {}

    void open(Handle handle, List<Row> rows, Instant now) {
        if (rows.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("""
                        insert into realtime (verification_id, workspace_id, key_id, email, workflow_id, checks,
                            started_at, due_at, reuse, source)
                        values (:id, :workspace, :keyId, :email, :workflow, :checks, :now, :due, :reuse, :source)
                        on conflict (verification_id) do update set checks = excluded.checks, due_at = excluded.due_at""");
        rows.forEach(row -> batch.bind("id", row.verificationId())
                .bind("workspace", row.workspaceId())
                .bind("keyId", row.keyId())
                .bind("email", row.email())
                .bind("workflow", row.workflowId())
                .bind("checks", row.checks())
                .bind("now", now)
                .bind("due", row.dueAt())
                .bind("reuse", row.reuse().number())
                .bind("source", row.source())
                .add());
        batch.execute();
    }

    /**
     * Keeps others from the rows until the transaction ends; returns those that are still open (reliability J2).
     *
     * @param forUpdate how the database says it
     */
    Set<String> hold(Handle handle, List<String> verificationIds, String forUpdate) {
        return Padded.parts(verificationIds).stream()
                .flatMap(part -> handle
                        .createQuery("select verification_id from realtime where verification_id in (<ids>) "
                                + "order by verification_id " + forUpdate)
                        .bindList("ids", part)
                        .mapTo(String.class)
                        .list()
                        .stream())
                .collect(Collectors.toSet());
    }

    void close(Handle handle, List<String> verificationIds) {
        Padded.parts(verificationIds)
                .forEach(part -> handle.createUpdate("delete from realtime where verification_id in (<ids>)")
                        .bindList("ids", part)
                        .execute());
    }

    /** Of one workspace, whether due or not. */
    List<Open> of(Handle handle, String workspaceId) {
        return handle.createQuery("select verification_id, email from realtime where workspace_id = :workspace")
                .bind("workspace", workspaceId)
                .map((row, _) -> new Open(row.getString("verification_id"), row.getString("email")))
                .list();
    }

    /** What is not final yet. */
    record Open(String verificationId, String email) {}

    /** Takes up to {@link #ROWS_MAX} due rows; no other node gets them before {@link #HELD} has passed. */
    List<Row> take(Handle handle, Instant now) {
        return handle
                .createQuery("""
                        select r.*, coalesce(v.source, r.source) as comes_from from realtime r
                        left join verification v on v.id = r.verification_id
                        where r.due_at <= :now order by r.due_at limit :rows""")
                .bind("now", now)
                .bind("rows", ROWS_MAX)
                .map((row, _) -> new Row(
                        row.getString("verification_id"),
                        row.getString("workspace_id"),
                        row.getString("key_id"),
                        row.getString("email"),
                        row.getString("workflow_id"),
                        row.getInt("checks"),
                        Instant.ofEpochMilli(row.getLong("due_at")),
                        row.getString("comes_from"),
                        Reuse.of(row.getInt("reuse"))))
                .list()
                .stream()
                .filter(row -> isTaken(handle, row, now))
                .toList();
    }

    private static boolean isTaken(Handle handle, Row row, Instant now) {
        return handle.createUpdate("""
                        update realtime set due_at = :until where verification_id = :id and due_at = :due""")
                        .bind("until", now.plus(HELD))
                        .bind("id", row.verificationId())
                        .bind("due", row.dueAt())
                        .execute()
                == 1;
    }

    /** Whether anything is due; looked at before a writing transaction is begun. */
    boolean isAnyDue(Handle handle, Instant now) {
        Optional<Integer> one = handle.createQuery("select 1 from realtime where due_at <= :now limit 1")
                .bind("now", now)
                .mapTo(Integer.class)
                .findFirst();
        return one.isPresent();
    }
}
