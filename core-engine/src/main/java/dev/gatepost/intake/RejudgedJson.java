package dev.gatepost.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** What judging again came to, as JSON for the API and the command line. */
public final class RejudgedJson {
    private RejudgedJson() {}

    /** An object. */
    public static ObjectNode write(Rejudged rejudged) {
        var node = JsonNodeFactory.instance
                .objectNode()
                .put("looked", rejudged.looked())
                .put("changed", rejudged.changed())
                .put("decisions_changed", rejudged.decisionsChanged())
                .put("unreadable", rejudged.unreadable())
                .put("applied", rejudged.applied())
                .put("to_write_back", rejudged.toWriteBack());
        var changes = node.putArray("changes");
        rejudged.changes().forEach(change -> {
            var each = changes.addObject()
                    .put("verification_id", change.verificationId())
                    .put("email", change.email())
                    .put("connection_id", change.connectionId())
                    .put("object_id", change.objectId());
            view(each.putObject("before"), change.before());
            view(each.putObject("after"), change.after());
        });
        return node;
    }

    private static void view(ObjectNode node, Rejudged.View view) {
        node.put("label", view.label())
                .put("status", view.status())
                .put("reason", view.reason())
                .put("score", view.score());
        var traits = node.putArray("traits");
        Arrays.stream(view.traits().split(" "))
                .filter(trait -> !trait.isEmpty())
                .forEach(traits::add);
        node.put("decision", view.decision()).put("rule", view.rule());
    }
}
