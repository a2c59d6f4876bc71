package dev.gatepost.hubspot;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.Installed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A property the admin already has, that the label is written into beside our own. Pure.
 *
 * @param property its internal name, empty when there is none
 * @param values what it calls each label; an empty one is not written
 */
record HubSpotMapping(String property, Map<String, String> values) {
    /** None. */
    static final HubSpotMapping NONE = new HubSpotMapping("", Map.of());

    /** An internal name; what HubSpot itself made or reads for mail is never ours to write. */
    private static final Pattern NAME = Pattern.compile("(?!hs_)[a-z][a-z0-9_]{0,99}");

    private static final Pattern NEVER = Pattern.compile("email|lifecyclestage|hubspot_owner_id|.*opt_?out.*");

    HubSpotMapping {
        requireNonNull(property, "property");
        values = Map.copyOf(values);
    }

    /** @throws IllegalArgumentException when a setting cannot be used; the message names it */
    static HubSpotMapping of(Account account) {
        var property = account.setting(HubSpotPlugin.LABEL_PROPERTY).strip();
        if (property.isEmpty()) {
            return NONE;
        }
        if (!NAME.matcher(property).matches() || NEVER.matcher(property).matches()) {
            throw new IllegalArgumentException(HubSpotPlugin.LABEL_PROPERTY + " is not the internal name of a property"
                    + " of yours; HubSpot's own are never written");
        }
        Map<String, String> values = new LinkedHashMap<>();
        HubSpotFields.LABELS.forEach(label -> values.put(label.value(), label.value()));
        for (var pair : account.setting(HubSpotPlugin.LABEL_VALUES).split(",", -1)) {
            if (pair.isBlank()) {
                continue;
            }
            var parts = pair.split("=", 2);
            var label = parts[0].strip();
            if (parts.length != 2 || !values.containsKey(label)) {
                throw new IllegalArgumentException(
                        HubSpotPlugin.LABEL_VALUES + " must look like valid=Good, invalid=Bad;" + " the labels are "
                                + String.join(", ", values.keySet()));
            }
            values.put(label, parts[1].strip());
        }
        return new HubSpotMapping(property, values);
    }

    boolean isNone() {
        return property.isEmpty();
    }

    /** Adds what the property gets for this label. */
    void addTo(ObjectNode properties, String label) {
        var value = values.getOrDefault(label, "");
        if (!isNone() && !value.isEmpty()) {
            properties.put(property, value);
        }
    }

    /** What stands in the way of writing labels into the property, as HubSpot describes it; empty when nothing does. */
    Optional<Installed> objection(JsonNode described) {
        var type = described.path("type").asText("");
        var locks = described.path("modificationMetadata");
        if (described.path("calculated").asBoolean(false)
                || described.path("hubspotDefined").asBoolean(false)
                || locks.path("readOnlyValue").asBoolean(false)) {
            return clash("cannot be written, or is HubSpot's own", "Choose a property that you made yourself");
        }
        return switch (type) {
            case "string" -> Optional.empty();
            case "enumeration" -> {
                var options = described
                        .path("options")
                        .valueStream()
                        .map(option -> option.path("value").asText(""))
                        .collect(toSet());
                var missing = values.values().stream()
                        .filter(value -> !value.isEmpty() && !options.contains(value))
                        .sorted()
                        .distinct()
                        .collect(joining(", "));
                yield missing.isEmpty()
                        ? Optional.empty()
                        : clash(
                                "has no option " + missing,
                                "Add the options in HubSpot, or name in " + HubSpotPlugin.LABEL_VALUES
                                        + " what it calls them");
            }
            default -> clash("has the type " + type + ", which holds no label", "Choose a text or a drop-down");
        };
    }

    /** The portal has no such property. */
    Installed missing() {
        return new Installed.Clash(
                "the portal has no contact property " + property,
                "Check " + HubSpotPlugin.LABEL_PROPERTY + ": it is the internal name, not the label");
    }

    private Optional<Installed> clash(String what, String mend) {
        return Optional.of(new Installed.Clash("the property " + property + " " + what, mend));
    }
}
