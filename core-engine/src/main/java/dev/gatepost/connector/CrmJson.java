package dev.gatepost.connector;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/** The JSON reader of connectors, with bounds on everything a hostile text could make grow. Safe for any thread. */
public final class CrmJson {
    /** Nesting beyond which a text is refused; CRMs' own go five deep. */
    public static final int DEPTH_MAX = 64;
    /** Digits of a number. */
    public static final int NUMBER_DIGITS_MAX = 100;
    /** Characters of one string. */
    public static final int STRING_CHARS_MAX = 256 * 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNumberLength(NUMBER_DIGITS_MAX)
                            .maxStringLength(STRING_CHARS_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private CrmJson() {}

    /** The text as a tree, or empty when it is not exactly one JSON value within the bounds. */
    public static Optional<JsonNode> read(byte[] text) {
        try {
            var tree = MAPPER.readTree(text);
            return tree == null || tree.isMissingNode() ? Optional.empty() : Optional.of(tree);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A new object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** A new array. */
    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** An id or a count: a string in some answers, a number in others; empty when it is neither. */
    public static String text(JsonNode node, String field) {
        var value = node.path(field);
        return value.isTextual() || value.isIntegralNumber() ? value.asText() : "";
    }

    /** A whole number, not negative, as string or number; {@code otherwise} for anything else. */
    public static long number(JsonNode node, String field, long otherwise) {
        var text = text(node, field).strip();
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : otherwise;
    }
}
