package dev.gatepost.hubspot;

import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import okio.ByteString;

/**
 * Fuzz target: a webhook call as anybody may make it. The first octet chooses the version of the signature, the first
 * three lines are signature, timestamp and query, the rest is the body.
 */
public final class DeliveryFuzz {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String SECRET = "nobody-who-calls-knows-this";
    private static final int PARTS = 4;

    private DeliveryFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        var text = new String(data, 1, data.length - 1, StandardCharsets.ISO_8859_1);
        var parts = Arrays.copyOf(text.split("\n", PARTS), PARTS);
        Arrays.setAll(parts, i -> parts[i] == null ? "" : parts[i]);
        var body = ByteString.of(parts[3].getBytes(StandardCharsets.ISO_8859_1));
        var headers = data[0] % 2 == 0
                ? Map.of(
                        "x-hubspot-signature-v3", List.of(parts[0]),
                        "x-hubspot-request-timestamp", List.of(parts[1]))
                : Map.of("x-hubspot-signature", List.of(parts[0]), "x-hubspot-signature-version", List.of("v1"));
        var delivery =
                new Delivery("POST", "https://gatepost.example/hooks/hubspot/1?" + parts[2], "1", headers, body, NOW);
        var _ = HubSpotSignature.objectionToTime(delivery, NOW);
        for (var older : HubSpotSignature.Older.values()) {
            if (HubSpotSignature.isSignedWith(SECRET, delivery, older)) {
                throw new AssertionError("taken for signed: " + delivery);
            }
        }
        if (HubSpotEvents.read(body, "1") instanceof Reading.Authentic(var events)
                && events.size() > HubSpotEvents.EVENTS_MAX) {
            throw new AssertionError(events.size() + " events");
        }
    }
}
