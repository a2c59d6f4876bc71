package dev.gatepost.activecampaign.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collection;

/** The sandbox's own reader and writer, so that it shares no mistake with the connector. */
final class SandboxJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private SandboxJson() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array(Collection<? extends JsonNode> nodes) {
        return MAPPER.createArrayNode().addAll(nodes);
    }

    /** The body of a request; an unreadable one is an empty object. */
    static JsonNode read(byte[] body) {
        try {
            return body.length == 0 ? object() : MAPPER.readTree(body);
        } catch (IOException e) {
            return object(); // the call then lacks what it needs and says so
        }
    }
}
