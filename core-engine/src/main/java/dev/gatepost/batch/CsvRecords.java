package dev.gatepost.batch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Cuts text into records (RFC 4180), and forgives what spreadsheets and people write: other separators, quotes in the midst of
 * cells, lines without all cells. A quote that is never closed costs its own line only. For one thread.
 */
final class CsvRecords {
    /** Separators in use; the one most frequent in the first line counts, the first of equals. */
    private static final String SEPARATORS = ",;\t|";

    /** Unclosed quotes after which quotes mean nothing any more, so that nobody makes us read everything many times. */
    private static final int UNCLOSED_MAX = 100;

    private static final char QUOTE = '"';
    private static final int NOTHING = -1;

    private final BufferedReader in;
    private final char separator;
    private String again = "";
    private int againAt;
    private int ahead = NOTHING;
    private int unclosed;

    CsvRecords(Reader reader) throws IOException {
        this.in = new BufferedReader(reader, ListFile.ROW_CHARS_MAX);
        this.separator = separator();
    }

    /** The next record, blank lines left out; empty at the end. */
    Optional<List<String>> next() throws IOException {
        while (true) {
            var record = record();
            if (record.isEmpty()
                    || record.get().size() > 1
                    || !record.get().getFirst().isBlank()) {
                return record;
            }
        }
    }

    private char separator() throws IOException {
        in.mark(ListFile.ROW_CHARS_MAX);
        var counts = new int[SEPARATORS.length()];
        var quoted = false;
        for (int i = 0; i < ListFile.ROW_CHARS_MAX; i++) {
            var c = in.read();
            if (c < 0 || (!quoted && (c == '\n' || c == '\r'))) {
                break;
            }
            quoted ^= c == QUOTE;
            var known = quoted ? -1 : SEPARATORS.indexOf(c);
            if (known >= 0) {
                counts[known]++;
            }
        }
        in.reset();
        var best = 0;
        for (int i = 1; i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return SEPARATORS.charAt(best);
    }

    private Optional<List<String>> record() throws IOException {
        var raw = new StringBuilder();
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        var quoted = false;
        for (int c = read(); c >= 0; c = read()) {
            raw.append((char) c);
            if (raw.length() > ListFile.ROW_CHARS_MAX) {
                return Optional.of(quoted ? unclosed(raw.toString()) : tooLong(raw.toString()));
            }
            if (quoted) {
                if (c != QUOTE) {
                    cell.append((char) c);
                } else if (follows(QUOTE)) {
                    raw.append(QUOTE);
                    cell.append(QUOTE);
                } else {
                    quoted = false;
                }
            } else if (c == QUOTE && cell.isEmpty() && unclosed < UNCLOSED_MAX) {
                quoted = true;
            } else if (c == separator) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n' || c == '\r') {
                if (c == '\r') {
                    var _ = follows('\n');
                }
                cells.add(cell.toString());
                return Optional.of(cells);
            } else {
                cell.append((char) c);
            }
        }
        if (quoted) {
            return Optional.of(unclosed(raw.toString()));
        }
        if (raw.isEmpty()) {
            return Optional.empty();
        }
        cells.add(cell.toString());
        return Optional.of(cells);
    }

    /** Its first line alone, in which quotes mean nothing; the rest is read again. */
    private List<String> unclosed(String raw) throws IOException {
        unclosed++;
        var end = raw.indexOf('\n');
        if (end < 0) {
            return raw.length() > ListFile.ROW_CHARS_MAX ? tooLong(raw) : plain(raw);
        }
        var pending = ahead < 0 ? "" : String.valueOf((char) ahead);
        ahead = NOTHING;
        again = raw.substring(end + 1) + pending + again.substring(againAt);
        againAt = 0;
        return plain(raw.substring(0, end));
    }

    private List<String> plain(String line) {
        var cells = new ArrayList<String>();
        for (var cell : line.strip().split(Pattern.quote(String.valueOf(separator)), -1)) {
            cells.add(cell.replaceAll("^\"|\"$", ""));
        }
        return cells;
    }

    /** A line beyond all measure has no cells worth keeping; two empty ones, since one alone is a blank line. */
    private List<String> tooLong(String raw) throws IOException {
        if (raw.indexOf('\n') < 0) {
            for (int c = read(); c >= 0 && c != '\n'; c = read()) {
                // thrown away
            }
        }
        return List.of("", "");
    }

    private boolean follows(char wanted) throws IOException {
        var next = read();
        if (next == wanted) {
            return true;
        }
        ahead = next;
        return false;
    }

    private int read() throws IOException {
        if (ahead >= 0) {
            var next = ahead;
            ahead = NOTHING;
            return next;
        }
        return againAt < again.length() ? again.charAt(againAt++) : in.read();
    }
}
