package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Finding;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Our fields in HubSpot: their definitions, and a finding as their values. Pure.
 *
 * <p>HubSpot developer documentation, "Properties API guide".
 */
final class HubSpotFields {
    /** Name of the property group all our fields stand in. */
    static final String GROUP = "email_verification";

    private static final String GROUP_LABEL = "Email verification";
    /** HubSpot wants lower-case snake case; its own properties begin with hs_ and are never ours to write. */
    private static final Pattern PREFIX = Pattern.compile("(?!hs_)[a-z][a-z0-9_]{0,31}");

    private final String prefix;
    private final HubSpotMapping mapping;
    private final List<Field> fields;

    /**
     * One property.
     *
     * @param type HubSpot's type, which decides how values are written
     * @param fieldType how HubSpot draws it
     * @param options the values it may have, in order; empty when it may have any
     */
    record Field(String name, String label, String help, String type, String fieldType, List<Option> options) {
        Field {
            options = List.copyOf(options);
        }

        /** The body that creates it. */
        ObjectNode json() {
            var json = CrmJson.object()
                    .put("groupName", GROUP)
                    .put("name", name)
                    .put("label", label)
                    .put("description", help)
                    .put("type", type)
                    .put("fieldType", fieldType)
                    .put("formField", false);
            if (!options.isEmpty()) {
                var list = json.putArray("options");
                options.forEach(option -> option.addTo(list));
            }
            return json;
        }
    }

    /** One value a field may have. */
    record Option(String value, String label) {
        /** Appends itself behind the options that are there. */
        void addTo(ArrayNode list) {
            list.addObject()
                    .put("label", label)
                    .put("value", value)
                    .put("displayOrder", list.size() - 1)
                    .put("hidden", false);
        }
    }

    /**
     * @param prefix what the names of our fields begin with, lower-case snake case, not {@code hs_}
     * @throws IllegalArgumentException for any other prefix
     */
    HubSpotFields(String prefix, HubSpotMapping mapping) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("HubSpot cannot have fields that begin with " + prefix);
        }
        this.prefix = prefix;
        this.mapping = mapping;
        this.fields = List.of(
                choice(
                        "label",
                        "Email verdict",
                        "What Gatepost found out about the email address, in one word.",
                        LABELS),
                choice("status", "Email status", "Whether mail to the address can be delivered.", STATUSES),
                field("score", "Email score", "0 (worst) to 100 (best).", "number", "number"),
                text("reason", "Email reason", "Short code for what decided, for example mailbox_not_found."),
                choice("decision", "Email decision", "What the verification workflow's rules say.", DECISIONS),
                claim("disposable", "Email is disposable", "The domain gives out throw-away addresses."),
                claim(
                        "free",
                        "Email is from a free provider",
                        "Anybody can get an address at this domain for nothing."),
                claim(
                        "role",
                        "Email is a role address",
                        "Such as info@ or sales@: read by a group, not by one person."),
                text("suggestion", "Email suggestion", "The address that may have been meant."),
                text(
                        "checked_email",
                        "Email that was checked",
                        "If it differs from the email now, the verdict is old."),
                field("checked_at", "Email checked at", "When the verdict was reached.", "datetime", "date"));
    }

    List<Field> fields() {
        return fields;
    }

    /** The admin's own property that the label is written into too. */
    HubSpotMapping mapping() {
        return mapping;
    }

    /** The name of the field that says when the address was checked. */
    String checkedAt() {
        return prefix + "checked_at";
    }

    /** The body that creates the group. */
    static ObjectNode group() {
        return CrmJson.object().put("name", GROUP).put("label", GROUP_LABEL).put("displayOrder", -1);
    }

    /** A finding as property values; all are text, an empty one clears the property. */
    ObjectNode values(Finding finding) {
        var values = CrmJson.object()
                .put(prefix + "label", finding.label())
                .put(prefix + "status", finding.status())
                .put(prefix + "score", Integer.toString(finding.score()))
                .put(prefix + "reason", finding.reason())
                .put(prefix + "decision", finding.decision())
                .put(prefix + "disposable", Boolean.toString(finding.disposable()))
                .put(prefix + "free", Boolean.toString(finding.free()))
                .put(prefix + "role", Boolean.toString(finding.role()))
                .put(prefix + "suggestion", finding.suggestion())
                .put(prefix + "checked_email", finding.email())
                .put(
                        prefix + "checked_at",
                        finding.checkedAt().truncatedTo(ChronoUnit.MILLIS).toString());
        mapping.addTo(values, finding.label());
        return values;
    }

    static final List<Option> LABELS = List.of(
            new Option("valid", "Valid"),
            new Option("risky", "Risky"),
            new Option("disposable", "Disposable"),
            new Option("free", "Free provider"),
            new Option("role", "Role address"),
            new Option("invalid", "Invalid"),
            new Option("unknown", "Unknown"));

    static final List<Option> STATUSES = List.of(
            new Option("valid", "Valid"),
            new Option("risky", "Risky"),
            new Option("invalid", "Invalid"),
            new Option("unknown", "Unknown"));

    static final List<Option> DECISIONS =
            List.of(new Option("accept", "Accept"), new Option("flag", "Flag"), new Option("reject", "Reject"));

    private static final List<Option> CLAIM = List.of(new Option("true", "Yes"), new Option("false", "No"));

    private Field field(String name, String label, String help, String type, String fieldType) {
        return new Field(prefix + name, label, help, type, fieldType, List.of());
    }

    private Field text(String name, String label, String help) {
        return field(name, label, help, "string", "text");
    }

    private Field choice(String name, String label, String help, Collection<Option> options) {
        return new Field(prefix + name, label, help, "enumeration", "select", new ArrayList<>(options));
    }

    private Field claim(String name, String label, String help) {
        return new Field(prefix + name, label, help, "bool", "booleancheckbox", CLAIM);
    }
}
