package dev.gatepost.intake;

import dev.gatepost.intake.Verifications.Answer;
import dev.gatepost.intake.Verifications.Origin;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes the table {@code usage_log}, which {@link UsageLog} reads. Has no state. */
final class UsageRows {
    /** Stores first answers, or what later checks of the same verifications brought. */
    void add(Handle handle, List<Answer> answers) {
        if (answers.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("""
                insert into usage_log (verification_id, workspace_id, at, source, connection_id, workflow_id,
                    status, label, decision, billing, credits, duration_ms)
                values (:id, :workspace, :at, :source, :connection, :workflow,
                    :status, :label, :decision, :billing, :credits, :took)
                on conflict (verification_id) do update set status = excluded.status, label = excluded.label,
                    decision = excluded.decision, billing = excluded.billing, credits = excluded.credits,
                    duration_ms = excluded.duration_ms
                """);
        for (var answer : answers) {
            var origin = answer.origin();
            var settled = answer.settled();
            var verification = settled.judged().verification();
            batch.bind("id", verification.id())
                    .bind("workspace", origin.workspaceId())
                    .bind("at", verification.at().toEpochMilli())
                    .bind("source", origin.source())
                    .bind("connection", origin.connectionId())
                    .bind("workflow", settled.judged().workflow().id())
                    .bind("status", verification.verdict().status().word())
                    .bind("label", verification.verdict().label().word())
                    .bind("decision", settled.judged().decision().word())
                    .bind("billing", settled.billing().word())
                    .bind("credits", settled.credits())
                    .bind("took", verification.took().toMillis())
                    .add();
        }
        batch.execute();
    }

    /**
     * Something that was not verified for lack of credits; status, label and decision are empty.
     *
     * @param id the verification's, had there been one
     */
    record Unpaid(String id, Origin origin, String workflowId) {}

    /** Stores what was not verified for lack of credits, so that it does not vanish unseen (reliability C6). */
    void addUnpaid(Handle handle, List<Unpaid> unpaid, Instant now) {
        if (unpaid.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("""
                insert into usage_log (verification_id, workspace_id, at, source, connection_id, workflow_id,
                    status, label, decision, billing, credits, duration_ms)
                values (:id, :workspace, :at, :source, :connection, :workflow, '', '', '', :billing, 0, 0)
                on conflict (verification_id) do nothing
                """);
        unpaid.forEach(each -> batch.bind("id", each.id())
                .bind("workspace", each.origin().workspaceId())
                .bind("at", now.toEpochMilli())
                .bind("source", each.origin().source())
                .bind("connection", each.origin().connectionId())
                .bind("workflow", each.workflowId())
                .bind("billing", Billing.INSUFFICIENT_CREDITS.word())
                .add());
        batch.execute();
    }

    /** A verification that will not be asked again costs nothing. */
    void close(Handle handle, String verificationId) {
        handle.createUpdate("""
                        update usage_log set billing = 'not_charged_unknown'
                        where verification_id = :id and billing = 'reserved'
                        """).bind("id", verificationId).execute();
    }
}
