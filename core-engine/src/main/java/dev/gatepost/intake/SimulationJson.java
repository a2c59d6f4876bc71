package dev.gatepost.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.rules.Outcome;
import java.util.function.ToLongFunction;

/** A simulation as JSON, for the API and the command line. */
public final class SimulationJson {
    private SimulationJson() {}

    /** An object. */
    public static ObjectNode write(Simulation simulation) {
        var node = JsonNodeFactory.instance
                .objectNode()
                .put("verdicts", simulation.verdicts())
                .put("changed", simulation.changed())
                .put(
                        "oldest",
                        simulation.verdicts() == 0 ? null : simulation.oldest().toString());
        counts(node.putObject("before"), simulation::before);
        counts(node.putObject("after"), simulation::after);
        var shifts = node.putArray("shifts");
        simulation
                .shifts()
                .forEach(shift -> shifts.addObject()
                        .put("before", shift.before().word())
                        .put("after", shift.after().word())
                        .put("count", shift.count()));
        var changes = node.putArray("changes");
        simulation
                .changes()
                .forEach(change -> changes.addObject()
                        .put("verification_id", change.verificationId())
                        .put("email", change.email())
                        .put("connection_id", change.connectionId())
                        .put("object_id", change.objectId())
                        .put("decision_before", change.before().word())
                        .put("rule_before", change.ruleBefore())
                        .put("decision_after", change.after().word())
                        .put("rule_after", change.ruleAfter())
                        .put("message_after", change.message()));
        return node;
    }

    private static void counts(ObjectNode node, ToLongFunction<Outcome> count) {
        for (var outcome : Outcome.values()) {
            node.put(outcome.word(), count.applyAsLong(outcome));
        }
    }
}
