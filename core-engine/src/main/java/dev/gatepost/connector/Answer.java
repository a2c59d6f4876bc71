package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What a route answers.
 *
 * @param status HTTP status
 * @param headers for example {@code Retry-After}
 * @param contentType empty when there is no body
 * @param body text, may be empty
 */
public record Answer(int status, Map<String, String> headers, String contentType, String body) {
    public Answer {
        headers = Map.copyOf(headers);
        requireNonNull(contentType, "contentType");
        requireNonNull(body, "body");
    }

    /** A status without a body. */
    public static Answer of(int status) {
        return new Answer(status, Map.of(), "", "");
    }

    /** A JSON body. */
    public static Answer json(int status, String body) {
        return new Answer(status, Map.of(), "application/json", body);
    }
}
