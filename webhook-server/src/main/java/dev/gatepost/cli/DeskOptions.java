package dev.gatepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.connector.ConnectionOption;
import dev.gatepost.connector.ConnectionOption.Kind;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.intake.ConnectionOptions;
import dev.gatepost.server.Books;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Shows and chooses the options of connections. */
final class DeskOptions {
    /** What an argument's name begins with that holds an option. */
    static final String CHOSEN = "option.";

    private final Books books;
    private final ConnectionOptions options;

    DeskOptions(Books books, List<ConnectorPlugin> plugins) {
        this.books = books;
        this.options = new ConnectionOptions(books.connections(), plugins);
    }

    /** @throws IllegalArgumentException when an option cannot be so; the message names it */
    Outcome choose(String workspace, Order order) {
        var connection = DeskLeaving.find(books, workspace, order.argument("connection"));
        var changed = new HashMap<String, String>();
        order.arguments().forEach((name, value) -> {
            if (name.startsWith(CHOSEN)) {
                changed.put(name.substring(CHOSEN.length()), value);
            }
        });
        if (!changed.isEmpty() && !options.change(By.COMMAND.in(workspace), connection, changed)) {
            throw Failure.wrongUse("no_such_connection", "there is no connection " + connection.id());
        }
        return shown(books.connections().byId(connection.id()).orElse(connection));
    }

    private Outcome shown(Connection connection) {
        var lines = new ArrayList<String>();
        var json = JsonLine.object().put("connection", connection.id());
        var values = json.putObject("values");
        for (var option : options.of(connection)) {
            var value = option.of(connection.account());
            lines.add(option.name() + " = " + value
                    + (value.equals(option.kind().usual()) ? "  (default)" : "") + "\n    " + option.help());
            put(values, option, value);
        }
        return Outcome.done(String.join("\n", lines), json);
    }

    private static void put(ObjectNode values, ConnectionOption option, String value) {
        switch (option.kind()) {
            case Kind.WholeNumber _ -> values.put(option.name(), Long.parseLong(value));
            case Kind.Flag _ -> values.put(option.name(), Boolean.parseBoolean(value));
            case Kind.Word _, Kind.Text _ -> values.put(option.name(), value);
        }
    }
}
