package dev.gatepost.workspace;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The statements on the table of connections' options: those that somebody chose, by connection and name. */
final class ConnectionOptionRows {
    /** A change is told in one line; values that are long texts are cut. */
    private static final int VALUE_CHARS_MAX = 60;

    private ConnectionOptionRows() {}

    /** By connection. */
    static Map<String, Map<String, String>> all(Handle handle) {
        var all = new HashMap<String, Map<String, String>>();
        handle.createQuery("select connection_id, name, value from connection_option")
                .map((row, _) -> all.computeIfAbsent(row.getString("connection_id"), _ -> new HashMap<>())
                        .put(row.getString("name"), row.getString("value")))
                .list();
        return all;
    }

    static Map<String, String> of(Handle handle, String connectionId) {
        var values = new HashMap<String, String>();
        handle.createQuery("select name, value from connection_option where connection_id = :id")
                .bind("id", connectionId)
                .map((row, _) -> Map.entry(row.getString("name"), row.getString("value")))
                .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        return values;
    }

    static void replace(Handle handle, String connectionId, Map<String, String> values) {
        handle.createUpdate("delete from connection_option where connection_id = :id")
                .bind("id", connectionId)
                .execute();
        values.forEach((name, value) -> handle.createUpdate(
                        "insert into connection_option (connection_id, name, value) values (:id, :name, :value)")
                .bind("id", connectionId)
                .bind("name", name)
                .bind("value", value)
                .execute());
    }

    /** As in {@code reverify_after_days 90, reverify_per_day usual}. */
    static String difference(Map<String, String> before, Map<String, String> after) {
        var text = new StringBuilder();
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (var name : names) {
            var value = after.get(name);
            if (value == null || !value.equals(before.get(name))) {
                text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(shown(value));
            }
        }
        return text.toString();
    }

    private static String shown(@Nullable String value) {
        if (value == null) {
            return "usual";
        }
        return value.length() > VALUE_CHARS_MAX ? value.substring(0, VALUE_CHARS_MAX) + "..." : value;
    }
}
