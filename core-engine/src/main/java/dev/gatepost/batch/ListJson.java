package dev.gatepost.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of lists as JSON, read and written within bounds. Pure. */
final class ListJson {
    private static final int DEPTH_MAX = 64;
    private static final int NUMBER_DIGITS_MAX = 100;

    /** More than a row may have, so that a text which is too long fails its row alone. */
    private static final int STRING_CHARS_MAX = 16 * 1024 * 1024;

    static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(NUMBER_DIGITS_MAX)
                    .maxStringLength(STRING_CHARS_MAX)
                    .build())
            .build());

    private ListJson() {}

    /** Cells as one line. */
    static String array(List<String> cells) {
        var node = MAPPER.createArrayNode();
        cells.forEach(cell -> node.add(clean(cell)));
        return node.toString();
    }

    /** One object of texts, as one line. */
    static String object(String name, String value) {
        return MAPPER.createObjectNode().put(name, clean(value)).toString();
    }

    /** One value; empty when the text is none. */
    static Optional<JsonNode> value(String text) {
        try {
            return Optional.ofNullable(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    /** What was written by this class. */
    static JsonNode stored(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The texts of an array that was written by this class. */
    static List<String> texts(String array) {
        var texts = new ArrayList<String>();
        stored(array).forEach(each -> texts.add(each.asText()));
        return texts;
    }

    /** As a cell of a table: a text as it is, nothing for null, else its JSON. */
    static String cell(JsonNode value) {
        return value.isNull() || value.isMissingNode() ? "" : value.isValueNode() ? value.asText() : value.toString();
    }

    /** A copy with every text clean. */
    static ObjectNode clean(ObjectNode object) {
        var text = object.toString();
        return text.equals(clean(text)) && !text.contains("\\u") ? object : (ObjectNode) cleaned(object);
    }

    private static JsonNode cleaned(JsonNode node) {
        if (node.isTextual()) {
            return MAPPER.getNodeFactory().textNode(clean(node.asText()));
        }
        if (node.isArray()) {
            var copy = MAPPER.createArrayNode();
            node.forEach(each -> copy.add(cleaned(each)));
            return copy;
        }
        if (node.isObject()) {
            var copy = MAPPER.createObjectNode();
            node.properties().forEach(each -> copy.set(clean(each.getKey()), cleaned(each.getValue())));
            return copy;
        }
        return node;
    }

    /** Without what a database does not take in a text: NUL, and halves of characters. */
    static String clean(String text) {
        if (isClean(text)) {
            return text;
        }
        var clean = new StringBuilder(text.length());
        text.codePoints().forEach(point -> clean.appendCodePoint(isBad(point) ? '\ufffd' : point));
        return clean.toString();
    }

    private static boolean isClean(String text) {
        return text.codePoints().noneMatch(ListJson::isBad);
    }

    private static boolean isBad(int point) {
        return point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
