package dev.gatepost.intake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.gatepost.intake.VerificationJson.Detail;
import dev.gatepost.store.Padded;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Trait;
import dev.gatepost.verify.Verification;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Reads verifications back as JSON with the keys of {@link VerificationJson}. Safe for any thread. */
public final class StoredVerifications {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Which ones to list; empty texts filter nothing.
     *
     * @param side whether those of test keys, or those of everybody else
     * @param who whose verifications
     * @param decision word of the decision
     * @param finality {@code true} or {@code false}
     * @param beforeId only what is older than the verification with this id
     */
    public record Filter(
            String workspaceId,
            Side side,
            Who who,
            String label,
            String workflowId,
            String decision,
            String finality,
            String beforeId,
            int limit) {}

    /** Whose verifications to list. */
    public sealed interface Who {
        /** Everybody's. */
        record Anybody() implements Who {}

        /** One address in any spelling. */
        record Address(String normalized) implements Who {}

        /** A text that is no address, as it was given. */
        record Text(String text) implements Who {}
    }

    /** Test keys see what test keys did, and nobody else does. */
    public enum Side {
        LIVE,
        TEST
    }

    /** One verification of a workspace. */
    public Optional<ObjectNode> find(Handle handle, String workspaceId, Side side, String id, Detail detail) {
        return handle.createQuery(
                        "select * from verification where id = :id and workspace_id = :workspace and " + on(side))
                .bind("id", id)
                .bind("workspace", workspaceId)
                .map((row, _) -> json(row, detail))
                .findOne();
    }

    /** Some verifications by their ids, whoever asked for them; those that are gone are missing. */
    public Map<String, ObjectNode> byIds(Handle handle, Collection<String> ids) {
        var found = new HashMap<String, ObjectNode>();
        for (var part : Padded.parts(ids)) {
            handle.createQuery("select * from verification where id in (<ids>)")
                    .bindList("ids", part)
                    .map((row, _) -> json(row, Detail.PLAIN))
                    .forEach(each -> found.put(each.path("id").asText(), each));
        }
        return found;
    }

    /** The newest first; ids sort by time. */
    public List<ObjectNode> page(Handle handle, Filter filter) {
        return handle.createQuery(
                        """
                        select * from verification
                        where workspace_id = :workspace and (:before = '' or id < :before)
                            and (:label = '' or label = :label)
                            and (:workflow = '' or workflow_id = :workflow)
                            and (:decision = '' or decision = :decision)
                            and (:final = '' or final = case :final when 'true' then 1 else 0 end)
                            and\s""" + of(filter.who()) + " and " + on(filter.side()) + " order by id desc limit :limit")
                .bind("workspace", filter.workspaceId())
                .bind("before", filter.beforeId())
                .bind("who", text(filter.who()))
                .bind("label", filter.label())
                .bind("workflow", filter.workflowId())
                .bind("decision", filter.decision())
                .bind("final", filter.finality())
                .bind("limit", filter.limit())
                .map((row, _) -> json(row, Detail.PLAIN))
                .list();
    }

    private static String of(Who who) {
        return switch (who) {
            case Who.Anybody _ -> ":who = ''";
            case Who.Address _ -> "normalized = :who";
            case Who.Text _ -> "normalized = '' and email = :who";
        };
    }

    private static String text(Who who) {
        return switch (who) {
            case Who.Anybody _ -> "";
            case Who.Address(var normalized) -> normalized;
            case Who.Text(var text) -> text;
        };
    }

    private static String on(Side side) {
        return switch (side) {
            case LIVE -> "source <> 'test'";
            case TEST -> "source = 'test'";
        };
    }

    /** Only a text that is no address has a sentence of its own, so only then the evidence is read. */
    private static String reasonText(Reason reason, ResultSet row) throws SQLException {
        return reason == Reason.INVALID_SYNTAX
                ? Verification.reasonText(reason, EvidenceJson.read(row.getString("evidence")))
                : reason.sentence();
    }

    private static ObjectNode json(ResultSet row, Detail detail) throws SQLException {
        var reason = Reason.valueOf(row.getString("reason").toUpperCase(Locale.ROOT));
        var node = JSON.createObjectNode()
                .put("id", row.getString("id"))
                .put("email", row.getString("email"))
                .put("normalized", row.getString("normalized"))
                .put("status", row.getString("status"))
                .put("label", row.getString("label"))
                .put("score", row.getInt("score"))
                .put("reason", reason.code())
                .put("reason_text", reasonText(reason, row));
        var traits = List.of(row.getString("traits").split(" "));
        for (var trait : Trait.values()) {
            if (trait != Trait.HOMOGRAPH && trait != Trait.IMPLICIT_MX) {
                node.put(trait.word(), traits.contains(trait.word()));
            }
        }
        node.put("homograph", traits.contains(Trait.HOMOGRAPH.word()))
                .put("implicit_mx", traits.contains(Trait.IMPLICIT_MX.word()))
                .put("suggestion", row.getString("suggestion"))
                .put("domain", row.getString("domain"))
                .put("provider", row.getString("provider"));
        var mx = node.putArray("mx");
        if (!row.getString("mx").isEmpty()) {
            List.of(row.getString("mx").split(" ")).forEach(mx::add);
        }
        node.put("workflow_id", row.getString("workflow_id"))
                .put("workflow_name", row.getString("workflow_name"))
                .put("workflow_version", row.getInt("workflow_version"))
                .put("decision", row.getString("decision"))
                .put("rule", row.getString("rule"))
                .put("message", row.getString("message"))
                .put("final", row.getInt("final") == 1)
                .put("credits_charged", row.getInt("credits"))
                .put("billing", row.getString("billing"))
                .put(
                        "verified_at",
                        Instant.ofEpochMilli(row.getLong("verified_at")).toString())
                .put(
                        "valid_until",
                        Instant.ofEpochMilli(row.getLong("valid_until")).toString())
                .put("duration_ms", row.getLong("duration_ms"));
        if (detail == Detail.EVIDENCE) {
            addEvidence(node, row);
        }
        return node;
    }

    private static void addEvidence(ObjectNode node, ResultSet row) throws SQLException {
        var steps = node.putArray("score_steps");
        var text = row.getString("steps");
        for (var step : text.isEmpty() ? List.<String>of() : List.of(text.split(",", -1))) {
            var words = step.split(" ", -1);
            steps.addObject().put("reason", words[0]).put("delta", Integer.parseInt(words[1]));
        }
        node.putRawValue("evidence", new RawValue(row.getString("evidence")));
    }
}
