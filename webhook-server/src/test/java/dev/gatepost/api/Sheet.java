package dev.gatepost.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.batch.ListFile;
import dev.gatepost.batch.ListFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/** A workbook that was written, once as our own reader sees it, and once as it stands. */
record Sheet(List<List<String>> cells, Map<String, String> parts) {

    private static final JsonMapper JSON = new JsonMapper();

    static Sheet of(byte[] octets) {
        try {
            return new Sheet(read(octets), unzipped(octets));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head first; rows may be shorter than it. */
    private static List<List<String>> read(byte[] octets) throws IOException {
        var file = ListFile.open(ListFormat.XLSX, new ByteArrayInputStream(octets), "1", "");
        var rows = new ArrayList<List<String>>();
        rows.add(List.copyOf(file.columns()));
        for (var row = file.next(); row.isPresent(); row = file.next()) {
            rows.add(JSON.readValue(row.get().own(), new TypeReference<List<String>>() {}));
        }
        return rows;
    }

    /** By the JDK, which wants a file for it. */
    private static Map<String, String> unzipped(byte[] octets) throws IOException {
        var file = Files.createTempFile("sheet", ".xlsx");
        try {
            Files.write(file, octets);
            try (var zip = new ZipFile(file.toFile())) {
                var parts = new HashMap<String, String>();
                for (var entry : zip.stream().toList()) {
                    parts.put(
                            entry.getName(),
                            new String(zip.getInputStream(entry).readAllBytes(), UTF_8));
                }
                return parts;
            }
        } finally {
            Files.delete(file);
        }
    }

    String xml() {
        return requireNonNull(parts.get("xl/worksheets/sheet1.xml"), "the first sheet");
    }

    /** One cell as it is written, row and column from 0; empty when there is none. */
    String cell(int row, int column) {
        var name = column < 26
                ? "" + (char) ('A' + column)
                : "" + (char) ('A' + column / 26 - 1) + (char) ('A' + column % 26);
        var cell = Pattern.compile("<c r=\"" + name + (row + 1) + "\".*?</c>", Pattern.DOTALL)
                .matcher(xml());
        return cell.find() ? cell.group() : "";
    }
}
