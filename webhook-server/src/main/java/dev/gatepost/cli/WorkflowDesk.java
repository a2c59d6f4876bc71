package dev.gatepost.cli;

import dev.gatepost.intake.Rejudged;
import dev.gatepost.intake.RejudgedJson;
import dev.gatepost.intake.Rejudging;
import dev.gatepost.intake.Rejudging.Mode;
import dev.gatepost.intake.Simulation;
import dev.gatepost.intake.SimulationJson;
import dev.gatepost.intake.Simulator;
import dev.gatepost.rules.WorkflowJson;
import dev.gatepost.server.Books;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.StoredWorkflow;
import dev.gatepost.workspace.StoredWorkflows;
import dev.gatepost.workspace.StoredWorkflows.Saving;
import java.util.ArrayList;

/** Carries out orders about workflows. Safe for any thread. */
final class WorkflowDesk {

    /** Changed contacts that a person is shown; with {@code --json} there are more. */
    private static final int CHANGES_SHOWN_MAX = 10;

    private final Books books;

    WorkflowDesk(Books books) {
        this.books = books;
    }

    Outcome list(String workspace) {
        var all = books.workflows().all(workspace);
        var json = JsonLine.object();
        var each = json.putArray("workflows");
        all.forEach(stored -> each.addObject()
                .put("id", stored.id())
                .put("version", stored.version())
                .put("name", stored.name())
                .put("rules", stored.workflow().rules().size())
                .put("saved_at", stored.createdAt().toString())
                .put("saved_by", stored.createdBy()));
        var text = all.stream()
                .map(stored -> Painter.pad(stored.id(), 27) + "version " + stored.version() + "  " + stored.name())
                .toList();
        return Outcome.done(String.join("\n", text), json);
    }

    Outcome show(String workspace, String id) {
        var stored = current(workspace, id);
        var lines = new ArrayList<String>();
        lines.add(stored.name() + ", version " + stored.version() + ", saved " + stored.createdAt() + " by "
                + stored.createdBy());
        var number = 1;
        for (var rule : stored.workflow().rules()) {
            lines.add(Painter.pad(number++ + ".", 4)
                    + Painter.pad(rule.then().word(), 8)
                    + rule.name()
                    + (rule.message().isEmpty() ? "" : ": \"" + rule.message() + "\""));
        }
        lines.add("    " + Painter.pad(stored.workflow().otherwise().word(), 8) + "whatever is left");
        return Outcome.done(
                String.join("\n", lines),
                WorkflowJson.node(stored.workflow()).put("id", id).put("version", stored.version()));
    }

    /** As a file that {@code import} takes. */
    Outcome export(String workspace, String id) {
        var workflow = current(workspace, id).workflow();
        return Outcome.done(WorkflowJson.writePretty(workflow), WorkflowJson.node(workflow));
    }

    /** @param id the workflow that gets a new version; empty for a new workflow */
    Outcome save(String workspace, String file, String id) {
        var draft = WorkflowFile.read(file);
        var by = By.COMMAND.in(workspace);
        var saving = id.isEmpty()
                ? books.workflows().create(by, draft)
                : books.workflows().save(by, id, draft);
        return switch (saving) {
            case Saving.Saved(var saved) ->
                Outcome.done(
                        saved.id() + " is version " + saved.version() + " of \"" + saved.name() + "\"",
                        JsonLine.object().put("id", saved.id()).put("version", saved.version()));
            case Saving.Unknown _ -> throw unknown(id);
            case Saving.TooMany _ ->
                throw new Failure(
                        Exit.NO,
                        "too_many_workflows",
                        "a workspace has at most " + StoredWorkflows.WORKFLOWS_MAX + " workflows; delete one");
        };
    }

    Outcome use(String workspace, String id, String connection) {
        current(workspace, id);
        if (!books.connections().setWorkflow(By.COMMAND.in(workspace), connection, id)) {
            throw Failure.wrongUse("no_such_connection", "there is no connection " + connection);
        }
        return Outcome.done(
                "contacts of " + connection + " are judged by " + id,
                JsonLine.object().put("connection", connection).put("workflow", id));
    }

    Outcome simulate(String workspace, String file, String connection, String last) {
        var scope = new Simulator.Scope(workspace, connection, "", number(last, Simulator.VERDICTS_MAX));
        var simulation = new Simulator(books.database()).simulate(scope, WorkflowFile.read(file));
        return Outcome.done(text(simulation), SimulationJson.write(simulation));
    }

    private static String text(Simulation simulation) {
        var lines = new ArrayList<String>();
        lines.add(
                "%,d verdicts, %,d would be decided otherwise".formatted(simulation.verdicts(), simulation.changed()));
        for (var outcome : dev.gatepost.rules.Outcome.values()) {
            lines.add("  %-6s %,10d -> %,d"
                    .formatted(outcome.word(), simulation.before(outcome), simulation.after(outcome)));
        }
        simulation.changes().stream()
                .limit(CHANGES_SHOWN_MAX)
                .forEach(change ->
                        lines.add(change.email() + "  " + change.before().word() + " (" + change.ruleBefore() + ") -> "
                                + change.after().word() + " (" + change.ruleAfter() + ")"));
        return String.join("\n", lines);
    }

    Outcome rejudge(String workspace, String last, String apply) {
        var rejudged = books.rejudging()
                .run(workspace, number(last, Rejudging.VERDICTS_MAX), apply.equals("true") ? Mode.APPLY : Mode.LIST);
        if (apply.equals("true")) {
            books.database().write(handle -> {
                books.residents()
                        .audit()
                        .add(
                                handle,
                                By.COMMAND.in(workspace),
                                AuditAction.REJUDGED,
                                "",
                                rejudged.applied() + " verdicts");
                return true;
            });
        }
        return Outcome.done(text(rejudged), RejudgedJson.write(rejudged));
    }

    private static String text(Rejudged rejudged) {
        var lines = new ArrayList<String>();
        lines.add("%,d verdicts judged again: %,d came out otherwise, %,d are decided otherwise"
                .formatted(rejudged.looked(), rejudged.changed(), rejudged.decisionsChanged()));
        rejudged.changes().stream()
                .limit(CHANGES_SHOWN_MAX)
                .forEach(change ->
                        lines.add(change.email() + "  " + word(change.before()) + " -> " + word(change.after())));
        if (rejudged.applied() > 0) {
            lines.add("%,d written, %,d contacts told to their CRM"
                    .formatted(rejudged.applied(), rejudged.toWriteBack()));
        } else if (rejudged.changed() > 0) {
            lines.add("nothing was changed; with --apply it is");
        }
        return String.join("\n", lines);
    }

    private static String word(Rejudged.View view) {
        return view.label() + " " + view.score() + " " + view.decision();
    }

    private static int number(String text, int max) {
        if (text.isEmpty()) {
            return max;
        }
        if (text.matches("\\d{1,7}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= max) {
            return Integer.parseInt(text);
        }
        throw Failure.wrongUse("wrong_usage", "--last must be a whole number from 1 to " + max);
    }

    private StoredWorkflow current(String workspace, String id) {
        return books.workflows().current(workspace, id).orElseThrow(() -> unknown(id));
    }

    private static Failure unknown(String id) {
        return Failure.wrongUse(
                "no_such_workflow", "there is no workflow " + id + "; gatepost workflow list shows all");
    }
}
