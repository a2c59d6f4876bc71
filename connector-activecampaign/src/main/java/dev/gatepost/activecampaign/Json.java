package dev.gatepost.activecampaign;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/** The one JSON reader of this connector, with bounds on everything a hostile text could make grow. */
final class Json {
    /** Nesting beyond which a text is refused; ActiveCampaign's own go five deep. */
    private static final int DEPTH_MAX = 64;
    /** Digits of a number. */
    private static final int NUMBER_DIGITS_MAX = 100;
    /** Characters of one string. */
    private static final int STRING_CHARS_MAX = 256 * 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNumberLength(NUMBER_DIGITS_MAX)
                            .maxStringLength(STRING_CHARS_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** The text as a tree, or empty when it is not exactly one JSON value within the bounds. */
    static Optional<JsonNode> read(byte[] text) {
        try {
            var tree = MAPPER.readTree(text);
            return tree == null || tree.isMissingNode() ? Optional.empty() : Optional.of(tree);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** An id or a count: a string in some answers, a number in others; empty when it is neither. */
    static String text(JsonNode node, String field) {
        var value = node.path(field);
        return value.isTextual() || value.isIntegralNumber() ? value.asText() : "";
    }

    /** A whole number as string or number; {@code otherwise} for anything else. */
    static long number(JsonNode node, String field, long otherwise) {
        var text = text(node, field).strip();
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : otherwise;
    }
}
