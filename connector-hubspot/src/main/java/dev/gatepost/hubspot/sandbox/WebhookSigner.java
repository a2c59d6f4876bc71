package dev.gatepost.hubspot.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs as HubSpot does, in versions 1 to 3; written apart from the connector's check, so that one tests the other. */
final class WebhookSigner {
    private final String secret;

    WebhookSigner(String secret) {
        this.secret = secret;
    }

    /** All headers of a POST; the URL must be one in which nothing is escaped. */
    Map<String, String> headers(String url, String body, Instant now) {
        var timestamp = Long.toString(now.toEpochMilli());
        return Map.of(
                "X-HubSpot-Signature",
                hash(body),
                "X-HubSpot-Signature-Version",
                "v1",
                "X-HubSpot-Signature-v3",
                v3("POST" + url + body + timestamp),
                "X-HubSpot-Request-Timestamp",
                timestamp);
    }

    /** All headers of a POST for a workflow step, where version 2 stands in the place of version 1. */
    Map<String, String> actionHeaders(String url, String body, Instant now) {
        var timestamp = Long.toString(now.toEpochMilli());
        return Map.of(
                "X-HubSpot-Signature",
                hash("POST" + url + body),
                "X-HubSpot-Signature-Version",
                "v2",
                "X-HubSpot-Signature-v3",
                v3("POST" + url + body + timestamp),
                "X-HubSpot-Request-Timestamp",
                timestamp);
    }

    private String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest((secret + text).getBytes(UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private String v3(String source) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(source.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
