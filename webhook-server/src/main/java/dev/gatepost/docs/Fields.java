package dev.gatepost.docs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.docs.Guide.Field;
import dev.gatepost.docs.Guide.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Says in words what schemas allow. Pure. */
final class Fields {

    private static final String REF = "$ref";

    private final JsonNode document;

    Fields(JsonNode document) {
        this.document = document;
    }

    /** The node itself, or what it refers to. */
    JsonNode resolved(JsonNode node) {
        return node.has(REF) ? document.at(node.path(REF).asText().substring(1)) : node;
    }

    /** The fields of an object, those of objects within it after it; a named schema within it is only referred to. */
    List<Field> of(JsonNode schema, String prefix) {
        var all = new ArrayList<Field>();
        for (var part : schema.path("allOf")) {
            all.addAll(of(resolved(part), prefix));
        }
        var required = texts(schema.path("required"));
        for (var each : schema.path("properties").properties()) {
            var name = prefix + each.getKey();
            var inner = each.getValue();
            all.add(field(name, "", required.contains(each.getKey()) ? Need.REQUIRED : Need.OPTIONAL, inner, inner));
            all.addAll(of(inner, name + "."));
            all.addAll(of(inner.path("items"), name + "[]."));
        }
        return all;
    }

    /** A parameter, already resolved. */
    Field parameter(JsonNode node) {
        return field(
                node.path("name").asText(),
                node.path("in").asText(),
                node.path("required").asBoolean() ? Need.REQUIRED : Need.OPTIONAL,
                node.path("schema"),
                node);
    }

    private Field field(String name, String place, Need need, JsonNode schema, JsonNode described) {
        return new Field(
                name,
                place,
                need,
                type(schema),
                shape(schema),
                bounds(schema),
                described.path("description").asText());
    }

    /** Name of the schema that it is, or is a list of; empty when that has no name. */
    String shape(JsonNode schema) {
        var ref = schema.has(REF) ? schema.path(REF) : schema.path("items").path(REF);
        var path = ref.asText();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The type in words; a named one is left to {@link #shape}. */
    String type(JsonNode schema) {
        if (schema.has(REF)) {
            return "";
        }
        if (schema.has("const")) {
            return "always " + schema.path("const").asText();
        }
        if (schema.has("enum")) {
            return String.join(", ", texts(schema.path("enum")));
        }
        var type = schema.path("type");
        if (type.isArray()) {
            return texts(type).stream()
                    .map(each -> each.equals("null") ? each : word(each, schema))
                    .collect(Collectors.joining(" or "));
        }
        return word(type.asText(), schema);
    }

    private String word(String type, JsonNode schema) {
        return switch (type) {
            case "array" -> ("list of " + type(schema.path("items"))).strip();
            case "string" ->
                switch (schema.path("format").asText()) {
                    case "date-time" -> "time, as 2026-11-23T09:14:00Z";
                    case "uri" -> "URL";
                    default -> "text";
                };
            case "integer" -> "whole number";
            case "boolean" -> "true or false";
            default -> type.isEmpty() ? "anything" : type;
        };
    }

    /** Least, most and usual value. */
    private static String bounds(JsonNode schema) {
        var said = new ArrayList<String>();
        range(said, schema.path("minimum"), schema.path("maximum"), "");
        range(said, schema.path("minLength"), schema.path("maxLength"), " characters");
        range(said, schema.path("minItems"), schema.path("maxItems"), " entries");
        if (schema.has("pattern")) {
            said.add("matches " + schema.path("pattern").asText());
        }
        if (schema.has("default")) {
            said.add("default " + schema.path("default").asText());
        }
        return String.join("; ", said);
    }

    private static void range(List<String> said, JsonNode least, JsonNode most, String unit) {
        if (most.isMissingNode() && least.isMissingNode()) {
            return;
        }
        if (most.isMissingNode()) {
            said.add("at least " + least.asText() + unit);
        } else if (least.isMissingNode()) {
            said.add("at most " + most.asText() + unit);
        } else {
            said.add(least.asText() + " to " + most.asText() + unit);
        }
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
