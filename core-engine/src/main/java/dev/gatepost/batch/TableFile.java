package dev.gatepost.batch;

import dev.gatepost.intake.BulkBooks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A list as a table. Its first record names the columns, unless it holds an address itself. */
final class TableFile implements ListFile {
    private final Records records;
    private final List<String> columns;
    private final int email;
    private Optional<List<String>> first;

    /** Where the table's records come from. */
    @FunctionalInterface
    interface Records {
        /** The next one that is not blank; empty at the end. */
        Optional<List<String>> next() throws IOException;
    }

    TableFile(Records records, String column) throws IOException {
        this.records = records;
        var head = records.next().map(TableFile::bounded).orElse(List.of());
        if (head.stream().noneMatch(TableFile::isAddress)) {
            this.columns = new ArrayList<>(
                    head.stream().map(ListJson::clean).map(String::strip).toList());
            this.first = Optional.empty();
            this.email = column.isEmpty() ? found(columns) : named(column, columns);
        } else {
            this.first = Optional.of(head);
            this.email = column.isEmpty()
                    ? IntStream.range(0, head.size())
                            .filter(i -> isAddress(head.get(i)))
                            .findFirst()
                            .orElseThrow()
                    : named(column, numbered(head.size()));
            this.columns = new ArrayList<>(numbered(head.size()));
            columns.set(email, "email");
        }
    }

    private static int found(List<String> names) {
        if (names.size() == 1) {
            return 0;
        }
        return EmailColumn.of(names).orElseThrow(() -> EmailColumn.missing("", names));
    }

    private static int named(String column, List<String> names) {
        return EmailColumn.named(column, names).orElseThrow(() -> EmailColumn.missing(column, names));
    }

    private static List<String> numbered(int columns) {
        return IntStream.rangeClosed(1, columns)
                .mapToObj(number -> "column_" + number)
                .toList();
    }

    private static boolean isAddress(String cell) {
        return cell.indexOf('@') > 0 && BulkBooks.isAddress(cell.strip());
    }

    private static List<String> bounded(List<String> cells) {
        return cells.subList(0, Math.min(cells.size(), COLUMNS_MAX));
    }

    @Override
    public Optional<ListRow> next() throws IOException {
        var record = first.isPresent() ? first : records.next().map(TableFile::bounded);
        first = Optional.empty();
        return record.map(this::row);
    }

    private ListRow row(List<String> cells) {
        while (columns.size() < cells.size()) {
            columns.add("column_" + (columns.size() + 1));
        }
        return new ListRow(email < cells.size() ? cells.get(email) : "", ListJson.array(cells));
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public String emailColumn() {
        return columns.isEmpty() ? "" : columns.get(email);
    }
}
