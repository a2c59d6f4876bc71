package dev.gatepost.activecampaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Finding;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Our custom fields in ActiveCampaign: their definitions, and a finding as their values. A field is known again by its
 * personalization tag, which is its name in capitals. Pure.
 *
 * <p>ActiveCampaign developer documentation, "Contact Custom Fields API Guide".
 */
final class Fields {
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,31}");

    private final String prefix;
    private final List<Field> fields;

    /**
     * One custom field.
     *
     * @param tag its personalization tag
     * @param type ActiveCampaign's word for what it holds; {@code number} is not documented, so a score is text
     * @param options values and labels in order; empty when it may have any
     */
    record Field(String tag, String title, String help, String type, List<Option> options) {
        Field {
            options = List.copyOf(options);
        }

        /** The body that creates it. */
        ObjectNode json() {
            var json = CrmJson.object();
            json.putObject("field")
                    .put("type", type)
                    .put("title", title)
                    .put("descript", help)
                    .put("perstag", tag)
                    .put("visible", 1);
            return json;
        }
    }

    /** One value a drop-down may have. */
    record Option(String value, String label) {}

    /**
     * @param prefix what the names of our fields begin with
     * @throws IllegalArgumentException for a prefix no personalization tag can have
     */
    Fields(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("ActiveCampaign cannot have fields that begin with " + prefix);
        }
        this.prefix = prefix;
        this.fields = List.of(
                choice(
                        "label",
                        "Email verdict",
                        "What Gatepost found out about the email address, in one word.",
                        LABELS),
                choice("status", "Email status", "Whether mail to the address can be delivered.", STATUSES),
                text("score", "Email score", "0 (worst) to 100 (best)."),
                text("reason", "Email reason", "Short code for what decided, for example mailbox_not_found."),
                choice("decision", "Email decision", "What the verification workflow's rules say.", DECISIONS),
                choice("disposable", "Email is disposable", "The domain gives out throw-away addresses.", CLAIM),
                choice("free", "Email is from a free provider", "Anybody can get an address at this domain.", CLAIM),
                choice("role", "Email is a role address", "Such as info@ or sales@: read by a group.", CLAIM),
                text("suggestion", "Email suggestion", "The address that may have been meant."),
                text(
                        "checked_email",
                        "Email that was checked",
                        "If it differs from the email now, the verdict is old."),
                field("checked_at", "Email checked at", "When the verdict was reached.", "datetime", List.of()));
    }

    /** All of them, in the order to create them. */
    List<Field> all() {
        return fields;
    }

    /** What a finding puts into each field, by personalization tag. */
    Map<String, String> values(Finding finding) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(tag("label"), finding.label());
        values.put(tag("status"), finding.status());
        values.put(tag("score"), Integer.toString(finding.score()));
        values.put(tag("reason"), finding.reason());
        values.put(tag("decision"), finding.decision());
        values.put(tag("disposable"), Boolean.toString(finding.disposable()));
        values.put(tag("free"), Boolean.toString(finding.free()));
        values.put(tag("role"), Boolean.toString(finding.role()));
        values.put(tag("suggestion"), finding.suggestion());
        values.put(tag("checked_email"), finding.email());
        values.put(
                tag("checked_at"),
                finding.checkedAt().truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "+00:00"));
        return values;
    }

    /** The seven words, in the order of their drop-down. */
    static List<String> labels() {
        return LABELS.stream().map(Option::value).toList();
    }

    private static final List<Option> LABELS = List.of(
            new Option("valid", "Valid"),
            new Option("risky", "Risky"),
            new Option("disposable", "Disposable"),
            new Option("free", "Free provider"),
            new Option("role", "Role address"),
            new Option("invalid", "Invalid"),
            new Option("unknown", "Unknown"));

    private static final List<Option> STATUSES = List.of(
            new Option("valid", "Valid"),
            new Option("risky", "Risky"),
            new Option("invalid", "Invalid"),
            new Option("unknown", "Unknown"));

    private static final List<Option> DECISIONS =
            List.of(new Option("accept", "Accept"), new Option("flag", "Flag"), new Option("reject", "Reject"));

    private static final List<Option> CLAIM = List.of(new Option("true", "Yes"), new Option("false", "No"));

    private String tag(String name) {
        return (prefix + name).toUpperCase(Locale.ROOT);
    }

    private Field field(String name, String title, String help, String type, List<Option> options) {
        return new Field(tag(name), title, help, type, new ArrayList<>(options));
    }

    private Field text(String name, String title, String help) {
        return field(name, title, help, "text", List.of());
    }

    private Field choice(String name, String title, String help, List<Option> options) {
        return field(name, title, help, "dropdown", options);
    }
}
