package dev.gatepost.hubspot.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The portal's properties of contacts and their groups. Safe for any thread. */
final class PropertyBook {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|[0-9]{1,15}");

    private final Map<String, ObjectNode> properties = new LinkedHashMap<>();
    private final Map<String, ObjectNode> groups = new LinkedHashMap<>();

    PropertyBook() {
        groups.put("contactinformation", group("contactinformation", "Contact information"));
        for (var name : List.of("email", "firstname", "lastname", "company", "hs_additional_emails", "hs_object_id")) {
            properties.put(name, builtIn(name, "string", "text"));
        }
        properties.put("createdate", builtIn("createdate", "datetime", "date"));
        properties.put("lastmodifieddate", builtIn("lastmodifieddate", "datetime", "date"));
    }

    synchronized Collection<ObjectNode> properties() {
        return properties.values().stream().map(ObjectNode::deepCopy).toList();
    }

    synchronized Collection<ObjectNode> groups() {
        return groups.values().stream().map(ObjectNode::deepCopy).toList();
    }

    synchronized Optional<ObjectNode> property(String name) {
        return Optional.ofNullable(properties.get(name)).map(ObjectNode::deepCopy);
    }

    synchronized SandboxReply createGroup(JsonNode body) {
        var name = body.path("name").asText("");
        if (!NAME.matcher(name).matches() || body.path("label").asText("").isEmpty()) {
            return SandboxReply.error(400, "VALIDATION_ERROR", "name and label are required");
        }
        if (groups.containsKey(name)) {
            return SandboxReply.error(
                    409, "OBJECT_ALREADY_EXISTS", "A property group named '" + name + "' already exists.");
        }
        var group = group(name, body.path("label").asText());
        groups.put(name, group);
        return SandboxReply.json(201, group);
    }

    synchronized SandboxReply create(JsonNode body) {
        var name = body.path("name").asText("");
        for (var required : List.of("name", "label", "type", "fieldType", "groupName")) {
            if (body.path(required).asText("").isEmpty()) {
                return SandboxReply.error(400, "VALIDATION_ERROR", "Required fields were not set: [" + required + "]");
            }
        }
        if (!NAME.matcher(name).matches()
                || !groups.containsKey(body.path("groupName").asText())) {
            return SandboxReply.error(400, "VALIDATION_ERROR", "name or groupName is not valid");
        }
        if (properties.containsKey(name)) {
            return SandboxReply.error(409, "OBJECT_ALREADY_EXISTS", "A property named '" + name + "' already exists.");
        }
        var property = definition(body.deepCopy());
        properties.put(name, property);
        return SandboxReply.json(201, property);
    }

    /** What an admin does by hand in HubSpot's settings. */
    synchronized void createByHand(String name, String type, List<String> options) {
        var property = builtIn(name, type, type.equals("enumeration") ? "select" : "text")
                .put("hubspotDefined", false);
        var list = property.putArray("options");
        options.forEach(option -> list.addObject().put("label", option).put("value", option));
        properties.put(name, property);
    }

    /** Replaces what the body names; options as a whole list. */
    synchronized SandboxReply change(String name, JsonNode body) {
        var property = properties.get(name);
        if (property == null) {
            return SandboxReply.error(404, "OBJECT_NOT_FOUND", "Property " + name + " does not exist");
        }
        body.properties().stream()
                .filter(field ->
                        !field.getKey().equals("name") && !field.getKey().equals("type"))
                .forEach(field -> property.set(field.getKey(), field.getValue().deepCopy()));
        return SandboxReply.json(200, property);
    }

    /** As an admin would in HubSpot's settings. */
    synchronized boolean delete(String name) {
        return properties.remove(name) != null;
    }

    /** What HubSpot would object to writing these values, in its words. */
    synchronized Optional<String> objectionTo(Map<String, String> values) {
        return values.entrySet().stream()
                .flatMap(value -> objection(value.getKey(), value.getValue()).stream())
                .findFirst()
                .map(objection -> "Property values were not valid: [" + objection + "]");
    }

    private Optional<String> objection(String name, String value) {
        var property = properties.get(name);
        if (property == null) {
            return Optional.of(objection(name, "PROPERTY_DOESNT_EXIST", "Property \"" + name + "\" does not exist"));
        }
        if (value.isEmpty()) {
            return Optional.empty();
        }
        return switch (property.path("type").asText()) {
            case "number" -> matching(name, value, NUMBER, "INVALID_DOUBLE");
            case "datetime" -> matching(name, value, TIME, "INVALID_DATE");
            case "enumeration", "bool" ->
                hasOption(property, value)
                        ? Optional.empty()
                        : Optional.of(objection(name, "INVALID_OPTION", value + " was not one of the allowed options"));
            default -> Optional.empty();
        };
    }

    private static Optional<String> matching(String name, String value, Pattern form, String code) {
        return form.matcher(value).matches()
                ? Optional.empty()
                : Optional.of(objection(name, code, value + " does not fit the type"));
    }

    private static boolean hasOption(JsonNode property, String value) {
        return property.path("options")
                .valueStream()
                .anyMatch(option -> option.path("value").asText("").equals(value));
    }

    private static String objection(String name, String code, String message) {
        return SandboxJson.write(SandboxJson.object()
                .put("isValid", false)
                .put("message", message)
                .put("error", code)
                .put("name", name));
    }

    private static ObjectNode group(String name, String label) {
        return SandboxJson.object()
                .put("name", name)
                .put("label", label)
                .put("displayOrder", -1)
                .put("archived", false);
    }

    private static ObjectNode builtIn(String name, String type, String fieldType) {
        return definition(SandboxJson.object()
                        .put("name", name)
                        .put("label", name)
                        .put("type", type)
                        .put("fieldType", fieldType)
                        .put("groupName", "contactinformation"))
                .put("hubspotDefined", true);
    }

    private static ObjectNode definition(ObjectNode property) {
        if (!property.has("options")) {
            property.putArray("options");
        }
        if (!property.has("description")) {
            property.put("description", "");
        }
        property.putObject("modificationMetadata")
                .put("archivable", true)
                .put("readOnlyDefinition", false)
                .put("readOnlyValue", false);
        return property.put("calculated", false).put("hubspotDefined", false).put("archived", false);
    }
}
