package dev.gatepost.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.rules.Mistake;
import dev.gatepost.rules.Reading;
import dev.gatepost.rules.Workflow;
import dev.gatepost.rules.WorkflowJson;
import dev.gatepost.workspace.StoredWorkflow;
import java.util.List;

/** Workflows as the API takes and gives them. Pure. */
final class WorkflowFields {

    /** What we add to a workflow when we show it, and pass over when it comes back changed. */
    private static final List<String> OURS = List.of("id", "version", "saved_at", "saved_by", "restored_from");

    private WorkflowFields() {}

    /** The workflow in a request's body. */
    static Workflow read(ObjectNode body) {
        return read(body, "");
    }

    /** The workflow in an object that stands at {@code prefix}. */
    static Workflow read(ObjectNode object, String prefix) {
        var rules = object.deepCopy().remove(OURS);
        return switch (WorkflowJson.read(rules.toString())) {
            case Reading.Good(var workflow) -> workflow;
            case Reading.Wrong wrong -> throw refused(wrong, prefix);
        };
    }

    /** Every mistake stands in the detail; the code and the field are those of the first. */
    private static Refused refused(Reading.Wrong wrong, String prefix) {
        var first = wrong.mistakes().getFirst();
        return new Refused(fault(first).of(prefix + first.path(), wrong.sentence()));
    }

    private static Fault fault(Mistake mistake) {
        return switch (mistake.kind()) {
            case UNKNOWN -> Fault.UNKNOWN_FIELD;
            case MISSING -> Fault.MISSING_FIELD;
            case WRONG -> Fault.INVALID_FIELD;
        };
    }

    static ObjectNode json(StoredWorkflow stored) {
        var json = stored.workflow();
        var node = WorkflowJson.node(json);
        node.put("id", stored.id())
                .put("version", stored.version())
                .put("saved_at", stored.createdAt().toString())
                .put("saved_by", stored.createdBy())
                .put("restored_from", stored.restoredFrom() == 0 ? null : (Integer) stored.restoredFrom());
        return node;
    }
}
