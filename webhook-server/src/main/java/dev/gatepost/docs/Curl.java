package dev.gatepost.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.api.Permit;
import dev.gatepost.api.Route;
import dev.gatepost.docs.Guide.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes command lines for a POSIX shell, with what differs in variables: GATEPOST, KEY, SESSION, TOKEN, ID. Pure. */
final class Curl {

    private static final Pattern PART = Pattern.compile("\\{(\\w+)}");
    private static final JsonMapper JSON = new JsonMapper();

    private Curl() {}

    /** @param parameters resolved */
    static String of(Route route, List<JsonNode> parameters, Content body) {
        var words = new ArrayList<String>();
        words.add("curl -s" + method(route, body) + " \"$GATEPOST" + path(route, parameters) + "\"");
        words.addAll(caller(route));
        if (body.mediaType().startsWith("application/json")) {
            words.add("-H \"Content-Type: application/json\"");
            words.add("-d '" + compact(body.example()).replace("'", "'\\''") + "'");
        } else if (!body.isNone()) {
            words.add("-H \"Content-Type: " + body.mediaType().replaceAll(",.*", "") + "\"");
            words.add("--data-binary @FILE");
        }
        return String.join(" \\\n  ", words);
    }

    private static String method(Route route, Content body) {
        return switch (route.method()) {
            case GET -> "";
            case POST -> body.isNone() ? " -X POST" : "";
            case PUT, DELETE -> " -X " + route.method();
        };
    }

    private static String path(Route route, List<JsonNode> parameters) {
        var path = PART.matcher(route.path())
                .replaceAll(match -> "\\$" + match.group(1).toUpperCase(Locale.ROOT));
        var query = parameters.stream()
                .filter(each -> each.path("in").asText().equals("query")
                        && each.path("required").asBoolean())
                .map(each -> each.path("name").asText() + "=" + value(each))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }

    private static String value(JsonNode parameter) {
        return parameter.path("name").asText().equals("email")
                ? "jane.miller%40acme.io"
                : "$" + parameter.path("name").asText().toUpperCase(Locale.ROOT);
    }

    private static List<String> caller(Route route) {
        var key = "-H \"Authorization: Bearer $KEY\"";
        var changes = route.method() != Route.Method.GET;
        return switch (route.permit()) {
            case Permit.Open _ -> changes ? List.of("-H \"Origin: $GATEPOST\"") : List.of();
            case Permit.Page _ -> List.of(key, "-H \"Origin: https://www.acme.io\"");
            case Permit.AnyOf(var scopes, var _) -> {
                if (!scopes.isEmpty()) {
                    yield List.of(key);
                }
                var cookie = "-H \"Cookie: __Host-gatepost=$SESSION\"";
                yield changes
                        ? List.of(cookie, "-H \"Origin: $GATEPOST\"", "-H \"X-CSRF-Token: $TOKEN\"")
                        : List.of(cookie);
            }
        };
    }

    private static String compact(String json) {
        try {
            return JSON.readTree(json).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
