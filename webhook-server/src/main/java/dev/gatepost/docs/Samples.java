package dev.gatepost.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;

/** Makes up an example of a schema that has none: a value that the schema allows, and a person recognises. Pure. */
final class Samples {

    private static final String ID = "01kb0x5s8r3f6v9y2m4p7q0t1w";
    private static final String TIME = "2026-11-23T09:14:00Z";

    /** What fields of these names hold, wherever they are. */
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("email", "jane.miller@acme.io"),
            Map.entry("normalized", "jane.miller@acme.io"),
            Map.entry("domain", "acme.io"),
            Map.entry("mx", "mx1.acme.io"),
            Map.entry("name", "Acme"),
            Map.entry("workspace", "main"),
            Map.entry("workflow_name", "Standard"),
            Map.entry("reason", "accepted"),
            Map.entry("reason_text", "The mail host accepts the address."),
            Map.entry("rule", "default"),
            Map.entry("message", ""),
            Map.entry("suggestion", ""),
            Map.entry("provider", ""),
            Map.entry("hint", "t1Wx"),
            Map.entry("ranges", "203.0.113.0/24"),
            Map.entry("origins", "https://www.acme.io"),
            Map.entry("url", "https://hooks.acme.io/gatepost"),
            Map.entry("id", ID));

    private final JsonNode document;

    Samples(JsonNode document) {
        this.document = document;
    }

    JsonNode of(JsonNode schema) {
        return of("", schema);
    }

    private JsonNode of(String name, JsonNode schema) {
        if (schema.has("$ref")) {
            return of(name, document.at(schema.path("$ref").asText().substring(1)));
        }
        for (var given : new String[] {"example", "const", "default"}) {
            if (schema.has(given)) {
                return schema.path(given);
            }
        }
        if (schema.has("enum")) {
            return schema.path("enum").get(0);
        }
        for (var choice : List.of("oneOf", "anyOf")) {
            if (schema.has(choice)) {
                return of(name, schema.path(choice).get(0));
            }
        }
        return switch (type(schema)) {
            case "array" -> JsonNodeFactory.instance.arrayNode().add(of(name, schema.path("items")));
            case "integer", "number" -> IntNode.valueOf(number(name, schema));
            case "boolean" -> BooleanNode.FALSE;
            case "string" -> TextNode.valueOf(text(name, schema));
            default -> object(schema);
        };
    }

    /** The first that is not null, since a value tells more. */
    private static String type(JsonNode schema) {
        var type = schema.path("type");
        return type.isArray() ? type.get(0).asText() : type.asText();
    }

    private JsonNode object(JsonNode schema) {
        var object = JsonNodeFactory.instance.objectNode();
        for (var part : schema.path("allOf")) {
            of("", part).properties().forEach(each -> object.set(each.getKey(), each.getValue()));
        }
        schema.path("properties").properties().forEach(each -> {
            if (each.getKey().equals("next")) {
                object.putNull("next");
            } else if (!each.getValue().path("description").asText().startsWith("With evidence")) {
                object.set(each.getKey(), of(each.getKey(), each.getValue()));
            }
        });
        return object;
    }

    private static int number(String name, JsonNode schema) {
        if (name.equals("score")) {
            return 96;
        }
        return Math.max(1, schema.path("minimum").asInt(1));
    }

    private static String text(String name, JsonNode schema) {
        if (schema.path("format").asText().equals("date-time")) {
            return TIME;
        }
        var known = TEXTS.get(name);
        if (known != null && known.length() >= schema.path("minLength").asInt(0)) {
            return known;
        }
        return name.endsWith("_id") ? ID : "text";
    }
}
