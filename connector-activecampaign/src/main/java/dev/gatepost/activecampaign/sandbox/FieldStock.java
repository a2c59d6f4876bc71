package dev.gatepost.activecampaign.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The custom fields. Guarded by the state they stand in. */
final class FieldStock {
    /** By id. */
    private final Map<Long, Field> fields = new LinkedHashMap<>();

    private long nextId = 3;

    private static final class Field {
        private final ObjectNode json;
        private final List<ObjectNode> options = new ArrayList<>();
        private boolean isShown;

        private Field(ObjectNode json) {
            this.json = json;
        }

        private String tag() {
            return json.path("perstag").asText("");
        }
    }

    SandboxReply list(Map<String, List<String>> query) {
        int limit = SandboxState.number(query, "limit", 100);
        int offset = SandboxState.number(query, "offset", 0);
        var body = SandboxJson.object();
        var page = fields.values().stream().skip(offset).limit(limit).toList();
        body.set(
                "fieldOptions",
                SandboxJson.array(
                        page.stream().flatMap(field -> field.options.stream()).toList()));
        var relations = body.putArray("fieldRels");
        page.stream()
                .filter(field -> field.isShown)
                .forEach(field -> relations
                        .addObject()
                        .put("field", field.json.path("id").asLong())
                        .put("relid", 0));
        body.set(
                "fields",
                SandboxJson.array(page.stream().map(field -> field.json).toList()));
        body.putObject("meta").put("total", Integer.toString(fields.size()));
        return SandboxReply.json(200, body);
    }

    SandboxReply create(JsonNode body) {
        var wanted = body.path("field");
        var title = wanted.path("title").asText("");
        if (title.isEmpty()) {
            return SandboxReply.invalid("Missing attribute", "", "/data/attributes/field");
        }
        if (fields.values().stream()
                .anyMatch(field -> field.json.path("title").asText("").equals(title))) {
            return SandboxReply.invalid(
                    "There is already a field with this title", "duplicate", "/data/attributes/title");
        }
        long id = nextId++;
        var json = SandboxJson.object()
                .put("id", Long.toString(id))
                .put("title", title)
                .put("type", wanted.path("type").asText("text"))
                .put("perstag", wanted.path("perstag").asText("").toUpperCase(Locale.ROOT));
        fields.put(id, new Field(json));
        var answer = SandboxJson.object();
        // Both forms are documented.
        if (id % 2 == 0) {
            answer.putArray("fields").add(json);
        } else {
            answer.set("field", json);
        }
        return SandboxReply.json(201, answer);
    }

    SandboxReply addOptions(JsonNode body) {
        for (var option : body.path("fieldOptions")) {
            var field = fields.get(option.path("field").asLong(-1));
            if (field == null) {
                return SandboxReply.json(422, SandboxJson.object().put("errors", "no field of that number"));
            }
            field.options.add(SandboxJson.object()
                    .put("field", option.path("field").asText())
                    .put("value", option.path("value").asText())
                    .put("label", option.path("label").asText()));
        }
        return SandboxReply.json(201, body);
    }

    SandboxReply show(JsonNode body) {
        var field = fields.get(body.path("fieldRel").path("field").asLong(-1));
        if (field == null) {
            return SandboxReply.message(404, "No Result found for Field");
        }
        field.isShown = body.path("fieldRel").path("relid").asInt(-1) == 0;
        return SandboxReply.json(201, body);
    }

    boolean has(long id) {
        return fields.containsKey(id);
    }

    /** Whether the field stands on the contacts of all lists. */
    boolean isShown(String tag) {
        return fields.values().stream().anyMatch(field -> field.tag().equals(tag) && field.isShown);
    }

    void delete(String tag) {
        fields.values().removeIf(field -> field.tag().equals(tag));
    }

    /** The field's personalization tag in small letters, if it stands on contacts. */
    Optional<String> name(long id) {
        return Optional.ofNullable(fields.get(id))
                .filter(field -> field.isShown)
                .map(field -> field.tag().toLowerCase(Locale.ROOT));
    }
}
