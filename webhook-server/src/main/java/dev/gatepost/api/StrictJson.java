package dev.gatepost.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import okio.ByteString;

/** Reads request bodies: one JSON object in UTF-8, each name once, within bounds. Pure. */
public final class StrictJson {

    /** Deepest nesting (reliability I6). */
    private static final int DEPTH_MAX = 64;

    /** Longest number in characters (reliability I6). */
    private static final int NUMBER_CHARS_MAX = 100;

    /** Longest text in characters (reliability I6). */
    private static final int TEXT_CHARS_MAX = 256 * 1024;

    /** Longest field name in characters; ours are below 30. */
    private static final int NAME_CHARS_MAX = 200;

    private static final JsonMapper READER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    static {
        READER.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .maxNumberLength(NUMBER_CHARS_MAX)
                        .maxStringLength(TEXT_CHARS_MAX)
                        .maxNameLength(NAME_CHARS_MAX)
                        .build());
    }

    private StrictJson() {}

    /**
     * The object in {@code octets}.
     *
     * @throws Refused when they hold anything else
     */
    static ObjectNode read(ByteString octets) {
        JsonNode node;
        try {
            node = READER.readTree(text(octets));
        } catch (StreamConstraintsException _) {
            throw new Refused(
                    malformed("The body is nested deeper than " + DEPTH_MAX + " levels, has a number of more than "
                            + NUMBER_CHARS_MAX + " characters, a name of more than " + NAME_CHARS_MAX
                            + ", or a text of more than " + TEXT_CHARS_MAX + "."));
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw new Refused(malformed(
                    String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field")
                            ? "A field stands twice in one object, at line " + where.getLineNr() + "."
                            : "The body stops being JSON at line " + where.getLineNr() + ", column "
                                    + where.getColumnNr() + "."));
        }
        if (!(node instanceof ObjectNode object)) {
            throw new Refused(malformed("The body must be one JSON object."));
        }
        return object;
    }

    private static String text(ByteString octets) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.toByteArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new Refused(malformed("The body is not UTF-8."));
        }
    }

    private static Problem malformed(String detail) {
        return Fault.MALFORMED_JSON.saying(detail);
    }

    /** The same text for the same content, however its fields were ordered and spaced. */
    static String canonical(JsonNode node) {
        try {
            return CANONICAL.writeValueAsString(CANONICAL.treeToValue(node, TreeMap.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was read can be written", e);
        }
    }
}
