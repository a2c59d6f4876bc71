package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.connector.ConnectionOption;
import dev.gatepost.connector.ConnectionOption.Kind;
import dev.gatepost.intake.ConnectionOptions;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.Connections;
import java.util.HashMap;
import java.util.List;

/** {@code /v1/connections/{id}/options}: what an admin chooses for a connection. */
public final class ConnectionOptionsResource implements Resource {
    private static final String PATH = "/v1/connections/{id}/options";

    private final Connections connections;
    private final ConnectionOptions options;

    public ConnectionOptionsResource(Connections connections, ConnectionOptions options) {
        this.connections = requireNonNull(connections, "connections");
        this.options = requireNonNull(options, "options");
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, ConnectionsResource.LOOK, this::show),
                Route.put(PATH, ConnectionsResource.CHANGE, this::replace));
    }

    private Reply show(Call call) {
        call.query(_ -> "");
        return Reply.ok(json(ConnectionsResource.found(connections, call)));
    }

    /** What is left out has its usual value again. */
    private Reply replace(Call call) {
        var connection = ConnectionsResource.found(connections, call);
        var known = options.of(connection);
        var chosen = call.body(fields -> {
            var values = fields.object("values").orElseThrow(() -> fields.missing("values"));
            var read = new HashMap<String, String>();
            known.forEach(option ->
                    values.node(option.name()).ifPresent(node -> read.put(option.name(), text(option, node, values))));
            values.end();
            return read;
        });
        if (!options.replace(call.by(), connection, chosen)) {
            throw ConnectionsResource.missing();
        }
        return Reply.ok(json(ConnectionsResource.found(connections, call)));
    }

    private static String text(ConnectionOption option, JsonNode node, Fields values) {
        var fits = switch (option.kind()) {
            case Kind.WholeNumber _ -> node.isIntegralNumber();
            case Kind.Flag _ -> node.isBoolean();
            case Kind.Word _, Kind.Text _ -> node.isTextual();
        };
        if (!fits || !option.kind().takes(node.asText())) {
            throw values.wrong(option.name(), option.kind().must());
        }
        return node.asText();
    }

    private ObjectNode json(Connection connection) {
        var json = JsonNodeFactory.instance.objectNode();
        var values = json.putObject("values");
        var declared = json.putArray("options");
        for (var option : options.of(connection)) {
            put(values, option.name(), option, option.of(connection.account()));
            declared.add(declaration(option));
        }
        return json;
    }

    private static ObjectNode declaration(ConnectionOption option) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("name", option.name())
                .put("label", option.label())
                .put("help", option.help());
        put(json, "default", option, option.kind().usual());
        return switch (option.kind()) {
            case Kind.WholeNumber(var min, var max, var _) ->
                json.put("kind", "number").put("min", min).put("max", max);
            case Kind.Flag _ -> json.put("kind", "flag");
            case Kind.Word(var words, var _) -> {
                words.forEach(json.put("kind", "word").putArray("words")::add);
                yield json;
            }
            case Kind.Text(var charsMax, var _) -> json.put("kind", "text").put("max", charsMax);
        };
    }

    private static void put(ObjectNode json, String name, ConnectionOption option, String value) {
        switch (option.kind()) {
            case Kind.WholeNumber _ -> json.put(name, Long.parseLong(value));
            case Kind.Flag _ -> json.put(name, Boolean.parseBoolean(value));
            case Kind.Word _, Kind.Text _ -> json.put(name, value);
        }
    }
}
