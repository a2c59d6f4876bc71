package dev.gatepost.docs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.api.Permit;
import dev.gatepost.api.Route;
import dev.gatepost.api.Route.Body;
import dev.gatepost.http.Fault;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/**
 * Which problems a route answers with: those that its kind brings along, and those that its description names. Pure.
 */
final class Faults {

    /** Codes that an operation of the description names itself. */
    private static final String NAMED = "x-problems";

    private Faults() {}

    /**
     * In the order of the list of all.
     *
     * @param parameters resolved
     */
    static List<Fault> of(Route route, List<JsonNode> parameters, JsonNode operation) {
        var faults = EnumSet.noneOf(Fault.class);
        switch (route.permit()) {
            case Permit.Open _ -> {}
            case Permit.Page _ ->
                faults.addAll(List.of(
                        Fault.MISSING_KEY,
                        Fault.INVALID_KEY,
                        Fault.BROWSER_USE,
                        Fault.ORIGIN_NOT_ALLOWED,
                        Fault.ADDRESS_NOT_ALLOWED,
                        Fault.RATE_LIMITED));
            case Permit.AnyOf(var scopes, var roles) -> {
                faults.addAll(List.of(Fault.MISSING_KEY, Fault.MISSING_SCOPE));
                if (!scopes.isEmpty()) {
                    faults.addAll(List.of(
                            Fault.INVALID_KEY, Fault.BROWSER_USE, Fault.ADDRESS_NOT_ALLOWED, Fault.RATE_LIMITED));
                }
                if (!roles.isEmpty()) {
                    faults.add(Fault.MISSING_ROLE);
                    if (route.method() != Route.Method.GET) {
                        faults.addAll(List.of(Fault.OTHER_SITE, Fault.CSRF_TOKEN_WRONG));
                    }
                }
            }
        }
        if (route.body() instanceof Body.Json) {
            faults.addAll(List.of(
                    Fault.MALFORMED_JSON,
                    Fault.UNSUPPORTED_MEDIA_TYPE,
                    Fault.TOO_LARGE,
                    Fault.UNKNOWN_FIELD,
                    Fault.MISSING_FIELD,
                    Fault.INVALID_FIELD));
        }
        parameters.forEach(parameter -> faults.addAll(of(parameter)));
        operation
                .path(NAMED)
                .forEach(code -> faults.add(Fault.valueOf(code.asText().toUpperCase(Locale.ROOT))));
        return List.copyOf(faults);
    }

    private static List<Fault> of(JsonNode parameter) {
        return switch (parameter.path("in").asText()) {
            case "path" -> List.of(Fault.NOT_FOUND);
            case "query" -> List.of(Fault.UNKNOWN_FIELD, Fault.INVALID_FIELD);
            case "header" -> List.of(Fault.INVALID_IDEMPOTENCY_KEY, Fault.IDEMPOTENCY_MISMATCH, Fault.STILL_RUNNING);
            default -> List.of();
        };
    }
}
