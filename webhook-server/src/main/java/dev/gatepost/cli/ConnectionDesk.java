package dev.gatepost.cli;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.Backfill.Scope;
import dev.gatepost.intake.Backfills.Starting;
import dev.gatepost.intake.Pipeline;
import dev.gatepost.server.Books;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import java.util.ArrayList;
import java.util.Optional;

/** Carries out orders about connections. Safe for any thread. */
final class ConnectionDesk {

    private final Books books;
    private final Optional<Pipeline> pipeline;

    /** @param pipeline empty where no server runs */
    ConnectionDesk(Books books, Optional<Pipeline> pipeline) {
        this.books = requireNonNull(books, "books");
        this.pipeline = requireNonNull(pipeline, "pipeline");
    }

    Outcome list(String workspace) {
        var json = JsonLine.object();
        var rows = json.putArray("connections");
        var lines = new ArrayList<String>();
        for (var each : books.connections().all()) {
            if (each.workspaceId().equals(workspace)) {
                var reason = each.stateReason().isEmpty() ? "" : "  " + each.stateReason();
                lines.add(each.id() + "  " + each.name() + "  " + each.state().word() + reason);
                rows.addObject()
                        .put("id", each.id())
                        .put("plugin", each.plugin())
                        .put("account", each.account().account())
                        .put("name", each.name())
                        .put("state", each.state().word())
                        .put("state_reason", each.stateReason());
            }
        }
        return Outcome.done(
                lines.isEmpty() ? "nothing is connected; see gatepost connect --help" : String.join("\n", lines), json);
    }

    Outcome backfill(Order order) {
        var connection = books.connections()
                .byId(order.argument("connection"))
                .orElseThrow(() -> Failure.wrongUse(
                        "no_such_connection",
                        "there is no connection " + order.argument("connection")
                                + "; gatepost connections lists them"));
        var running = pipeline.orElseThrow(() -> new Failure(
                Exit.WORLD_FAILED, "no_server", "a backfill is done by the server; start it with gatepost serve"));
        var scope = Scope.of(order.argument("source"), order.argument("list"), days(order.argument("days")));
        return order.argument("estimate").isEmpty()
                ? start(running, connection, scope)
                : estimate(running, connection, scope);
    }

    private static int days(String text) {
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    private static Outcome estimate(Pipeline running, Connection connection, Scope scope) {
        var seen = running.backfills().estimate(connection.id(), scope).orElseThrow();
        var contacts = seen.contacts() < 0 ? "an unknown number" : String.valueOf(seen.contacts());
        return Outcome.done(
                "contacts      " + contacts + "\nknown         " + seen.known() + "\nduplicates    " + seen.duplicates()
                        + "\nno address    " + seen.withoutEmail() + "\ncredits       " + seen.credits()
                        + " at most\nminutes       " + seen.minutes(),
                JsonLine.object()
                        .put("contacts", seen.contacts() < 0 ? null : (Long) seen.contacts())
                        .put("known", seen.known())
                        .put("duplicates", seen.duplicates())
                        .put("without_email", seen.withoutEmail())
                        .put("credits", seen.credits())
                        .put("minutes", seen.minutes()));
    }

    private Outcome start(Pipeline running, Connection connection, Scope scope) {
        if (!connection.isActive()) {
            return Outcome.failed(
                    Exit.NO,
                    "not_active",
                    "the connection is " + connection.state().word() + ": " + connection.stateReason());
        }
        var expected = running.backfills().expected(connection.id(), scope);
        return books.database().write(handle -> switch (running.backfills()
                .start(handle, connection.id(), scope, expected, By.COMMAND.actor())) {
            case Starting.Started(var backfill) -> {
                books.residents()
                        .audit()
                        .add(
                                handle,
                                By.COMMAND.in(connection.workspaceId()),
                                AuditAction.BACKFILL_STARTED,
                                backfill.id(),
                                scope.word());
                yield Outcome.done(
                        "backfill " + backfill.id() + " has begun; GET /v1/connections/" + connection.id()
                                + "/backfills tells how far it is",
                        JsonLine.object().put("backfill", backfill.id()).put("connection", connection.id()));
            }
            case Starting.Busy(var other) ->
                Outcome.failed(Exit.NO, "busy", "backfill " + other.id() + " is not at its end yet");
            case Starting.NoConnection _ -> Outcome.failed(Exit.NO, "no_such_connection", "it is gone");
        });
    }
}
