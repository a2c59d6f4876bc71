package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Connector;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Reply;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.egress.RetryPlan;
import dev.gatepost.intake.Events.Move;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.intake.Telling.Decided;
import dev.gatepost.workspace.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells the steps of a CRM's workflows, that wait, what their errands came to. */
final class Replying {
    private final DrainTools tools;
    private final Telling telling;
    private final Connection connection;
    private final Connector connector;

    Replying(DrainTools tools, Telling telling, Connection connection, Connector connector) {
        this.tools = requireNonNull(tools, "tools");
        this.telling = requireNonNull(telling, "telling");
        this.connection = requireNonNull(connection, "connection");
        this.connector = requireNonNull(connector, "connector");
    }

    private record Waiting(EventRow event, Reply reply) {}

    /**
     * Replies for those events somebody waits for and whose answer is final.
     *
     * @return for each event whose reply did not get through, by id, when it comes again
     */
    Map<String, Move> reply(List<EventRow> events, List<Decided> decided) {
        var rows = new HashMap<String, Decided>();
        decided.forEach(each -> rows.put(each.event().id(), each));
        var waiting = new ArrayList<Waiting>();
        for (var event : events) {
            if (event.hasCallback()) {
                outcome(event, Optional.ofNullable(rows.get(event.id())))
                        .ifPresent(outcome -> waiting.add(
                                new Waiting(event, new Reply(event.occasion().callback(), outcome))));
            }
        }
        return waiting.isEmpty() ? Map.of() : tell(waiting);
    }

    private Map<String, Move> tell(List<Waiting> waiting) {
        var outcomes = connector.reply(waiting.stream().map(Waiting::reply).toList());
        var again = new HashMap<String, Move>();
        var told = new ArrayList<String>();
        var now = tools.clock().instant();
        for (int i = 0; i < waiting.size(); i++) {
            var event = waiting.get(i).event();
            switch (outcomes.get(i)) {
                case WriteBack.Written _, WriteBack.Skipped _, WriteBack.GaveUp _ -> told.add(event.id());
                case WriteBack.RetryLater(var after, var why, var counts) -> {
                    var move = counts == WriteBack.Attempt.COUNTED
                            ? telling.again(event, after, why, now)
                            : Move.again(event, why, now.plus(RetryPlan.free(after)), event.attempts());
                    again.put(event.id(), move);
                }
                case WriteBack.Refused(var refusal, var why) -> {
                    telling.refused(refusal, why);
                    again.put(
                            event.id(),
                            new Move(event, EventState.HELD, why, null, event.attempts(), event.verificationId()));
                }
            }
        }
        tools.database().write(handle -> {
            told.forEach(id -> tools.events().replied(handle, id));
            return true;
        });
        return again;
    }

    /** Empty while the answer is not final. */
    private Optional<Reply.Outcome> outcome(EventRow event, Optional<Decided> decided) {
        if (decided.isEmpty()) {
            return Optional.of(new Reply.Outcome.Failed(event.reason().isEmpty() ? "erased" : event.reason()));
        }
        return decided.filter(each -> each.row().finality() == Finality.FINAL)
                .map(each -> new Reply.Outcome.Found(finding(tools, connection, each)));
    }

    /** What was found, judged by the workflow that the errand names. */
    static Finding finding(DrainTools tools, Connection connection, Decided decided) {
        var found = Telling.finding(decided);
        var workflow = tools.workflow(connection, decided.event());
        if (workflow.id().equals(decided.row().workflowId())) {
            return found;
        }
        var decision = tools.database()
                .read(handle ->
                        tools.verifications().stored(handle, decided.row().id()))
                .map(verification ->
                        Judged.by(workflow, verification).decision().word());
        return decision.map(found::withDecision).orElse(found);
    }
}
