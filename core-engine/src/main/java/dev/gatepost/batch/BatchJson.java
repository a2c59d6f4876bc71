package dev.gatepost.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.verify.Label;
import dev.gatepost.workspace.KeyKind;

/** A list as JSON: the same keys in the API and in hooks. */
public final class BatchJson {
    private BatchJson() {}

    /** One object. */
    public static ObjectNode of(Batch batch) {
        var rows = batch.rows();
        var tally = batch.tally();
        var node = JsonNodeFactory.instance
                .objectNode()
                .put("id", batch.id())
                .put("name", batch.name())
                .put("state", batch.state().word())
                .put("test", batch.kind() == KeyKind.TEST)
                .put("workflow_id", batch.workflowId())
                .put("workflow_name", batch.workflowName())
                .put("format", batch.format().word())
                .put("email_column", batch.emailColumn())
                .put("rows", rows.all())
                .put("unique", rows.unique())
                .put("duplicates", rows.duplicates())
                .put("no_address", rows.noAddress())
                .put("not_an_address", rows.notAnAddress())
                .put("done", tally.done())
                .put("given_up", tally.givenUp())
                .put("reused", tally.reused())
                .put("progress", batch.progress());
        var labels = node.putObject("labels");
        for (var label : Label.values()) {
            labels.put(label.word(), tally.labels().getOrDefault(label, 0L));
        }
        node.put("credits_estimate", batch.creditsEstimate())
                .put("credits_charged", tally.credits())
                .put("created_at", batch.createdAt().toString());
        var finishedAt = batch.finishedAt();
        return node.put("finished_at", finishedAt == null ? null : finishedAt.toString())
                .put("expires_at", batch.expiresAt().toString());
    }
}
