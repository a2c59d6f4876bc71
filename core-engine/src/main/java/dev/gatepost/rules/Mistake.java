package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

/**
 * Something wrong with a workflow as somebody wrote it.
 *
 * @param path where it stands, for example {@code rules[2].when.all[0].score_below}; {@code workflow} for the whole
 * @param text what must be otherwise, for example {@code must be 1-100}
 */
public record Mistake(String path, String text) {
    public Mistake {
        requireNonNull(path, "path");
        requireNonNull(text, "text");
    }

    @Override
    public String toString() {
        return path + ": " + text;
    }
}
