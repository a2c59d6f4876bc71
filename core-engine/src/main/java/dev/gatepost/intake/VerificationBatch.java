package dev.gatepost.intake;

import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.intake.Verifications.Answer;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Trait;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Answers on their way into the table {@code verification}, in one statement. For one transaction. */
final class VerificationBatch {
    private static final String STORE = """
                insert into verification (id, workspace_id, connection_id, object_id, source, email, normalized,
                    domain, status, label, score, reason, traits, suggestion, provider, mx, workflow_id,
                    workflow_version, workflow_name, decision, rule, message, evidence, steps, final, checks,
                    next_check_at, billing, credits, charge_key, reused_from, verified_at, valid_until, duration_ms)
                values (:id, :workspace, :connection, :object, :source, :email, :normalized,
                    :domain, :status, :label, :score, :reason, :traits, :suggestion, :provider, :mx, :workflow,
                    :workflowVersion, :workflowName, :decision, :rule, :message, :evidence, :steps, :final, :checks,
                    :nextCheck, :billing, :credits, :chargeKey, :reusedFrom, :at, :validUntil, :took)
                on conflict (id) do update set status = excluded.status, label = excluded.label,
                    score = excluded.score, reason = excluded.reason, traits = excluded.traits,
                    suggestion = excluded.suggestion, provider = excluded.provider, mx = excluded.mx,
                    workflow_id = excluded.workflow_id, workflow_version = excluded.workflow_version,
                    workflow_name = excluded.workflow_name, decision = excluded.decision, rule = excluded.rule,
                    message = excluded.message, engine = '', evidence = excluded.evidence, steps = excluded.steps,
                    final = excluded.final, checks = excluded.checks, next_check_at = excluded.next_check_at,
                    billing = excluded.billing, credits = excluded.credits, verified_at = excluded.verified_at,
                    valid_until = excluded.valid_until, duration_ms = excluded.duration_ms
                where verification.final = 0
                """;

    private final PreparedBatch batch;

    VerificationBatch(Handle handle) {
        this.batch = handle.prepareBatch(STORE);
    }

    /** Whether each was stored, in their order; an answer that is final already stays. */
    List<Boolean> store() {
        return Arrays.stream(batch.execute()).mapToObj(rows -> rows != 0).toList();
    }

    void add(Answer answer) {
        var origin = answer.origin();
        var settled = answer.settled();
        var verification = settled.judged().verification();
        var verdict = verification.verdict();
        batch.bind("id", verification.id())
                .bind("workspace", origin.workspaceId())
                .bind("connection", origin.connectionId())
                .bind("object", origin.objectId())
                .bind("source", origin.source())
                .bind("email", verification.email())
                .bind("normalized", verification.normalized())
                .bind("domain", verification.domain())
                .bind("status", verdict.status().word())
                .bind("label", verdict.label().word())
                .bind("score", verdict.score())
                .bind("reason", verdict.reason().code())
                .bind(
                        "traits",
                        verdict.traits().stream().map(Trait::word).sorted().collect(Collectors.joining(" ")))
                .bind("suggestion", verification.suggestion())
                .bind("provider", verification.provider())
                .bind("mx", String.join(" ", verification.mx()))
                .bind("workflow", settled.judged().workflow().id())
                .bind("workflowVersion", settled.judged().workflow().version())
                .bind("workflowName", settled.judged().workflow().name())
                .bind("decision", settled.judged().decision().word())
                .bind("rule", settled.judged().decision().rule())
                .bind("message", settled.judged().decision().message())
                .bind("evidence", EvidenceJson.write(verification.evidence()))
                .bind("steps", Verifications.steps(verdict.steps()))
                .bind("final", settled.finality() == Finality.FINAL ? 1 : 0)
                .bind("checks", answer.checks())
                .bind("nextCheck", millis(answer.nextCheckAt()))
                .bind("billing", settled.billing().word())
                .bind("credits", settled.credits())
                .bind("chargeKey", origin.chargeKey())
                .bind("reusedFrom", answer.reusedFrom())
                .bind("at", verification.at().toEpochMilli())
                .bind("validUntil", settled.validUntil().toEpochMilli())
                .bind("took", verification.took().toMillis())
                .add();
    }

    private static @Nullable Long millis(@Nullable Instant at) {
        return at == null ? null : (Long) at.toEpochMilli();
    }
}
