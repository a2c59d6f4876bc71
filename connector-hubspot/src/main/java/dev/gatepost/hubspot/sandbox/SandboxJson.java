package dev.gatepost.hubspot.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sandbox's own reader and writer, so that it shares no mistake with the connector. */
final class SandboxJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private SandboxJson() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** The body of a request; an unreadable one is an empty object. */
    static JsonNode read(byte[] body) {
        try {
            return body.length == 0 ? object() : MAPPER.readTree(body);
        } catch (IOException e) {
            return object(); // the call then lacks what it needs and says so
        }
    }

    static String write(JsonNode json) {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** The fields of an object as text, in order. */
    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText("")));
        return texts;
    }
}
