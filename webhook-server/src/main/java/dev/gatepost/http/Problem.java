package dev.gatepost.http;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What is wrong with a request, or with us, as RFC 9457 says it.
 *
 * @param status HTTP status
 * @param code stable, lower-case words with underscores; public API
 * @param detail one sentence for a person, without anything internal
 * @param headers for example {@code Retry-After}
 */
public record Problem(int status, String code, String detail, Map<String, String> headers) {

    public Problem {
        requireNonNull(code, "code");
        requireNonNull(detail, "detail");
        headers = Map.copyOf(headers);
    }

    /** A problem without headers of its own. */
    public static Problem of(int status, String code, String detail) {
        return new Problem(status, code, detail, Map.of());
    }

    /** The one answer to every path we do not know, so that nothing can be learned from it. */
    static Problem notFound() {
        return of(404, "not_found", "There is nothing here.");
    }

    /** We cannot serve now; the sender is asked to come again. */
    static Problem unavailable(int retryAfterSeconds) {
        return new Problem(
                503,
                "unavailable",
                "The server cannot take this now. Please send it again.",
                Map.of("Retry-After", Integer.toString(retryAfterSeconds)));
    }
}
