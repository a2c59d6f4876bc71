package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * One list as it was on one day: a text with a header of {@code # key: value} lines and one entry a line.
 *
 * @param source where the entries come from, one sentence
 * @param licence under which terms
 * @param agreeing how many sources name each entry at least
 * @param asOf the day of the source's publication
 * @param entries in the order of the text, without comments
 */
public record Snapshot(String source, String licence, int agreeing, LocalDate asOf, List<String> entries) {
    private static final char COMMENT = '#';

    public Snapshot {
        requireNonNull(source, "source");
        requireNonNull(licence, "licence");
        requireNonNull(asOf, "asOf");
        entries = List.copyOf(entries);
    }

    /** Reads a list shipped in this package. A missing or headless one is a broken jar. */
    static Snapshot shipped(String resource) {
        try (var in = Snapshot.class.getResourceAsStream(resource)) {
            var bytes = requireNonNull(in, resource).readAllBytes();
            // All shipped lists are ASCII, the one charset whose bytes become a String without decoding.
            return parse(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text that {@link #parse} reads. */
    String text(String title) {
        var text = new StringBuilder("# " + title + "\n");
        text.append("# source: ").append(source).append('\n');
        text.append("# licence: ").append(licence).append('\n');
        text.append("# sources that agree: ").append(agreeing).append('\n');
        text.append("# as of: ").append(asOf).append('\n');
        text.append("# entries: ").append(entries.size()).append('\n');
        entries.forEach(entry -> text.append(entry).append('\n'));
        return text.toString();
    }

    static Snapshot parse(String text) {
        var source = "";
        var licence = "";
        var agreeing = "1";
        var asOf = "";
        var entries = new ArrayList<String>();
        for (var start = 0; start < text.length(); ) {
            var newline = text.indexOf('\n', start);
            var end = newline < 0 ? text.length() : newline;
            if (end > start && text.charAt(start) != COMMENT) {
                entries.add(text.substring(start, end));
            } else {
                var line = text.substring(start, end);
                source = headerOr(source, "# source: ", line);
                licence = headerOr(licence, "# licence: ", line);
                agreeing = headerOr(agreeing, "# sources that agree: ", line);
                asOf = headerOr(asOf, "# as of: ", line);
            }
            start = end + 1;
        }
        return new Snapshot(source, licence, Integer.parseInt(agreeing), LocalDate.parse(asOf), entries);
    }

    private static String headerOr(String before, String key, String line) {
        return line.startsWith(key) ? line.substring(key.length()) : before;
    }
}
