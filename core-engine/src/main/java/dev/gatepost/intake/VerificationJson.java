package dev.gatepost.intake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Trait;
import java.time.temporal.ChronoUnit;

/** A verification as JSON: the same keys everywhere, in the API, hooks and files. */
public final class VerificationJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private VerificationJson() {}

    /** How much of it to write. */
    public enum Detail {
        PLAIN,
        /** With the evidence and the steps of the score. */
        EVIDENCE
    }

    /** One line of JSON. */
    public static String write(Settled settled, Detail detail) {
        var verification = settled.judged().verification();
        var verdict = verification.verdict();
        var node = JSON.createObjectNode()
                .put("id", verification.id())
                .put("email", verification.email())
                .put("normalized", verification.normalized())
                .put("status", verdict.status().word())
                .put("label", verdict.label().word())
                .put("score", verdict.score())
                .put("reason", verdict.reason().code())
                .put("reason_text", verification.reasonText());
        for (var trait : Trait.values()) {
            if (trait != Trait.HOMOGRAPH && trait != Trait.IMPLICIT_MX) {
                node.put(trait.word(), verdict.has(trait));
            }
        }
        node.put("homograph", verdict.has(Trait.HOMOGRAPH)).put("implicit_mx", verdict.has(Trait.IMPLICIT_MX));
        node.put("suggestion", verification.suggestion())
                .put("domain", verification.domain())
                .put("provider", verification.provider());
        var mx = node.putArray("mx");
        verification.mx().forEach(mx::add);
        node.put("workflow_id", settled.judged().workflow().id())
                .put("workflow_name", settled.judged().workflow().name())
                .put("workflow_version", settled.judged().workflow().version())
                .put("decision", settled.judged().decision().word())
                .put("rule", settled.judged().decision().rule())
                .put("message", settled.judged().decision().message())
                .put("final", settled.finality() == Finality.FINAL)
                .put("credits_charged", settled.credits())
                .put("billing", settled.billing().word())
                .put(
                        "verified_at",
                        verification.at().truncatedTo(ChronoUnit.MILLIS).toString())
                .put(
                        "valid_until",
                        settled.validUntil().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("duration_ms", verification.took().toMillis());
        if (detail == Detail.EVIDENCE) {
            addEvidence(node, settled);
        }
        return node.toString();
    }

    private static void addEvidence(ObjectNode node, Settled settled) {
        var verification = settled.judged().verification();
        var steps = node.putArray("score_steps");
        verification
                .verdict()
                .steps()
                .forEach(step -> steps.addObject().put("reason", step.reason()).put("delta", step.delta()));
        node.putRawValue("evidence", new RawValue(EvidenceJson.write(verification.evidence())));
    }
}
