package dev.gatepost.api;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import okio.ByteString;

/** Lists as files for spreadsheets (reliability X10): RFC 4180, and no cell that a spreadsheet would run as a formula. */
public final class Csv {

    /** Rows read at once; each reading is short, so that a long download keeps nothing open. */
    static final int PAGE_ROWS = 1_000;

    private static final String TYPE = "text/csv; charset=utf-8";

    private Csv() {}

    /** Whether the caller wants a file: by {@code format=csv}, or by the Accept header. */
    static boolean isWanted(Call call, Parameters parameters) {
        var format = parameters.word("format", List.of("json", "csv"));
        var accept = call.context().header("Accept");
        return format.map("csv"::equals).orElse(accept != null && accept.strip().startsWith("text/csv"));
    }

    /** Writes rows as they are read. The name of the file is fixed. */
    static Reply stream(Call call, String name, List<String> columns, Consumer<Consumer<List<String>>> rows) {
        var context = call.context();
        context.status(200);
        context.contentType(TYPE);
        context.header("Content-Disposition", "attachment; filename=\"gatepost-" + name + ".csv\"");
        try {
            write(context.outputStream(), columns, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reply(200, TYPE, ByteString.EMPTY, java.util.Map.of());
    }

    /** Writes rows as they are read, and closes {@code out}. */
    public static void write(OutputStream out, List<String> columns, Consumer<Consumer<List<String>>> rows)
            throws IOException {
        try (var writer = CsvWriter.builder()
                .lineDelimiter(LineDelimiter.CRLF)
                .build(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            writer.writeRecord(columns.stream().map(Csv::harmless).toList());
            rows.accept(cells ->
                    writer.writeRecord(cells.stream().map(Csv::harmless).toList()));
        }
    }

    /** A spreadsheet takes what begins so for a formula or a command. */
    static String harmless(String cell) {
        return !cell.isEmpty() && "=+-@\t\r\0".indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
    }
}
