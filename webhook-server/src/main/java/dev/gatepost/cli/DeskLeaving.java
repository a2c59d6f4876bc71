package dev.gatepost.cli;

import dev.gatepost.server.Books;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.ConnectionState;
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

    /** Takes our webhooks out of the account, as far as it lets us, and stops working on it. */
    Outcome leave(String workspace, String name) {
        var connection = find(workspace, name);
        List<String> done = new ArrayList<>();
        reach.plugins().stream()
                .filter(plugin -> plugin.id().equals(connection.plugin()))
                .findFirst()
                .ifPresent(plugin -> done.addAll(
                        plugin.connect(connection.account(), reach.tools().get())
                                .leave()));
        books.connections().setState(connection.id(), ConnectionState.DISCONNECTED, "by gatepost disconnect");
        var json = JsonLine.object().put("connection", connection.id());
        var steps = json.putArray("done");
        done.forEach(steps::add);
        done.add("disconnected: " + connection.name());
        return Outcome.done(String.join("\n", done), json);
    }

    private Connection find(String workspace, String name) {
        var found = books.connections().all().stream()
                .filter(connection -> connection.workspaceId().equals(workspace))
                .filter(connection -> connection.id().equals(name)
                        || (connection.plugin().equals(name) && connection.state() != ConnectionState.DISCONNECTED))
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
