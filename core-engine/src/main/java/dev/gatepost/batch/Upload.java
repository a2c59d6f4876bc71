package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import dev.gatepost.batch.BatchRows.Incoming;
import dev.gatepost.batch.BatchRows.State;
import dev.gatepost.batch.BatchTable.Draft;
import dev.gatepost.batch.BatchTable.Whole;
import dev.gatepost.intake.BulkBooks;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings the rows of one list into the store as they come, in small transactions; what is half here is seen by nobody. For
 * one thread.
 */
final class Upload {
    /** Rows of one transaction: some milliseconds of the writer. */
    private static final int PAGE_ROWS = 500;

    /** Longest text kept as an address; one that is longer than an address may be is still told apart. */
    private static final int EMAIL_CHARS_MAX = 1_000;

    private final BatchParts parts;
    private final String id;
    private final Instant deadline;
    private final Map<Integer, Integer> uniqueByShard = new HashMap<>();
    private Batch.Rows rows = Batch.Rows.NONE;

    private Upload(BatchParts parts, String id, Instant deadline) {
        this.parts = parts;
        this.id = id;
        this.deadline = deadline;
    }

    /**
     * Reads the list to its end. When that fails, what is there is left for whoever removes what was left behind.
     *
     * @throws UnusableList when it cannot be taken
     * @throws IOException when the sender goes away, or has not sent all by the deadline
     */
    static Whole run(BatchParts parts, Draft draft, ListFile file, Instant deadline) throws IOException {
        parts.database().write(handle -> {
            BatchTable.add(handle, draft, parts.clock().instant());
            return true;
        });
        return new Upload(parts, draft.id(), deadline).read(file);
    }

    private Whole read(ListFile file) throws IOException {
        var page = new ArrayList<ListRow>();
        for (var row = file.next(); row.isPresent(); row = file.next()) {
            page.add(row.get());
            if (rows.all() + page.size() > Batch.ROWS_MAX) {
                throw new UnusableList(
                        UnusableList.Kind.TOO_LARGE,
                        "",
                        "A list may have " + Batch.ROWS_MAX + " rows at most; cut it in parts.");
            }
            if (page.size() == PAGE_ROWS) {
                store(List.copyOf(page));
                page.clear();
            }
        }
        store(page);
        if (rows.all() == 0) {
            throw new UnusableList(UnusableList.Kind.INVALID, "", "The list has no rows.");
        }
        return new Whole(rows, Map.copyOf(uniqueByShard), file.columns(), file.emailColumn());
    }

    private void store(List<ListRow> page) throws IOException {
        if (page.isEmpty()) {
            return;
        }
        var now = parts.clock().instant();
        if (now.isAfter(deadline)) {
            throw new IOException("the list did not come in time");
        }
        var texts = page.stream().map(Upload::email).toList();
        var keys = texts.stream()
                .map(text -> text.isEmpty() ? "" : BatchRows.key(BulkBooks.normalized(text)))
                .toList();
        var stored = parts.database().<List<Incoming>>write(handle -> {
            if (!BatchTable.touch(handle, id, now)) {
                throw new IllegalStateException("a list was removed while it came in: " + id);
            }
            var firsts = BatchRows.firsts(
                    handle, id, keys.stream().filter(key -> !key.isEmpty()).toList());
            var incoming = incoming(page, texts, keys, firsts);
            BatchRows.add(handle, id, incoming, now);
            return incoming;
        });
        stored.forEach(this::count);
    }

    private static String email(ListRow row) {
        var text = ListJson.clean(row.email()).strip();
        return text.substring(0, Math.min(text.length(), EMAIL_CHARS_MAX));
    }

    private List<Incoming> incoming(
            List<ListRow> page, List<String> texts, List<String> keys, Map<String, Long> firsts) {
        var known = new HashMap<>(firsts);
        var incoming = new ArrayList<Incoming>();
        for (int i = 0; i < page.size(); i++) {
            var number = rows.all() + i + 1;
            var key = keys.get(i);
            var first = key.isEmpty() ? number : requireNonNull(known.computeIfAbsent(key, _ -> number));
            var state = key.isEmpty() ? State.NO_ADDRESS : first == number ? State.DUE : State.DUPLICATE;
            incoming.add(new Incoming(number, texts.get(i), key, page.get(i).own(), state, first));
        }
        return incoming;
    }

    private void count(Incoming row) {
        var isUnique = row.state() == State.DUE;
        var isNone = isUnique && !BulkBooks.isAddress(row.email());
        if (isUnique) {
            uniqueByShard.merge(row.shard(), 1, Integer::sum);
        }
        rows = new Batch.Rows(
                rows.all() + 1,
                rows.unique() + (isUnique ? 1 : 0),
                rows.duplicates() + (row.state() == State.DUPLICATE ? 1 : 0),
                rows.noAddress() + (row.state() == State.NO_ADDRESS ? 1 : 0),
                rows.notAnAddress() + (isNone ? 1 : 0));
    }
}
