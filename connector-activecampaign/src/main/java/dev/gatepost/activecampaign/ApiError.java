package dev.gatepost.activecampaign;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What ActiveCampaign says went wrong, in any of its shapes: {@code message}, {@code errors} as a list of objects or as
 * text, {@code failureReasons}, an empty object, HTML, nothing.
 *
 * @param text for people, addresses made unreadable, bounded; never empty
 * @param codes such as {@code duplicate}; titles are for people and never matched
 */
record ApiError(String text, Set<String> codes) {
    /** Characters of a message that are kept. */
    static final int TEXT_CHARS_MAX = 300;
    /** Entries of one list that are looked at. */
    private static final int ENTRIES_MAX = 100;

    private static final Pattern LOCAL_PART = Pattern.compile("[^\\s\"'<>\\[\\](),;:@]+@");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    ApiError {
        requireNonNull(text, "text");
        codes = Set.copyOf(codes);
    }

    /** Something a person wrote. */
    static ApiError ofText(String text) {
        return new ApiError(readable(text), Set.of());
    }

    /** Reads the body, whatever it is. */
    static ApiError of(Optional<JsonNode> body) {
        if (body.isEmpty()) {
            return ofText("an answer that is not JSON");
        }
        var json = body.get();
        List<String> said = new ArrayList<>();
        Set<String> codes = new HashSet<>();
        said.add(json.path("message").asText(""));
        said.add(json.path("error").asText(""));
        entries(json.path("errors"), said, codes);
        entries(json.path("failureReasons"), said, codes);
        said.removeIf(String::isBlank);
        return new ApiError(said.isEmpty() ? "no reason given" : readable(String.join("; ", said)), codes);
    }

    /** Whether the error has this code. */
    boolean is(String code) {
        return codes.contains(code);
    }

    private static void entries(JsonNode errors, List<String> said, Set<String> codes) {
        if (errors.isTextual()) {
            said.add(errors.asText());
        }
        if (!errors.isArray()) {
            return;
        }
        errors.valueStream().limit(ENTRIES_MAX).forEach(error -> {
            if (error.isTextual()) {
                said.add(error.asText());
                return;
            }
            var title = error.path("title").asText("");
            var detail = error.path("detail").asText(error.path("failureReason").asText(""));
            var pointer = error.path("source").path("pointer").asText("");
            var sentence = title.isEmpty() || detail.isEmpty() ? title + detail : title + ": " + detail;
            said.add(pointer.isEmpty() ? sentence : sentence + " (" + pointer + ")");
            var code = error.path("code").asText("");
            if (!code.isEmpty()) {
                codes.add(code);
            }
        });
    }

    /** One line, bounded, without the local part of any address. */
    static String readable(String text) {
        // Cut twice: first so that a huge text costs nothing, then since *** may lengthen it.
        var oneLine = CONTROL.matcher(cut(text, 4 * TEXT_CHARS_MAX)).replaceAll(" ");
        return cut(LOCAL_PART.matcher(oneLine).replaceAll("***@"), TEXT_CHARS_MAX);
    }

    private static String cut(String text, int chars) {
        return text.length() <= chars ? text : text.substring(0, chars);
    }
}
