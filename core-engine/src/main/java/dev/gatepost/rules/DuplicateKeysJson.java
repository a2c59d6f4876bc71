package dev.gatepost.rules;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** Finds keys that an object has twice, which a tree of nodes no longer shows. */
final class DuplicateKeysJson {
    private DuplicateKeysJson() {}

    /** What is open around the present token; {@code key} and {@code index} say which of its values is being read. */
    private static final class Level {
        final Set<String> keys = new HashSet<>();
        final boolean isList;
        String key = "";
        int index = -1;

        Level(boolean isList) {
            this.isList = isList;
        }
    }

    /**
     * Reports each second and further key to {@code mistakes}.
     *
     * @throws IOException when the text is no JSON
     */
    static void report(JsonFactory factory, String json, Mistakes mistakes) throws IOException {
        var open = new ArrayDeque<Level>();
        try (var parser = factory.createParser(json)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT) {
                    open.removeLast();
                    continue;
                }
                if (token == JsonToken.FIELD_NAME) {
                    var level = open.getLast();
                    level.key = parser.currentName();
                    if (!level.keys.add(level.key)) {
                        mistakes.add(path(open), "is given twice");
                    }
                    continue;
                }
                if (!open.isEmpty() && open.getLast().isList) {
                    open.getLast().index++;
                }
                if (token == JsonToken.START_ARRAY || token == JsonToken.START_OBJECT) {
                    open.addLast(new Level(token == JsonToken.START_ARRAY));
                }
            }
        }
    }

    private static String path(Iterable<Level> open) {
        var path = new StringBuilder();
        for (var level : open) {
            if (level.isList) {
                path.append('[').append(level.index).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(PlaceJson.shown(level.key));
            }
        }
        return path.toString();
    }
}
