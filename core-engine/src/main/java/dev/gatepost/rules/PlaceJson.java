package dev.gatepost.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.rules.Mistake.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One place in a workflow's JSON.
 *
 * @param node what stands there; a missing node when nothing does
 * @param path where it is, for people
 * @param mistakes where mistakes found here go
 */
record PlaceJson(JsonNode node, String path, Mistakes mistakes) {
    /** Longest piece of the reader's own text that an error repeats. */
    private static final int SHOWN_CHARS_MAX = 60;

    PlaceJson at(String key) {
        return new PlaceJson(node.path(key), path.isEmpty() ? key : path + "." + key, mistakes);
    }

    boolean isMissing() {
        return node.isMissingNode();
    }

    void wrong(String text) {
        wrong(isMissing() ? Kind.MISSING : Kind.WRONG, text);
    }

    private void wrong(Kind kind, String text) {
        mistakes.add(kind, path.isEmpty() ? "workflow" : path, text);
    }

    /** Whether an object stands here; its keys are checked. */
    boolean isObject(Set<String> keys) {
        if (!node.isObject()) {
            wrong(isMissing() ? "is missing" : "must be an object");
            return false;
        }
        node.fieldNames().forEachRemaining(key -> {
            if (!keys.contains(key)) {
                at(shown(key)).wrong(Kind.UNKNOWN, "unknown key; there is " + String.join(", ", new TreeSet<>(keys)));
            }
        });
        return true;
    }

    /** The elements of a list of 1 to {@code entriesMax}. */
    List<PlaceJson> elements(int entriesMin, int entriesMax) {
        if (!node.isArray()) {
            wrong(isMissing() ? "is missing" : "must be a list");
            return List.of();
        }
        if (node.size() < entriesMin) {
            wrong("must not be empty");
        }
        if (node.size() > entriesMax) {
            wrong("has %,d entries; at most %,d are allowed".formatted(node.size(), entriesMax));
            return List.of();
        }
        var elements = new ArrayList<PlaceJson>();
        for (int i = 0; i < node.size(); i++) {
            elements.add(new PlaceJson(node.get(i), path + "[" + i + "]", mistakes));
        }
        return elements;
    }

    /** A text that shows: of at most {@code charsMax} characters, on one line, without blanks around it. */
    Optional<String> line(int charsMin, int charsMax) {
        var text = text();
        if (text.isEmpty()) {
            return text;
        }
        var line = text.get();
        if (line.length() < charsMin) {
            wrong("must not be empty");
        } else if (line.length() > charsMax) {
            wrong("is %,d characters long; at most %,d are allowed".formatted(line.length(), charsMax));
        } else if (line.chars().anyMatch(Character::isISOControl)) {
            wrong("must be one line without control characters");
        } else if (!line.equals(line.strip())) {
            wrong("must not begin or end with a blank");
        } else {
            return text;
        }
        return Optional.empty();
    }

    Optional<String> text() {
        if (!node.isTextual()) {
            wrong(isMissing() ? "is missing" : "must be a text");
            return Optional.empty();
        }
        return Optional.of(node.textValue());
    }

    /** A text of somebody's, short and harmless enough to be repeated in an error. */
    static String shown(String text) {
        var shown = text.codePoints()
                .limit(SHOWN_CHARS_MAX)
                .map(each -> Character.isISOControl(each) || Character.getType(each) == Character.FORMAT ? '?' : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return text.length() > shown.length() ? shown + "…" : shown;
    }
}
