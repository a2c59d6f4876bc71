package dev.gatepost.http;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;

/**
 * What is wrong with one request, or with us, as RFC 9457 says it.
 *
 * @param fault which of the things that can be wrong
 * @param detail one sentence for a person, about this occurrence, without anything internal
 * @param mend what to do about this occurrence, in one sentence
 * @param field the field or parameter it is about, as in {@code rules[2].score}; empty when it is about none
 * @param headers for example {@code Retry-After}
 */
public record Problem(Fault fault, String detail, String mend, String field, Map<String, String> headers) {

    public Problem {
        requireNonNull(fault, "fault");
        requireNonNull(detail, "detail");
        requireNonNull(mend, "mend");
        requireNonNull(field, "field");
        headers = Map.copyOf(headers);
    }

    /** HTTP status. */
    public int status() {
        return fault.status();
    }

    /** With one more header. */
    public Problem with(String header, String value) {
        var more = new HashMap<>(headers);
        more.put(header, value);
        return new Problem(fault, detail, mend, field, more);
    }

    /** With another sentence about what to do than the catalogue has for all of its kind. */
    public Problem mending(String mend) {
        return new Problem(fault, detail, mend, field, headers);
    }

    /** The one answer to every path we do not know, so that nothing can be learned from it. */
    public static Problem notFound() {
        return Fault.NOT_FOUND.plain();
    }

    /** We cannot serve now; the sender is asked to come again. */
    public static Problem unavailable(int retryAfterSeconds) {
        return Fault.UNAVAILABLE
                .saying("The server cannot take this now. Please send it again.")
                .with("Retry-After", Integer.toString(retryAfterSeconds));
    }
}
