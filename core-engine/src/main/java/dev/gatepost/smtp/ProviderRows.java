package dev.gatepost.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Rows of a provider table, read from text: nine or ten columns between semicolons, {@code #} begins a comment line.
 *
 * @param version of the shipped table, a day; empty where none is stated
 */
record ProviderRows(String version, List<Row> rows) {
    /** The columns, as mistakes name them; the note may be left out. */
    private static final List<String> COLUMNS = List.of(
            "mail host",
            "name",
            "group",
            "trust of a refusal",
            "trust of an acceptance",
            "ask a random local part",
            "most recipients in a session",
            "addresses a minute",
            "addresses a day",
            "note");

    private static final int MISTAKES_MAX = 20;

    private static final String VERSION = "# version: ";

    private static final Pattern HOST = Pattern.compile("[a-z0-9*]([a-z0-9*.-]{0,251}[a-z0-9*])?");

    private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

    ProviderRows {
        rows = List.copyOf(rows);
    }

    /** {@code pieces} of a host name in order, with anything between. */
    record Row(List<String> pieces, Provider provider) {
        Row {
            pieces = List.copyOf(pieces);
        }

        boolean covers(String host) {
            if (pieces.size() == 1) {
                return host.equals(pieces.getFirst());
            }
            int at = pieces.getFirst().length();
            for (var piece : pieces.subList(1, pieces.size() - 1)) {
                int found = host.indexOf(piece, at);
                if (found < 0) {
                    return false;
                }
                at = found + piece.length();
            }
            return host.startsWith(pieces.getFirst())
                    && host.endsWith(pieces.getLast())
                    && host.length() - pieces.getLast().length() >= at;
        }
    }

    static ProviderRows shipped() {
        try (var in = Objects.requireNonNull(ProviderRows.class.getResourceAsStream("providers.csv"))) {
            return parse("the shipped table", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException when rows are wrong; the message names each with line and column, up to 20 */
    static ProviderRows parse(String name, String text) {
        var lines = text.lines().toList();
        var version = lines.stream()
                .filter(line -> line.startsWith(VERSION))
                .map(line -> line.substring(VERSION.length()).strip())
                .findFirst()
                .orElse("");
        var rows = new ArrayList<Row>();
        var mistakes = new ArrayList<String>();
        for (int i = 0; i < lines.size() && mistakes.size() < MISTAKES_MAX; i++) {
            if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
                var line = new Line(List.of(lines.get(i).split(";", COLUMNS.size())), i + 1, mistakes);
                line.row(version.isEmpty() ? name : name + " of " + version).ifPresent(rows::add);
            }
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        return new ProviderRows(version, rows);
    }

    /** One line under reading; what is wrong with it is added to {@code mistakes}. */
    private record Line(List<String> fields, int number, List<String> mistakes) {
        Optional<Row> row(String table) {
            if (fields.size() < COLUMNS.size() - 1) {
                mistakes.add("line " + number + ": " + (COLUMNS.size() - 1) + " columns between semicolons expected,"
                        + " there are " + fields.size());
                return Optional.empty();
            }
            int before = mistakes.size();
            var host = matching(0, HOST, "a host name in lower case, * for anything between")
                    .strip();
            var provider = new Provider(
                    text(1),
                    matching(2, WORD, "a word in lower case"),
                    trust(3),
                    trust(4),
                    yes(5),
                    number(6),
                    number(7),
                    number(8),
                    host + ", " + table);
            return mistakes.size() > before
                    ? Optional.empty()
                    : Optional.of(new Row(List.of(host.split("\\*", -1)), provider));
        }

        private String text(int column) {
            return fields.get(column).strip();
        }

        private String matching(int column, Pattern pattern, String expected) {
            if (!pattern.matcher(text(column)).matches()) {
                wrong(column, expected);
            }
            return text(column);
        }

        private Trust trust(int column) {
            for (var trust : Trust.values()) {
                if (trust.word().equals(text(column))) {
                    return trust;
                }
            }
            wrong(column, "high, medium or low");
            return Trust.MEDIUM;
        }

        private boolean yes(int column) {
            if (!text(column).equals("yes") && !text(column).equals("no")) {
                wrong(column, "yes or no");
            }
            return text(column).equals("yes");
        }

        private int number(int column) {
            if (text(column).matches("[1-9]\\d{0,8}")) {
                return Integer.parseInt(text(column));
            }
            wrong(column, "a whole number from 1");
            return 1;
        }

        private void wrong(int column, String expected) {
            mistakes.add(String.format(
                    Locale.ROOT,
                    "line %d, column %d (%s): %s expected, not \"%s\"",
                    number,
                    column + 1,
                    COLUMNS.get(column),
                    expected,
                    text(column)));
        }
    }
}
