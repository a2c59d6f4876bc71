package dev.gatepost.activecampaign.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the API answers. */
record SandboxReply(int status, String contentType, String body) {
    static SandboxReply json(int status, JsonNode body) {
        return new SandboxReply(status, "application/json", body.toString());
    }

    static SandboxReply message(int status, String message) {
        return json(status, SandboxJson.object().put("message", message));
    }

    static SandboxReply noContact(String id) {
        return message(404, "No Result found for Subscriber with id " + id);
    }

    /** A validation error as the documentation shows them. */
    static SandboxReply invalid(String title, String code, String pointer) {
        var body = SandboxJson.object();
        ObjectNode error =
                body.putArray("errors").addObject().put("title", title).put("detail", "");
        if (!code.isEmpty()) {
            error.put("code", code);
        }
        error.putObject("source").put("pointer", pointer);
        return json(422, body);
    }

    static SandboxReply html(int status, String text) {
        return new SandboxReply(status, "text/html", "<html><body><h1>" + text + "</h1></body></html>");
    }

    byte[] octets() {
        return body.getBytes(UTF_8);
    }
}
