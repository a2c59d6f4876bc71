package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.batch.Cell;
import dev.gatepost.batch.ListFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import okio.ByteString;
import org.dhatim.fastexcel.RichText;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * Tables as workbooks (ECMA-376), written while their rows are read: nothing of a row is kept once it is written but
 * its empty place (4 bytes). Texts stand in their cells, since a table of shared ones would grow with the list. A text is a text,
 * whatever it begins with, and never a formula. For one thread.
 */
public final class Xlsx {

    /** Most characters (UTF-16) of a cell: "Excel specifications and limits", read 2026-11-26. */
    static final int CELL_CHARS_MAX = 32_767;

    /** Most rows of a sheet, with the head; from the same page. */
    static final int SHEET_ROWS_MAX = 1_048_576;

    /** What a text that is too long ends with. */
    static final String CUT = "…";

    /** Rows held at once; the first ones also say how wide their columns are. */
    static final int ROWS_HELD = 100;

    /** In characters: so that a head can be read, and a long text does not push all others off the screen. */
    private static final int WIDTH_MIN = 10;

    private static final int WIDTH_MAX = 48;

    /** Beside the text: the border, and the button of the filter. */
    private static final int WIDTH_BESIDE = 3;

    /** What XML 1.0 (section 2.2) holds no character for. */
    private static final Pattern UNWRITABLE =
            Pattern.compile("[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

    /** What spreadsheets take for the code of a character; written so, it is taken for itself (ECMA-376, part 1, 22.9.2.19). */
    private static final Pattern ESCAPE = Pattern.compile("_(?=x[0-9A-Fa-f]{4}_)");

    /** Spaces that are dropped when nobody says that they count. */
    private static final Pattern SPACED = Pattern.compile("^\\s|\\s$|[\\n\\r\\t]");

    private final Worksheet sheet;
    private final int[] widths;
    private int rows;

    private Xlsx(Worksheet sheet, List<String> columns) {
        this.sheet = requireNonNull(sheet, "sheet");
        this.widths = new int[columns.size()];
        add(columns.stream().<Cell>map(Cell.Text::new).toList());
        sheet.range(0, 0, 0, Math.max(0, columns.size() - 1)).style().bold().set();
        sheet.freezePane(0, 1);
    }

    /** Writes rows as they are read. The name of the file is fixed. */
    static Reply stream(Call call, String name, List<String> columns, Consumer<Consumer<List<Cell>>> rows) {
        var type = ListFormat.XLSX.type();
        var context = call.context();
        context.status(200);
        context.contentType(type);
        context.header("Content-Disposition", "attachment; filename=\"gatepost-" + name + ".xlsx\"");
        try {
            var out = context.outputStream();
            write(out, columns, rows);
            out.close(); // only then: before the first byte has left, a failure is answered as one
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reply(200, type, ByteString.EMPTY, Map.of());
    }

    /**
     * Writes one sheet with a head that stays in sight. When {@code rows} fail, what was written is no workbook: half a list must
     * not look like a whole one. Leaves {@code out} open.
     */
    public static void write(OutputStream out, List<String> columns, Consumer<Consumer<List<Cell>>> rows)
            throws IOException {
        var book = new Workbook(out, "Gatepost", null); // never closed on failure: closing would finish it
        var xlsx = new Xlsx(book.newWorksheet("Results"), columns);
        try {
            rows.accept(xlsx::row);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        xlsx.widen();
        xlsx.sheet.setAutoFilter(0, 0, xlsx.rows - 1, Math.max(0, columns.size() - 1));
        book.finish();
    }

    private void row(List<Cell> cells) {
        if (rows == SHEET_ROWS_MAX) {
            throw new IllegalStateException("a sheet has " + SHEET_ROWS_MAX + " rows, and a list fewer");
        }
        if (rows % ROWS_HELD == 0) {
            try {
                widen();
                sheet.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        add(cells);
    }

    private void add(List<Cell> cells) {
        for (int column = 0; column < cells.size(); column++) {
            var cell = cells.get(column);
            switch (cell) {
                case Cell.Text(var text) -> put(column, text);
                case Cell.Whole(var number) -> sheet.value(rows, column, number);
                case Cell.Truth(var truth) -> sheet.value(rows, column, truth);
            }
            if (rows < ROWS_HELD) {
                widths[column] = Math.max(widths[column], cell.text().length());
            }
        }
        rows++;
    }

    private void put(int column, String text) {
        if (text.isEmpty()) {
            return;
        }
        var written = written(text);
        if (SPACED.matcher(written).find()) {
            sheet.inlineString(
                    rows, column, RichText.builder().run(written).end().build());
        } else {
            sheet.inlineString(rows, column, written);
        }
    }

    /** A text as a cell can hold it. */
    private static String written(String text) {
        var cell = text;
        if (cell.length() > CELL_CHARS_MAX) {
            var end = CELL_CHARS_MAX - CUT.length();
            cell = cell.substring(0, Character.isHighSurrogate(cell.charAt(end - 1)) ? end - 1 : end) + CUT;
        }
        return ESCAPE.matcher(UNWRITABLE.matcher(cell).replaceAll("\ufffd")).replaceAll("_x005F_");
    }

    /** Before the first rows are written; later it changes nothing. */
    private void widen() {
        if (rows <= ROWS_HELD) {
            for (int column = 0; column < widths.length; column++) {
                sheet.width(column, Math.clamp(widths[column] + WIDTH_BESIDE, WIDTH_MIN, WIDTH_MAX));
            }
        }
    }
}
