package dev.gatepost.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads this package's tables: one row a line, fields between semicolons, {@code #} begins a comment line. */
final class ResourceTable {
    private ResourceTable() {}

    static List<List<String>> rows(String resource, int fields) {
        return lines(resource).stream().map(line -> row(resource, line, fields)).toList();
    }

    static List<String> lines(String resource) {
        try (var in = ResourceTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> row(String resource, String line, int fields) {
        var row = Arrays.stream(line.split(";", fields)).map(String::strip).toList();
        if (row.size() != fields) {
            throw new IllegalStateException(resource + ": " + fields + " fields expected in: " + line);
        }
        return row;
    }

    static ReplyMeaning meaning(String word) {
        return ReplyMeaning.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
