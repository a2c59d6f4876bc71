package dev.gatepost.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON on the command line: one value a line. */
final class JsonLine {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonLine() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** A line as text: a JSON string's content, so that any text can be given; anything else as it stands. */
    static String text(String line) {
        if (!line.startsWith("\"")) {
            return line;
        }
        try {
            var node = JSON.readTree(line);
            return node.isTextual() ? node.textValue() : line;
        } catch (JsonProcessingException _) {
            return line; // an address may begin with a quote, too
        }
    }
}
