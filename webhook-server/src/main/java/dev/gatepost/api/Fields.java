package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of one JSON object, each read by name and type. Whatever is wrong is refused with the field's path and what it
 * should be; a null counts as left out. For one thread.
 */
public final class Fields {

    private final ObjectNode object;
    private final String path;
    private final Set<String> read = new HashSet<>();

    Fields(ObjectNode object, String path) {
        this.object = requireNonNull(object, "object");
        this.path = requireNonNull(path, "path");
    }

    /** A text of 1 to {@code charsMax} characters. */
    public String text(String name, int charsMax) {
        return optionalText(name, charsMax).orElseThrow(() -> missing(name));
    }

    /** A text of 1 to {@code charsMax} characters, or nothing. */
    public Optional<String> optionalText(String name, int charsMax) {
        return find(name).map(node -> {
            if (!node.isTextual()
                    || node.textValue().isEmpty()
                    || node.textValue().length() > charsMax) {
                throw wrong(name, "must be a text of 1 to " + charsMax + " characters");
            }
            return node.textValue();
        });
    }

    /** A whole number, or {@code otherwise} when it is left out. */
    public long number(String name, long min, long max, long otherwise) {
        return optionalNumber(name, min, max).orElse(otherwise);
    }

    /** A whole number, or nothing. */
    public Optional<Long> optionalNumber(String name, long min, long max) {
        return find(name).map(node -> {
            if (!node.isIntegralNumber()
                    || !node.canConvertToLong()
                    || node.longValue() < min
                    || node.longValue() > max) {
                throw wrong(name, "must be a whole number from " + min + " to " + max);
            }
            return node.longValue();
        });
    }

    /** True or false, or {@code otherwise} when it is left out. */
    public boolean flag(String name, boolean otherwise) {
        return find(name)
                .map(node -> {
                    if (!node.isBoolean()) {
                        throw wrong(name, "must be true or false");
                    }
                    return node.booleanValue();
                })
                .orElse(otherwise);
    }

    /** At most {@code itemsMax} texts of 1 to {@code charsMax} characters each; none when it is left out. */
    public List<String> texts(String name, int itemsMax, int charsMax) {
        var node = find(name).orElse(null);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray() || node.size() > itemsMax) {
            throw wrong(name, "must be a list of at most " + itemsMax + " texts");
        }
        var texts = new ArrayList<String>();
        for (var item : node) {
            if (!item.isTextual()
                    || item.textValue().isEmpty()
                    || item.textValue().length() > charsMax) {
                throw wrong(name + "[" + texts.size() + "]", "must be a text of 1 to " + charsMax + " characters");
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** Any JSON, which another reader knows how to judge. */
    public Optional<JsonNode> node(String name) {
        return find(name);
    }

    /** The fields of an object inside. */
    public Optional<Fields> object(String name) {
        return find(name).map(node -> {
            if (!(node instanceof ObjectNode inner)) {
                throw wrong(name, "must be an object");
            }
            return new Fields(inner, path + name + ".");
        });
    }

    /** What to throw when {@code name} has a value that cannot be; {@code must} is as in "must be a text". */
    public Refused wrong(String name, String must) {
        var field = path + name;
        return new Refused(Fault.INVALID_FIELD.of(field, field + " " + must + "."));
    }

    /** What to throw when {@code name} is missing. */
    public Refused missing(String name) {
        var field = path + name;
        return new Refused(Fault.MISSING_FIELD.of(field, field + " is missing."));
    }

    /** Refuses whatever was not asked for. */
    public void end() {
        object.fieldNames().forEachRemaining(name -> {
            if (!read.contains(name)) {
                var field = path + shown(name);
                throw new Refused(Fault.UNKNOWN_FIELD.of(field, "There is no field " + field + " here."));
            }
        });
    }

    /** Names come from outside: printable and short is what comes back. */
    static String shown(String name) {
        var clean = name.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 64 ? clean.substring(0, 64) + "..." : clean;
    }

    private Optional<JsonNode> find(String name) {
        read.add(name);
        return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
    }
}
