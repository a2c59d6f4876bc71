package dev.gatepost.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.api.Parameters.Page;
import java.util.List;
import java.util.function.Function;

/** A part of a list, as every list of the API looks. Pure. */
public final class Listing {

    private Listing() {}

    /**
     * {@code {"data": [...], "next": "..."}}; {@code next} goes into {@code after} of the next request and is null at the end.
     *
     * @param rows one more than the page may hold, if there are that many
     */
    public static <T> ObjectNode of(List<T> rows, Page page, Function<T, String> id, Function<T, ObjectNode> json) {
        var body = JsonNodeFactory.instance.objectNode();
        var data = body.putArray("data");
        var shown = rows.subList(0, Math.min(rows.size(), page.limit()));
        shown.forEach(row -> data.add(json.apply(row)));
        body.put("next", rows.size() > page.limit() ? id.apply(shown.getLast()) : null);
        return body;
    }
}
