package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okio.ByteString;

/**
 * One request from a CRM, as received: raw bytes, nothing parsed.
 *
 * @param method upper case
 * @param url the public URL as the CRM called it: configured public URL, path and query as received
 * @param key what stood in the route's path parameter, for HubSpot the app id
 * @param headers by lower-case name, values in order
 * @param body raw octets, at most the route's bound
 * @param receivedAt when the last octet was read
 */
public record Delivery(
        String method, String url, String key, Map<String, List<String>> headers, ByteString body, Instant receivedAt) {
    public Delivery {
        requireNonNull(method, "method");
        requireNonNull(url, "url");
        requireNonNull(key, "key");
        headers = Map.copyOf(headers);
        requireNonNull(body, "body");
        requireNonNull(receivedAt, "receivedAt");
    }

    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }
}
