package dev.gatepost.batch;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A list being read, row by row; a bad row never fails the others (reliability X10). For one thread. */
public sealed interface ListFile permits TableFile, JsonLines, JsonList {
    /** Most bytes of one list. */
    long BYTES_MAX = 256L * 1024 * 1024;

    /** Most characters of one row; longer ones are taken as rows without an address. */
    int ROW_CHARS_MAX = 64 * 1024;

    /** Most columns that are kept of a list. */
    int COLUMNS_MAX = 256;

    /**
     * Begins to read.
     *
     * @param column the column with the addresses, by name or by number from 1; empty to find it by its name
     * @param charset what the sender says the text is in; empty to find out
     * @throws UnusableList when there is no such column, or the head of it cannot be read
     */
    static ListFile open(ListFormat format, InputStream in, String column, String charset) throws IOException {
        var bounded = new BoundedInput(in, BYTES_MAX);
        return switch (format) {
            case CSV -> new TableFile(new CsvRecords(CsvText.reader(bounded, charset))::next, column);
            case XLSX -> new TableFile(new XlsxRecords(bounded)::next, column);
            case NDJSON -> new JsonLines(bounded, column);
            case JSON -> new JsonList(bounded, column);
        };
    }

    /**
     * The next row; empty at the end.
     *
     * @throws UnusableList when the rest cannot be read at all
     */
    Optional<ListRow> next() throws IOException;

    /** Names of the columns met so far, in their order. */
    List<String> columns();

    /** The column with the addresses; empty where there are no columns. */
    String emailColumn();
}
