package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One thing an admin may choose for a connection at any time after it was made; it has a usual value until then. What is
 * needed to connect at all, and whatever is secret, is a {@link Setting}.
 *
 * @param name lower-case words with underscores and a unit, for example {@code reverify_after_days}; public API
 * @param label for people
 * @param help one sentence: what it does, and what its usual value means
 * @param kind which values it has
 */
public record ConnectionOption(String name, String label, String help, Kind kind) {
    public ConnectionOption {
        requireNonNull(label, "label");
        requireNonNull(help, "help");
        requireNonNull(kind, "kind");
        if (!name.matches("[a-z][a-z0-9_]{0,63}")) {
            throw new IllegalArgumentException("an option's name is of lower-case words, not " + name);
        }
        if (!kind.takes(kind.usual())) {
            throw new IllegalArgumentException("the usual value of " + name + " is none it can have: " + kind.usual());
        }
    }

    /** Which values an option has. As text: digits; {@code true} or {@code false}; the word; the text. */
    public sealed interface Kind {
        /** A whole number from {@code min} to {@code max}. */
        record WholeNumber(long min, long max, long usually) implements Kind {}

        /** Yes or no. */
        record Flag(boolean usually) implements Kind {}

        /** One of some words. */
        record Word(List<String> words, String usually) implements Kind {
            public Word {
                words = List.copyOf(words);
                requireNonNull(usually, "usually");
            }
        }

        /** Any text of at most {@code charsMax} characters, also none. */
        record Text(int charsMax, String usually) implements Kind {
            public Text {
                requireNonNull(usually, "usually");
            }
        }

        /** What holds until somebody chooses, as text. */
        default String usual() {
            return switch (this) {
                case WholeNumber(var _, var _, var usually) -> Long.toString(usually);
                case Flag(var usually) -> Boolean.toString(usually);
                case Word(var _, var usually) -> usually;
                case Text(var _, var usually) -> usually;
            };
        }

        /** Whether it can have this value. */
        default boolean takes(String value) {
            return switch (this) {
                case WholeNumber(var min, var max, var _) ->
                    value.matches("\\d{1,18}") && Long.parseLong(value) >= min && Long.parseLong(value) <= max;
                case Flag _ -> value.equals("true") || value.equals("false");
                case Word(var words, var _) -> words.contains(value);
                case Text(var charsMax, var _) ->
                    value.length() <= charsMax && value.chars().noneMatch(Character::isISOControl);
            };
        }

        /** The values it can have, as in "must be …". */
        default String must() {
            return switch (this) {
                case WholeNumber(var min, var max, var _) -> "must be a whole number from " + min + " to " + max;
                case Flag _ -> "must be true or false";
                case Word(var words, var _) -> "must be one of " + String.join(", ", words);
                case Text(var charsMax, var _) ->
                    "must be a text of at most " + charsMax + " characters, all of them printable";
            };
        }
    }

    /**
     * This value, spelled as it is kept.
     *
     * @throws IllegalArgumentException when it cannot have it; the message names the option and says what it can have
     */
    public String checked(String value) {
        if (!kind.takes(value)) {
            var shown = value.length() > 40 ? value.substring(0, 40) + "..." : value;
            throw new IllegalArgumentException(name + " " + kind.must() + ", not \"" + shown + "\"");
        }
        return kind instanceof Kind.WholeNumber ? Long.toString(Long.parseLong(value)) : value;
    }

    /** What is kept for a connection, or else the usual; so too where a later version knows narrower bounds. */
    public String of(Account account) {
        var kept = account.options().get(name);
        return kept != null && kind.takes(kept) ? kept : kind.usual();
    }
}
