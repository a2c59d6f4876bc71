package dev.gatepost.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Makes rows of JSON values: a text is an address, an object holds one. For one thread. */
final class JsonRows {
    /** Where a row that cannot be read is kept. */
    private static final String UNREADABLE = "unreadable";

    private static final int UNREADABLE_CHARS_MAX = 1_000;

    private final String column;
    private final Set<String> columns = new LinkedHashSet<>();
    private String emailColumn;

    JsonRows(String column) {
        this.column = column;
        this.emailColumn = column;
    }

    ListRow row(JsonNode value) {
        if (value.isTextual()) {
            return new ListRow(value.asText(), "{}");
        }
        return value instanceof ObjectNode object ? row(ListJson.clean(object)) : unreadable(value.toString());
    }

    private ListRow row(ObjectNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        for (var name : names) {
            if (columns.size() < ListFile.COLUMNS_MAX) {
                columns.add(name);
            }
        }
        var place = column.isEmpty() ? EmailColumn.of(names) : EmailColumn.named(column, names);
        if (place.isEmpty()) {
            return new ListRow("", object.toString());
        }
        var name = names.get(place.getAsInt());
        if (emailColumn.isEmpty()) {
            emailColumn = name;
        }
        var value = object.path(name);
        return new ListRow(value.isTextual() ? value.asText() : "", object.toString());
    }

    /** A row that is no JSON, or none that can hold an address. */
    ListRow unreadable(String text) {
        columns.add(UNREADABLE);
        return new ListRow(
                "", ListJson.object(UNREADABLE, text.substring(0, Math.min(text.length(), UNREADABLE_CHARS_MAX))));
    }

    List<String> columns() {
        return List.copyOf(columns);
    }

    String emailColumn() {
        return emailColumn;
    }
}
