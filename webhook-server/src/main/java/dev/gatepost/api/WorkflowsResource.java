package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.api.Parameters.Page;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.intake.SimulationJson;
import dev.gatepost.intake.Simulator;
import dev.gatepost.rules.Workflow;
import dev.gatepost.workspace.Connections;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.StoredWorkflow;
import dev.gatepost.workspace.StoredWorkflows;
import dev.gatepost.workspace.StoredWorkflows.Archiving;
import dev.gatepost.workspace.StoredWorkflows.Saving;
import java.util.List;
import java.util.Optional;

/** {@code /v1/workflows}: the workspace's rules, their versions, and what a draft would change. */
public final class WorkflowsResource implements Resource {

    private static final int ID_CHARS_MAX = 64;

    /** Verdicts of a simulation that names no number. */
    private static final int VERDICTS_USUAL = 100_000;

    private final StoredWorkflows workflows;
    private final Connections connections;
    private final Simulator simulator;
    private final Once once;

    public WorkflowsResource(StoredWorkflows workflows, Connections connections, Simulator simulator, Once once) {
        this.workflows = requireNonNull(workflows, "workflows");
        this.connections = requireNonNull(connections, "connections");
        this.simulator = requireNonNull(simulator, "simulator");
        this.once = requireNonNull(once, "once");
    }

    @Override
    public List<Route> routes() {
        var look = Permit.look(Scope.READ, Scope.ADMIN);
        var change = Permit.change(Scope.ADMIN);
        return List.of(
                Route.get("/v1/workflows", look, this::list),
                Route.post("/v1/workflows", change, this::create),
                Route.get("/v1/workflows/{id}", look, this::show),
                Route.put("/v1/workflows/{id}", change, this::save),
                Route.delete("/v1/workflows/{id}", change, this::delete),
                Route.get("/v1/workflows/{id}/versions", look, this::versions),
                Route.post("/v1/workflows/{id}/simulate", look, this::simulate),
                Route.post("/v1/workflows/{id}/rollback", change, this::rollBack),
                Route.put("/v1/connections/{id}/workflow", change, this::choose));
    }

    /** All of them: a workspace has {@link StoredWorkflows#WORKFLOWS_MAX} at most. */
    private Reply list(Call call) {
        call.query(_ -> "");
        var all = workflows.all(call.workspaceId());
        return Reply.ok(Listing.of(all, new Page("", all.size()), StoredWorkflow::id, WorkflowFields::json));
    }

    private Reply create(Call call) {
        var draft = WorkflowFields.read(call.json());
        var reply = once.run(call, handle -> switch (workflows.create(handle, call.by(), draft)) {
            case Saving.Saved(var saved) -> Reply.created(WorkflowFields.json(saved));
            case Saving.TooMany _ ->
                throw new Refused(Fault.CONFLICT.saying("A workspace has at most " + StoredWorkflows.WORKFLOWS_MAX
                        + " workflows; delete one that nothing uses."));
            case Saving.Unknown _ -> throw new Refused(Problem.notFound());
        });
        workflows.changed();
        return reply;
    }

    private Reply show(Call call) {
        call.query(_ -> "");
        return Reply.ok(WorkflowFields.json(current(call)));
    }

    private Reply save(Call call) {
        return saved(workflows.save(call.by(), call.path("id"), WorkflowFields.read(call.json())));
    }

    private static Reply saved(Saving saving) {
        return switch (saving) {
            case Saving.Saved(var saved) -> Reply.ok(WorkflowFields.json(saved));
            case Saving.Unknown _ -> throw new Refused(Problem.notFound());
            case Saving.TooMany _ -> throw new IllegalStateException("a version of a workflow is no workflow more");
        };
    }

    private Reply delete(Call call) {
        return switch (workflows.archive(call.by(), call.path("id"))) {
            case Archiving.Archived _ -> Reply.nothing();
            case Archiving.Unknown _ -> throw new Refused(Problem.notFound());
            case Archiving.InUse(var by) ->
                throw new Refused(Fault.CONFLICT.saying(
                        "The workflow judges " + String.join(", ", by) + "; choose another for these first."));
        };
    }

    private Reply versions(Call call) {
        var page = call.query(parameters -> {
            var read = parameters.page();
            if (!read.after().matches("\\d{0,9}")) {
                throw parameters.wrong("after", "must be a version as next gave it");
            }
            return read;
        });
        var before = page.after().isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(page.after());
        var rows = workflows.versions(call.workspaceId(), call.path("id"), before, page.limit() + 1);
        if (rows.isEmpty() && page.after().isEmpty()) {
            throw new Refused(Problem.notFound());
        }
        return Reply.ok(Listing.of(rows, page, row -> Integer.toString(row.version()), WorkflowFields::json));
    }

    private Reply rollBack(Call call) {
        var version = call.body(fields -> fields.optionalNumber("version", 1, Integer.MAX_VALUE)
                .orElseThrow(() -> fields.missing("version"))
                .intValue());
        var reply = once.run(call, handle -> saved(workflows.rollBack(handle, call.by(), call.path("id"), version)));
        workflows.changed();
        return reply;
    }

    /** Has a connection's contacts judged by another workflow. */
    private Reply choose(Call call) {
        var workflow = call.body(fields -> {
            var id = fields.text("workflow", ID_CHARS_MAX);
            if (workflows.current(call.workspaceId(), id).isEmpty()) {
                throw fields.wrong("workflow", "must be the id of a workflow in use");
            }
            return id;
        });
        if (!connections.setWorkflow(call.by(), call.path("id"), workflow)) {
            throw new Refused(Problem.notFound());
        }
        return Reply.nothing();
    }

    /**
     * What to simulate.
     *
     * @param draft empty: the workflow as it is saved
     */
    private record Trial(Optional<Workflow> draft, Simulator.Scope scope) {}

    private Reply simulate(Call call) {
        var trial = call.body(fields -> new Trial(
                fields.node("workflow").map(node -> WorkflowFields.read(object(fields, node), "workflow.")),
                new Simulator.Scope(
                        call.workspaceId(),
                        fields.optionalText("connection_id", ID_CHARS_MAX).orElse(""),
                        fields.optionalText("workflow_id", ID_CHARS_MAX).orElse(""),
                        (int) fields.number("last", 1, Simulator.VERDICTS_MAX, VERDICTS_USUAL))));
        var saved = current(call).workflow();
        return Reply.ok(SimulationJson.write(
                simulator.simulate(trial.scope(), trial.draft().orElse(saved))));
    }

    private static ObjectNode object(Fields fields, JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw fields.wrong("workflow", "must be an object");
    }

    private StoredWorkflow current(Call call) {
        return workflows
                .current(call.workspaceId(), call.path("id"))
                .orElseThrow(() -> new Refused(Problem.notFound()));
    }
}
