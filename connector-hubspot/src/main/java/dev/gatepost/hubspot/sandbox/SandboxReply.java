package dev.gatepost.hubspot.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * What the sandbox answers.
 *
 * @param body empty for none
 */
record SandboxReply(int status, String contentType, String body, Map<String, String> headers) {
    SandboxReply {
        headers = Map.copyOf(headers);
    }

    static SandboxReply json(int status, JsonNode body) {
        return new SandboxReply(status, "application/json;charset=utf-8", SandboxJson.write(body), Map.of());
    }

    static SandboxReply noContent() {
        return new SandboxReply(204, "", "", Map.of());
    }

    static SandboxReply html(int status, String page) {
        return new SandboxReply(status, "text/html", page, Map.of());
    }

    /** HubSpot's error object. */
    static SandboxReply error(int status, String category, String message) {
        return json(
                status,
                errorObject(category, message)
                        .put("correlationId", UUID.randomUUID().toString()));
    }

    /** One entry of a batch answer's errors. */
    static ObjectNode errorObject(String category, String message) {
        return SandboxJson.object()
                .put("status", "error")
                .put("message", message)
                .put("category", category);
    }

    /** HubSpot's answer when a limit is reached. */
    static SandboxReply limited(String policy) {
        var id = UUID.randomUUID().toString();
        return json(
                429,
                SandboxJson.object()
                        .put("status", "error")
                        .put("message", "You have reached your " + policy.toLowerCase(Locale.ROOT) + " limit.")
                        .put("errorType", "RATE_LIMIT")
                        .put("correlationId", id)
                        .put("policyName", policy)
                        .put("requestId", id));
    }

    SandboxReply with(Map<String, String> more) {
        return new SandboxReply(status, contentType, body, more);
    }

    byte[] octets() {
        return body.getBytes(UTF_8);
    }
}
