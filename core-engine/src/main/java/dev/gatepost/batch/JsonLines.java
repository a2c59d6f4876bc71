package dev.gatepost.batch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A list as NDJSON: each line a text, or an object with the address among its fields. */
final class JsonLines implements ListFile {
    private static final int BYTE_ORDER_MARK = 0xfeff;

    private final BufferedReader in;
    private final JsonRows rows;

    JsonLines(InputStream in, String column) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), ROW_CHARS_MAX);
        this.rows = new JsonRows(column);
    }

    @Override
    public Optional<ListRow> next() throws IOException {
        for (var line = line(); line.isPresent(); line = line()) {
            var text = line.get().strip();
            if (!text.isEmpty()) {
                return Optional.of(
                        text.length() > ROW_CHARS_MAX
                                ? rows.unreadable(text)
                                : ListJson.value(text).map(rows::row).orElseGet(() -> rows.unreadable(text)));
            }
        }
        return Optional.empty();
    }

    /** Up to one character more than a row may have; what follows of such a line is thrown away. */
    private Optional<String> line() throws IOException {
        var line = new StringBuilder();
        var c = in.read();
        if (c < 0) {
            return Optional.empty();
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() <= ROW_CHARS_MAX && c != BYTE_ORDER_MARK) {
                line.append((char) c);
            }
        }
        return Optional.of(line.toString());
    }

    @Override
    public List<String> columns() {
        return rows.columns();
    }

    @Override
    public String emailColumn() {
        return rows.emailColumn();
    }
}
