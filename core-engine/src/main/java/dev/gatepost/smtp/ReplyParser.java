package dev.gatepost.smtp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a {@link Reply} of the lines a host sent, or of a line from a log or a bounce. Pure, never throws on input. */
public final class ReplyParser {
    /** Longest text kept, in characters (reliability: M7). */
    static final int TEXT_CHARS_MAX = 512;

    private static final String CUT = " ... ";

    /**
     * Where in a line somebody quotes a reply, for example {@code host mx.example.com said: 550 5.1.1 ...}. A colon behind
     * the code counts only where white space stands before it: IPv6 addresses have colons on both sides. What counts
     * seconds or minutes is no code.
     */
    private static final Pattern QUOTED = Pattern.compile(
            "(?<![^\\s;:>\"'(\\[#])(^3\\d\\d|[245]\\d\\d)"
                    + "(?:(?=[ \\-]|$)|(?<=(?:^|\\s)\\d{3})(?=[:;,]))"
                    + "(?! (?:secs?|seconds?|mins?|minutes?|hours?)\\b)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern ENHANCED =
            Pattern.compile("^[\\s(#]*([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\w.]\\d)[)\\s]*");

    private ReplyParser() {}

    /**
     * Reads one reply from anything a person may paste: {@code 550 5.1.1 text}, several lines {@code 550-5.1.1 ...},
     * a bare code, or a bounce line that quotes a reply. The code is 0 where none is found.
     */
    public static Reply parse(String pasted) {
        var text = pasted.substring(0, Math.min(pasted.length(), ReplyText.CHARS_MAX));
        var lines =
                text.lines().filter(line -> !line.isBlank()).map(String::strip).toList();
        if (lines.isEmpty()) {
            return new Reply(0, "", "");
        }
        var quoted = QUOTED.matcher(lines.getFirst());
        if (quoted.find()) {
            int code = Integer.parseInt(quoted.group(1));
            return ofLines(code, afterCode(quoted, code, lines));
        }
        return ofLines(0, lines);
    }

    /** The lines' texts; a multi-line reply pasted into one line repeats its code in the middle. */
    private static List<String> afterCode(Matcher first, int code, List<String> lines) {
        var texts = new ArrayList<String>();
        var repeated = " " + code + "-";
        var head = lines.getFirst().substring(first.end()).replaceFirst("^[:;,]\\s*", "");
        boolean continued = head.startsWith("-");
        texts.addAll(Arrays.asList(
                continued
                        ? head.substring(1).replace(" " + code + " ", repeated).split(repeated, -1)
                        : new String[] {head}));
        for (var line : lines.subList(1, lines.size())) {
            boolean sameCode = line.startsWith(Integer.toString(code));
            texts.add(sameCode ? line.substring(Math.min(line.length(), 4)) : line);
        }
        return texts;
    }

    /** A reply of the lines' texts without their codes; an enhanced code repeated on each line is taken off. */
    static Reply ofLines(int code, List<String> texts) {
        var enhanced = "";
        var text = new StringBuilder();
        for (var line : texts) {
            var rest = line.strip();
            var found = ENHANCED.matcher(rest);
            if (found.find() && (enhanced.isEmpty() || enhanced.equals(found.group(1)))) {
                enhanced = found.group(1);
                rest = rest.substring(found.end());
            }
            if (!rest.isEmpty()) {
                text.append(text.isEmpty() ? "" : " ").append(rest);
            }
        }
        return new Reply(code, enhanced, kept(text.toString()));
    }

    /** Beginning and end of a long text, since hosts explain themselves at the end. */
    private static String kept(String text) {
        var clean = printable(text);
        if (clean.length() <= TEXT_CHARS_MAX) {
            return clean;
        }
        int half = (TEXT_CHARS_MAX - CUT.length()) / 2;
        return clean.substring(0, half) + CUT + clean.substring(clean.length() - half);
    }

    private static String printable(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(isPrintable(c) ? c : '?'));
        return clean.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
