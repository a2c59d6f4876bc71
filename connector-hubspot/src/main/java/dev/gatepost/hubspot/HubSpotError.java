package dev.gatepost.hubspot;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * HubSpot's error object: of a whole answer, or one entry of {@code errors} in a batch answer. All its fields are
 * optional. HubSpot developer documentation, "Error handling".
 *
 * @param category for example {@code VALIDATION_ERROR}, or empty
 * @param message for people, addresses made unreadable, bounded; or empty
 * @param policy name of the limit that was reached, or empty
 * @param correlationId what HubSpot's support asks for, or empty
 * @param ids records it speaks of
 * @param traces our trace ids it speaks of
 * @param words everything else in it that may be a code or the name of a scope
 */
record HubSpotError(
        String category,
        String message,
        String policy,
        String correlationId,
        Set<String> ids,
        Set<String> traces,
        Set<String> words) {
    /** Characters of a message that are kept. */
    static final int MESSAGE_CHARS_MAX = 300;
    /** Entries of one list that are looked at. */
    private static final int ENTRIES_MAX = 1_000;

    private static final Pattern LOCAL_PART = Pattern.compile("[^\\s\"'<>\\[\\](),;:@]+@");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    HubSpotError {
        requireNonNull(category, "category");
        requireNonNull(message, "message");
        requireNonNull(policy, "policy");
        requireNonNull(correlationId, "correlationId");
        ids = Set.copyOf(ids);
        traces = Set.copyOf(traces);
        words = Set.copyOf(words);
    }

    /** An error that came without a readable object. */
    static HubSpotError ofText(String message) {
        return new HubSpotError("", readable(message), "", "", Set.of(), Set.of(), Set.of());
    }

    /** Reads the object, whatever it lacks. */
    static HubSpotError of(JsonNode json) {
        Set<String> words = new TreeSet<>();
        Set<String> ids = new TreeSet<>();
        Set<String> traces = new TreeSet<>();
        add(words, json.path("subCategory"));
        words(words, json.path("context"));
        for (var entry : bounded(json.path("errors"))) {
            add(words, entry.path("code"));
            add(words, entry.path("subCategory"));
            words(words, entry.path("context"));
            add(ids, entry.path("context").path("ids"));
            add(traces, entry.path("context").path("objectWriteTraceId"));
        }
        add(ids, json.path("context").path("ids"));
        add(ids, json.path("context").path("id"));
        add(traces, json.path("context").path("objectWriteTraceId"));
        return new HubSpotError(
                json.path("category").asText(json.path("errorType").asText("")),
                message(json),
                json.path("policyName").asText(""),
                json.path("correlationId").asText(""),
                ids,
                traces,
                words);
    }

    /** Whether a code occurs anywhere in it; HubSpot puts some only into the message. */
    boolean says(String code) {
        return category.equals(code) || words.contains(code) || message.contains(code);
    }

    /** One line for people and logs. */
    String text() {
        var text = category.isEmpty() ? message : message.isEmpty() ? category : category + ", " + message;
        return correlationId.isEmpty() ? text : text + " (correlation id " + readable(correlationId) + ")";
    }

    /** One line, bounded, without the local part of any address. */
    static String readable(String text) {
        // Cut twice: first so that a huge text costs nothing, then since *** may lengthen it.
        var bounded = cut(text, 4 * MESSAGE_CHARS_MAX);
        var oneLine = CONTROL.matcher(bounded).replaceAll(" ");
        return cut(LOCAL_PART.matcher(oneLine).replaceAll("***@"), MESSAGE_CHARS_MAX);
    }

    private static String message(JsonNode json) {
        List<String> messages = new ArrayList<>();
        messages.add(json.path("message").asText(""));
        for (var entry : bounded(json.path("errors"))) {
            messages.add(entry.path("message").asText(""));
        }
        messages.removeIf(String::isEmpty);
        return readable(String.join("; ", messages));
    }

    private static void words(Set<String> words, JsonNode context) {
        for (var value : context) {
            add(words, value);
        }
    }

    private static void add(Set<String> words, JsonNode value) {
        if (value.isArray()) {
            bounded(value).forEach(entry -> words.add(entry.asText("")));
        } else if (value.isValueNode() && !value.isNull()) {
            words.add(value.asText());
        }
        words.remove("");
    }

    private static List<JsonNode> bounded(JsonNode array) {
        return array.isArray() ? array.valueStream().limit(ENTRIES_MAX).toList() : List.of();
    }

    private static String cut(String text, int chars) {
        return text.length() <= chars ? text : text.substring(0, chars);
    }
}
