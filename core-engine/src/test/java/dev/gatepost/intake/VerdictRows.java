package dev.gatepost.intake;

import dev.gatepost.store.Database;
import dev.gatepost.verify.Evidence;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Trait;
import dev.gatepost.verify.Verdict;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Verifications put straight into the table, as some earlier time left them there. */
final class VerdictRows {
    private VerdictRows() {}

    /**
     * One row.
     *
     * @param connectionId empty for a request of the API
     */
    record Row(
            String id,
            String connectionId,
            String objectId,
            String email,
            Verdict verdict,
            String provider,
            String workflowId,
            int workflowVersion,
            String decision,
            String rule,
            List<Evidence> evidence,
            long verifiedAt) {
        String domain() {
            return email.substring(email.indexOf('@') + 1);
        }
    }

    static Verdict verdict(Reason reason, int score, Trait... traits) {
        return new Verdict(reason, Set.of(traits), score, List.of());
    }

    static void insert(Database database, String workspaceId, List<Row> rows) {
        database.write(handle -> {
            var batch = handle.prepareBatch("""
                    insert into verification (id, workspace_id, connection_id, object_id, source, email, normalized,
                        domain, status, label, score, reason, traits, suggestion, provider, mx, workflow_id,
                        workflow_version, workflow_name, decision, rule, message, evidence, steps, final, checks, billing,
                        credits, charge_key, reused_from, verified_at, valid_until, duration_ms)
                    values (:id, :workspace, :connection, :object, 'fake', :email, :email,
                        :domain, :status, :label, :score, :reason, :traits, '', :provider, '', :workflow,
                        :version, 'W', :decision, :rule, '', :evidence, '', 1, 1, 'charged',
                        1, :id, '', :at, :at, 1)
                    """);
            for (var row : rows) {
                batch.bind("id", row.id())
                        .bind("workspace", workspaceId)
                        .bind("connection", row.connectionId())
                        .bind("object", row.objectId())
                        .bind("email", row.email())
                        .bind("domain", row.domain())
                        .bind("status", row.verdict().status().word())
                        .bind("label", row.verdict().label().word())
                        .bind("score", row.verdict().score())
                        .bind("reason", row.verdict().reason().code())
                        .bind(
                                "traits",
                                row.verdict().traits().stream()
                                        .map(Trait::word)
                                        .sorted()
                                        .collect(Collectors.joining(" ")))
                        .bind("provider", row.provider())
                        .bind("workflow", row.workflowId())
                        .bind("version", row.workflowVersion())
                        .bind("decision", row.decision())
                        .bind("rule", row.rule())
                        .bind("evidence", EvidenceJson.write(row.evidence()))
                        .bind("at", row.verifiedAt())
                        .add();
            }
            return batch.execute().length;
        });
    }
}
