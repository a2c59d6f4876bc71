package dev.gatepost.activecampaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.activecampaign.Fields.Field;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Installed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes our fields in an account, or finds them there, and knows their ids, which differ from account to account.
 * Idempotent; never takes away what an admin added. Safe for any thread.
 */
final class FieldBook {
    /** Fields of one page. */
    private static final int PAGE = 100;
    /** Pages read: an account with more than two thousand fields is none we can work in. */
    private static final int PAGES_MAX = 20;

    private final Fields fields;
    private volatile Map<String, String> ids = Map.of();

    FieldBook(Fields fields) {
        this.fields = fields;
    }

    /** What is known of the fields' ids. */
    sealed interface Ids {
        /** By personalization tag, all of ours. */
        record Known(Map<String, String> byTag) implements Ids {}

        /** They could not be found out or made. */
        record Stopped(Installed why) implements Ids {}
    }

    /** The fields an account has. */
    private static final class Present {
        private final Map<String, JsonNode> byTag = new HashMap<>();
        private final Map<String, JsonNode> byTitle = new HashMap<>();
        private final Map<String, Set<String>> optionsOf = new HashMap<>();
        private final Set<String> shown = new HashSet<>();
    }

    Fields fields() {
        return fields;
    }

    /** The ids as they were last seen; looked up, and fields that are missing made, when none are known yet. */
    Ids ids(Api api) {
        var known = ids;
        return known.isEmpty() ? ensure(api, new ArrayList<>()) : new Ids.Known(known);
    }

    /** Forgets the ids, since ActiveCampaign did not know one of them. */
    void forget() {
        ids = Map.of();
    }

    /** Makes what is missing and looks all ids up; what was done is added to {@code done}. */
    synchronized Ids ensure(Api api, List<String> done) {
        var present = new Present();
        var stop = look(api, present)
                .or(() -> clash(present))
                .or(() -> create(api, present, done))
                .or(() -> addOptions(api, present, done))
                .or(() -> show(api, present, done));
        if (stop.isPresent()) {
            return new Ids.Stopped(stop.get());
        }
        Map<String, String> found = new HashMap<>();
        fields.all()
                .forEach(field ->
                        found(present, field).ifPresent(it -> found.put(field.tag(), CrmJson.text(it, "id"))));
        ids = Map.copyOf(found);
        return new Ids.Known(ids);
    }

    private Optional<Installed> look(Api api, Present present) {
        for (int page = 0; page < PAGES_MAX; page++) {
            var answer = api.get("fields", "limit", Integer.toString(PAGE), "offset", Integer.toString(page * PAGE));
            if (!(answer instanceof Good(var body))) {
                return Optional.of(Outcomes.uninstalled(answer));
            }
            if (!body.path("fields").isArray()) {
                return Optional.of(Outcomes.uninstalled(ApiAnswers.notTheirs()));
            }
            body.path("fields").forEach(field -> note(present, field));
            for (var option : body.path("fieldOptions")) {
                present.optionsOf
                        .computeIfAbsent(CrmJson.text(option, "field"), _ -> new HashSet<>())
                        .add(option.path("value").asText(""));
            }
            for (var relation : body.path("fieldRels")) {
                if (CrmJson.text(relation, "relid").equals("0")) {
                    present.shown.add(CrmJson.text(relation, "field"));
                }
            }
            if (body.path("fields").size() < PAGE) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static void note(Present present, JsonNode field) {
        present.byTag.put(tag(field), field);
        present.byTitle.put(field.path("title").asText("").strip(), field);
    }

    /** Shown as {@code GATEPOST_LABEL} or {@code %GATEPOST_LABEL%}. */
    private static String tag(JsonNode field) {
        return field.path("perstag").asText("").replace("%", "").strip().toUpperCase(Locale.ROOT);
    }

    /** Ours by its tag; or by its title when it has another tag, which ActiveCampaign gives when one is taken. */
    private static Optional<JsonNode> found(Present present, Field field) {
        return Optional.ofNullable(present.byTag.get(field.tag()))
                .or(() -> Optional.ofNullable(present.byTitle.get(field.title())));
    }

    private Optional<Installed> clash(Present present) {
        for (var field : fields.all()) {
            var it = found(present, field);
            var type = it.map(found -> found.path("type").asText("")).orElse(field.type());
            if (!isUsable(field, type)) {
                return Optional.of(new Installed.Clash(
                        "the field \"" + field.title() + "\" (" + field.tag() + ") is of the type " + type + ", not "
                                + field.type(),
                        "Delete or rename that field in ActiveCampaign, then try again"));
            }
        }
        return Optional.empty();
    }

    /** Text takes any value; a drop-down and a radio field take the same values. */
    private static boolean isUsable(Field field, String type) {
        return switch (type) {
            case "text", "textarea", "hidden" -> true;
            case "dropdown", "radio" -> field.type().equals("dropdown");
            case "datetime" -> field.type().equals("datetime");
            default -> false;
        };
    }

    private Optional<Installed> create(Api api, Present present, List<String> done) {
        for (var field : fields.all()) {
            if (found(present, field).isPresent()) {
                continue;
            }
            switch (api.post("fields", field.json())) {
                case Good(var body) -> {
                    note(present, created(body, field));
                    done.add("created the field " + field.tag());
                }
                case Bad bad
                when bad.error().is("duplicate") -> {
                    // Somebody was quicker, or the listing does not show it: look once more.
                    var stop = look(api, present).or(() -> clash(present));
                    if (stop.isPresent() || found(present, field).isEmpty()) {
                        return stop.or(() -> Optional.of(new Installed.Clash(
                                "there is a field \"" + field.title() + "\" already, which the account does not show",
                                "Rename that field in ActiveCampaign, then try again")));
                    }
                }
                case ApiAnswer other -> {
                    return Optional.of(Outcomes.uninstalled(other));
                }
            }
        }
        return Optional.empty();
    }

    /** The answer holds it under "field", or under "fields" as an array. */
    private static JsonNode created(JsonNode body, Field field) {
        var one = body.path("field").isObject()
                ? body.path("field")
                : body.path("fields").isArray() ? body.path("fields").path(0) : body.path("fields");
        return CrmJson.object()
                .put("id", CrmJson.text(one, "id"))
                .put("perstag", field.tag())
                .put("title", field.title())
                .put("type", field.type());
    }

    private Optional<Installed> addOptions(Api api, Present present, List<String> done) {
        var body = CrmJson.object();
        var list = body.putArray("fieldOptions");
        for (var field : fields.all()) {
            found(present, field)
                    .filter(it -> List.of("dropdown", "radio")
                            .contains(it.path("type").asText("")))
                    .ifPresent(it -> addMissing(list, field, CrmJson.text(it, "id"), present));
        }
        if (list.isEmpty()) {
            return Optional.empty();
        }
        var answer = api.post("fieldOption/bulk", body);
        if (!(answer instanceof Good)) {
            return Optional.of(Outcomes.uninstalled(answer));
        }
        done.add("added " + list.size() + " options to the fields");
        return Optional.empty();
    }

    private static void addMissing(ArrayNode list, Field field, String id, Present present) {
        var there = present.optionsOf.getOrDefault(id, Set.of());
        int order = there.size();
        for (var option : field.options()) {
            if (!there.contains(option.value())) {
                list.addObject()
                        .put("field", id)
                        .put("value", option.value())
                        .put("label", option.label())
                        .put("orderid", ++order)
                        .put("isdefault", false);
            }
        }
    }

    /** Without a relation to all lists a field exists, but stands on no contact. */
    private Optional<Installed> show(Api api, Present present, List<String> done) {
        int shown = 0;
        for (var field : fields.all()) {
            var id = found(present, field).map(it -> CrmJson.text(it, "id")).orElse("");
            if (!Options.isId(id)) {
                return Optional.of(Outcomes.uninstalled(ApiAnswers.notTheirs()));
            }
            if (present.shown.contains(id)) {
                continue;
            }
            var body = CrmJson.object();
            body.putObject("fieldRel").put("field", Long.parseLong(id)).put("relid", 0);
            switch (api.post("fieldRels", body)) {
                case Good _ -> shown++;
                case Bad bad when bad.error().is("duplicate") -> {
                    // it is shown already
                }
                case ApiAnswer other -> {
                    return Optional.of(Outcomes.uninstalled(other));
                }
            }
        }
        if (shown > 0) {
            done.add("put " + shown + " fields on the contacts of all lists");
        }
        return Optional.empty();
    }
}
