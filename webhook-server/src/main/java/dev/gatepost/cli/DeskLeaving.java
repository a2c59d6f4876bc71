package dev.gatepost.cli;

import dev.gatepost.connector.Connector;
import dev.gatepost.intake.ConnectionSwitch;
import dev.gatepost.intake.Pipeline;
import dev.gatepost.server.Books;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Ends connections. */
final class DeskLeaving {
    private final Books books;
    private final Desk.Reach reach;

    DeskLeaving(Books books, Desk.Reach reach) {
        this.books = books;
        this.reach = reach;
    }

    /** Stops working on the account, and takes our webhooks out of it as far as it lets us. */
    Outcome leave(String workspace, String name) {
        var connection = find(books, workspace, name);
        var left = switching().disconnect(connection, By.COMMAND.in(workspace));
        var json = JsonLine.object().put("connection", connection.id()).put("disconnected", left.isPresent());
        if (left.isEmpty()) {
            return Outcome.no(connection.name() + " is disconnected already", json);
        }
        List<String> done = new ArrayList<>(left.get());
        var steps = json.putArray("done");
        done.forEach(steps::add);
        done.add("disconnected: " + connection.name());
        return Outcome.done(String.join("\n", done), json);
    }

    private ConnectionSwitch switching() {
        return reach.pipeline()
                .get()
                .map(Pipeline::switching)
                .orElseGet(() -> ConnectionSwitch.atRest(
                        new ConnectionSwitch.Books(books.database(), books.connections(), InstantSource.system()),
                        this::connector));
    }

    private Connector connector(Connection connection) {
        return reach.plugins().stream()
                .filter(plugin -> plugin.id().equals(connection.plugin()))
                .findFirst()
                .orElseThrow(
                        () -> Failure.wrongUse("no_such_connector", "there is no connector " + connection.plugin()))
                .connect(connection.account(), reach.tools().get());
    }

    /** By id, or by the kind of CRM where there is only one. */
    static Connection find(Books books, String workspace, String name) {
        var found = books.connections().all().stream()
                .filter(connection -> connection.workspaceId().equals(workspace))
                .filter(connection -> connection.id().equals(name)
                        || (connection.plugin().equals(name) && !connection.isDisconnected()))
                .toList();
        return switch (found.size()) {
            case 0 -> throw Failure.wrongUse("no_such_connection", "there is no connection " + name);
            case 1 -> found.getFirst();
            default ->
                throw Failure.wrongUse(
                        "which_connection",
                        "there are several; name one of "
                                + String.join(
                                        ", ", found.stream().map(Connection::id).toList()));
        };
    }
}
