package dev.gatepost.cli;

import java.util.Map;

/** Colours words on a terminal by their tone; plain elsewhere. The word itself always says the same. Immutable. */
final class Painter {

    /** SGR codes (ECMA-48, 8.3.117): green, yellow, red, cyan, faint. */
    private static final Map<String, String> CODES =
            Map.of("ok", "32", "warn", "33", "bad", "31", "info", "36", "dim", "2", "bold", "1");

    private final Terminal terminal;

    Painter(Terminal terminal) {
        this.terminal = terminal;
    }

    /** {@code text} padded to {@code width} columns and painted. */
    String word(String tone, String text, int width) {
        var padded = pad(text, width);
        var code = CODES.get(tone);
        return terminal.isColoured() && code != null ? "\u001b[" + code + "m" + padded + "\u001b[0m" : padded;
    }

    /** {@code text} and blanks up to {@code width}; longer text stays whole. */
    static String pad(String text, int width) {
        var missing = width - text.codePointCount(0, text.length());
        return missing > 0 ? text + " ".repeat(missing) : text;
    }
}
