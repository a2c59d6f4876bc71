package dev.gatepost.activecampaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.CrmJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import okio.ByteString;

/**
 * A webhook's body as names and values, with everything senders do: repeated names, {@code []} behind a name, {@code +} for
 * a space, empty values, any charset or none, broken escapes, and JSON of the same names nested. Pure.
 *
 * @param values in the order they came, by name without a {@code []} at its end
 */
record FormBody(Map<String, List<String>> values) {
    /** Pairs read; the rest is ignored. A contact with five hundred fields has about that many. */
    private static final int PAIRS_MAX = 20_000;

    private static final int DEPTH_MAX = 16;
    private static final Pattern CHARSET =
            Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9._:-]{1,40})", Pattern.CASE_INSENSITIVE);

    /** Reads the body; whatever it is, some names come of it or none. */
    static FormBody read(ByteString body, String contentType) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        boolean isJson = contentType.toLowerCase(Locale.ROOT).contains("json");
        if (isJson) {
            CrmJson.read(body.toByteArray()).ifPresent(json -> flatten("", json, values, 0));
        } else {
            pairs(body.toByteArray(), charset(contentType), values);
        }
        return new FormBody(values);
    }

    /** The first value of a name that is not empty, or empty text. */
    String first(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static void pairs(byte[] body, Charset charset, Map<String, List<String>> values) {
        int start = 0;
        int pairs = 0;
        for (int i = 0; i <= body.length && pairs < PAIRS_MAX; i++) {
            if (i < body.length && body[i] != '&') {
                continue;
            }
            if (i > start) {
                int equals = start;
                while (equals < i && body[equals] != '=') {
                    equals++;
                }
                add(
                        values,
                        decode(body, start, equals, charset),
                        equals < i ? decode(body, equals + 1, i, charset) : "");
                pairs++;
            }
            start = i + 1;
        }
    }

    private static void add(Map<String, List<String>> values, String name, String value) {
        var key = name.strip();
        while (key.endsWith("[]")) {
            key = key.substring(0, key.length() - 2);
        }
        values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
    }

    /** Broken escapes stand for themselves. */
    private static String decode(byte[] body, int from, int to, Charset charset) {
        var octets = new ByteArrayOutputStream(to - from);
        for (int i = from; i < to; i++) {
            boolean mayEscape = body[i] == '%' && i + 2 < to;
            int high = mayEscape ? Character.digit(body[i + 1], 16) : -1;
            int low = mayEscape ? Character.digit(body[i + 2], 16) : -1;
            if (body[i] == '+') {
                octets.write(' ');
            } else if (high >= 0 && low >= 0) {
                octets.write(high * 16 + low);
                i += 2;
            } else {
                octets.write(body[i]);
            }
        }
        return octets.toString(charset);
    }

    private static void flatten(String name, JsonNode json, Map<String, List<String>> values, int depth) {
        if (depth > DEPTH_MAX || values.size() >= PAIRS_MAX) {
            return;
        }
        if (json.isObject()) {
            json.properties()
                    .forEach(field -> flatten(
                            name.isEmpty() ? field.getKey() : name + "[" + field.getKey() + "]",
                            field.getValue(),
                            values,
                            depth + 1));
        } else if (json.isArray()) {
            json.forEach(entry -> flatten(name, entry, values, depth + 1));
        } else if (!name.isEmpty()) {
            add(values, name, json.asText(""));
        }
    }

    private static Charset charset(String contentType) {
        var match = CHARSET.matcher(contentType);
        try {
            return match.find() ? Charset.forName(match.group(1)) : UTF_8;
        } catch (IllegalArgumentException e) {
            return UTF_8; // one nobody knows
        }
    }
}
