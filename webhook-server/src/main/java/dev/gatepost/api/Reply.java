package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import okio.ByteString;

/**
 * What is answered when all went well.
 *
 * @param contentType empty when there is no body
 */
public record Reply(int status, String contentType, ByteString body, Map<String, String> headers) {

    /** The content type of almost every answer. */
    public static final String JSON = "application/json";

    public Reply {
        requireNonNull(contentType, "contentType");
        requireNonNull(body, "body");
        headers = Map.copyOf(headers);
    }

    /** 200 with JSON. */
    public static Reply ok(JsonNode body) {
        return json(200, body.toString());
    }

    /** 200 with text that is JSON already. */
    public static Reply ok(String json) {
        return json(200, json);
    }

    /** 201 with what was made. */
    public static Reply created(JsonNode body) {
        return json(201, body.toString());
    }

    /** 204: done, and nothing to say. */
    public static Reply nothing() {
        return new Reply(204, "", ByteString.EMPTY, Map.of());
    }

    /** Text that is JSON already. */
    public static Reply json(int status, String json) {
        return new Reply(status, JSON, ByteString.encodeString(json, StandardCharsets.UTF_8), Map.of());
    }

    /** With one more header. */
    public Reply with(String header, String value) {
        var more = new HashMap<>(headers);
        more.put(header, value);
        return new Reply(status, contentType, body, more);
    }
}
