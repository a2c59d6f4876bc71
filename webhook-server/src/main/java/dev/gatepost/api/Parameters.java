package dev.gatepost.api;

import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a query string, each read by name. Whatever is wrong is refused with the parameter's name and what it
 * should be; an empty one counts as left out. For one thread.
 */
public final class Parameters {

    /** Longest value in characters: an address has 320 at most. */
    private static final int CHARS_MAX = 512;

    private static final int ROWS_MAX = 100;
    private static final int ROWS_USUAL = 25;

    private final Map<String, List<String>> parameters;
    private final Set<String> read = new HashSet<>();

    Parameters(Map<String, List<String>> parameters) {
        this.parameters = Map.copyOf(parameters);
    }

    /**
     * Where a list goes on.
     *
     * @param after the id or number that the last answer gave as {@code next}; empty from the start
     * @param limit rows at most
     */
    public record Page(String after, int limit) {}

    /** {@code after} and {@code limit}, as every list has them. */
    public Page page() {
        return new Page(optionalText("after").orElse(""), (int) number("limit", 1, ROWS_MAX, ROWS_USUAL));
    }

    /** A text. */
    public String text(String name) {
        return optionalText(name)
                .orElseThrow(() -> new Refused(Fault.MISSING_FIELD.of(name, "The parameter " + name + " is missing.")));
    }

    /** A text, or nothing. */
    public Optional<String> optionalText(String name) {
        read.add(name);
        var values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw wrong(name, "stands twice in the query");
        }
        return values.stream().findFirst().filter(value -> !value.isEmpty()).map(value -> {
            if (value.length() > CHARS_MAX) {
                throw wrong(name, "has more than " + CHARS_MAX + " characters");
            }
            return value;
        });
    }

    /** One of {@code words}, or nothing. */
    public Optional<String> word(String name, List<String> words) {
        return optionalText(name).map(value -> {
            if (!words.contains(value)) {
                throw wrong(name, "must be one of " + String.join(", ", words));
            }
            return value;
        });
    }

    /** A whole number, or {@code otherwise} when it is left out. */
    public long number(String name, long min, long max, long otherwise) {
        return optionalText(name)
                .map(value -> {
                    var number = value.matches("-?\\d{1,18}") ? Long.parseLong(value) : Long.MIN_VALUE;
                    if (number < min || number > max) {
                        throw wrong(name, "must be a whole number from " + min + " to " + max);
                    }
                    return number;
                })
                .orElse(otherwise);
    }

    /** A time in ISO 8601 with a zone, or nothing. */
    public Optional<Instant> time(String name) {
        return optionalText(name).map(value -> {
            try {
                return Instant.parse(value);
            } catch (DateTimeParseException _) {
                throw wrong(name, "must be a time such as 2026-11-25T09:30:00Z");
            }
        });
    }

    /** What to throw when {@code name} has a value that cannot be; {@code must} is as in "must be a number". */
    public Refused wrong(String name, String must) {
        return new Refused(Fault.INVALID_FIELD.of(name, "The parameter " + name + " " + must + "."));
    }

    void end() {
        for (var name : parameters.keySet()) {
            if (!read.contains(name)) {
                var shown = Fields.shown(name);
                throw new Refused(Fault.UNKNOWN_FIELD.of(shown, "There is no parameter " + shown + " here."));
            }
        }
    }
}
