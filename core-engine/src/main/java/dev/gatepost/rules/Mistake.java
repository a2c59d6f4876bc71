package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

/**
 * Something wrong with a workflow as somebody wrote it.
 *
 * @param kind what kind of mistake
 * @param path where it stands, for example {@code rules[2].when.all[0].score_below}; {@code workflow} for the whole
 * @param text what must be otherwise, for example {@code must be 1-100}
 */
public record Mistake(Kind kind, String path, String text) {
    public Mistake {
        requireNonNull(kind, "kind");
        requireNonNull(path, "path");
        requireNonNull(text, "text");
    }

    /** What can be wrong. */
    public enum Kind {
        /** There is no such key. */
        UNKNOWN,
        /** Something must stand there. */
        MISSING,
        /** What stands there cannot be. */
        WRONG
    }

    @Override
    public String toString() {
        return path + ": " + text;
    }
}
