package dev.gatepost.address;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How tables write text that cannot stand in a file: {@code \}{@code uXXXX}, {@code \\}, and {@code {a*64}} to repeat. */
final class EscapedText {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9A-F]{4})|\\\\)");
    private static final Pattern REPEAT = Pattern.compile("\\{([^{}*]+)\\*(\\d+)}");

    private EscapedText() {}

    static String decode(String written) {
        var repeated = REPEAT.matcher(written)
                .replaceAll(found -> quote(found.group(1).repeat(Integer.parseInt(found.group(2)))));
        return ESCAPE.matcher(repeated)
                .replaceAll(found -> quote(
                        found.group(1) == null
                                ? "\\"
                                : Character.toString((char) Integer.parseInt(found.group(1), 16))));
    }

    /** The other way, for messages. */
    static String encode(String text) {
        var written = new StringBuilder();
        text.chars().forEach(c -> written.append(c > ' ' && c < 0x7F ? Character.toString(c) : "\\u%04X".formatted(c)));
        return written.toString();
    }

    private static String quote(String text) {
        return Matcher.quoteReplacement(text);
    }
}
