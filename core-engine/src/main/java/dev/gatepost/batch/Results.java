package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.batch.BatchRows.Shown;
import dev.gatepost.batch.BatchRows.State;
import dev.gatepost.intake.StoredVerifications;
import dev.gatepost.store.Database;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A list as it was handed in, with what became of each row beside it: the customer's own columns first, then ours, which are
 * called as everywhere; where the list has a column of that name itself, ours has {@code gatepost_} before it. Read page by
 * page, so that a long download keeps nothing open. Safe for any thread.
 */
public final class Results {
    /** Rows read at once. */
    private static final int PAGE_ROWS = 500;

    /** What ours is called where the list has the name already. */
    private static final String PREFIX = "gatepost_";

    /** Our columns: the keys of a verification. */
    private static final List<String> OURS = List.of(
            "id",
            "email",
            "normalized",
            "status",
            "label",
            "score",
            "reason",
            "reason_text",
            "disposable",
            "free",
            "role",
            "accept_all",
            "mailbox_full",
            "relay",
            "subaddress",
            "smtputf8",
            "homograph",
            "implicit_mx",
            "suggestion",
            "domain",
            "provider",
            "mx",
            "workflow_id",
            "workflow_name",
            "workflow_version",
            "decision",
            "rule",
            "message",
            "final",
            "credits_charged",
            "billing",
            "verified_at",
            "valid_until",
            "duration_ms");

    private final Database database;
    private final StoredVerifications stored = new StoredVerifications();

    Results(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** Our columns. */
    public static List<String> ours() {
        return OURS;
    }

    /** The names of all columns of the table. */
    public List<String> columns(Batch batch) {
        var columns = new ArrayList<>(batch.columns());
        var taken = new HashSet<>(batch.columns());
        OURS.forEach(name -> columns.add(free(name, taken)));
        return columns;
    }

    private static String free(String name, Set<String> taken) {
        return taken.contains(name) ? PREFIX + name : name;
    }

    /** The rows of the table as texts, in the order of the list. */
    public void table(Batch batch, Consumer<List<String>> out) {
        cells(batch, cells -> out.accept(cells.stream().map(Cell::text).toList()));
    }

    /** The rows of the table, in the order of the list. */
    public void cells(Batch batch, Consumer<List<Cell>> out) {
        each(batch, (row, verification) -> {
            var cells = own(batch, row);
            OURS.forEach(name -> cells.add(cell(verification.path(name))));
            out.accept(cells);
        });
    }

    private static Cell cell(JsonNode value) {
        if (value.isBoolean()) {
            return new Cell.Truth(value.asBoolean());
        }
        if (value.isIntegralNumber()) {
            return new Cell.Whole(value.asLong());
        }
        if (!value.isArray()) {
            return new Cell.Text(ListJson.cell(value));
        }
        var words = new ArrayList<String>();
        value.forEach(each -> words.add(each.asText()));
        return new Cell.Text(String.join(" ", words));
    }

    private static List<Cell> own(Batch batch, Shown row) {
        var own = ListJson.stored(row.own());
        var cells = new ArrayList<Cell>();
        for (int i = 0; i < batch.columns().size(); i++) {
            cells.add(new Cell.Text(ListJson.cell(
                    own.isArray() ? own.path(i) : own.path(batch.columns().get(i)))));
        }
        return cells;
    }

    /** The rows as objects, one line of JSON each, in the order of the list. */
    public void lines(Batch batch, Consumer<String> out) {
        each(batch, (row, verification) -> {
            var object = object(batch, row);
            var taken = new HashSet<String>();
            object.fieldNames().forEachRemaining(taken::add);
            taken.addAll(batch.columns());
            OURS.forEach(name -> {
                if (verification.has(name)) {
                    object.set(free(name, taken), verification.get(name));
                }
            });
            out.accept(object.toString());
        });
    }

    private static ObjectNode object(Batch batch, Shown row) {
        var own = ListJson.stored(row.own());
        if (own instanceof ObjectNode object) {
            return object;
        }
        var object = ListJson.MAPPER.createObjectNode();
        for (int i = 0; i < own.size() && i < batch.columns().size(); i++) {
            object.set(unused(object, batch.columns().get(i)), own.path(i));
        }
        return object;
    }

    /** Tables may have two columns of one name. */
    private static String unused(ObjectNode object, String name) {
        var unused = name;
        for (int i = 2; object.has(unused); i++) {
            unused = name + "_" + i;
        }
        return unused;
    }

    private interface Each {
        void on(Shown row, ObjectNode verification);
    }

    private void each(Batch batch, Each each) {
        var after = 0L;
        while (true) {
            var from = after;
            var page = database.<Page>read(handle -> {
                var rows = BatchRows.page(handle, batch.id(), from, PAGE_ROWS);
                var firsts = BatchRows.shown(
                        handle,
                        batch.id(),
                        rows.stream()
                                .filter(row -> row.state() == State.DUPLICATE)
                                .map(Shown::first)
                                .toList());
                var ids = new ArrayList<String>();
                rows.forEach(row -> ids.add(row.verificationId()));
                firsts.values().forEach(row -> ids.add(row.verificationId()));
                return new Page(
                        rows,
                        firsts,
                        stored.byIds(
                                handle, ids.stream().filter(id -> !id.isEmpty()).toList()));
            });
            page.rows().stream()
                    .filter(row -> row.state() != State.ERASED)
                    .forEach(row -> each.on(row, page.verification(row)));
            if (page.rows().size() < PAGE_ROWS) {
                return;
            }
            after = page.rows().getLast().number();
        }
    }

    private record Page(List<Shown> rows, Map<Long, Shown> firsts, Map<String, ObjectNode> verifications) {
        /** Empty where there is none yet, or none at all. */
        ObjectNode verification(Shown row) {
            return switch (row.state()) {
                case DUE -> of(row).put("email", row.email()).put("final", false);
                case DONE -> of(row).put("email", row.email());
                case DUPLICATE -> again(row);
                case GIVEN_UP ->
                    nothing().put("status", "unknown").put("label", "unknown").put("final", true);
                case NO_ADDRESS, ERASED -> nothing();
            };
        }

        private ObjectNode of(Shown row) {
            var verification = verifications.get(row.verificationId());
            return verification == null ? nothing() : verification.deepCopy();
        }

        /** The same answer, which costs but once. */
        private ObjectNode again(Shown row) {
            var first = firsts.get(row.first());
            var answer = first == null ? nothing() : verification(first);
            answer.put("email", row.email());
            return answer.has("billing") && answer.path("credits_charged").asInt() > 0
                    ? answer.put("credits_charged", 0).put("billing", "reused")
                    : answer;
        }

        private static ObjectNode nothing() {
            return ListJson.MAPPER.createObjectNode();
        }
    }
}
