package dev.gatepost.activecampaign.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The webhooks of the account, and what they are told. Guarded by the state they stand in. */
final class HookStock {
    private final Map<Long, ObjectNode> hooks = new LinkedHashMap<>();
    private final HookSender sender;
    private long nextId = 1;
    private boolean tellsAll;

    HookStock(HookSender sender) {
        this.sender = sender;
    }

    SandboxReply list(Map<String, List<String>> query) {
        var url = SandboxState.first(query, "filters[url]");
        var body = SandboxJson.object();
        var found = hooks.values().stream()
                .filter(hook -> url.isEmpty() || hook.path("url").asText("").equals(url))
                .skip(SandboxState.number(query, "offset", 0))
                .limit(SandboxState.number(query, "limit", 20))
                .toList();
        body.set("webhooks", SandboxJson.array(found));
        body.putObject("meta").put("total", hooks.size());
        return SandboxReply.json(200, body);
    }

    SandboxReply create(JsonNode body) {
        return put(nextId++, 201, body);
    }

    SandboxReply change(long id, JsonNode body) {
        return hooks.containsKey(id) ? put(id, 200, body) : SandboxReply.message(404, "No Result found for Webhook");
    }

    private SandboxReply put(long id, int status, JsonNode body) {
        if (!body.path("webhook").isObject()) {
            return SandboxReply.invalid("Missing attribute", "", "/data/attributes/webhook");
        }
        ObjectNode hook = body.path("webhook").deepCopy();
        hook.put("id", Long.toString(id)).put("state", "1");
        hooks.put(id, hook);
        var answer = SandboxJson.object();
        answer.set("webhook", hook);
        return SandboxReply.json(status, answer);
    }

    SandboxReply delete(long id) {
        return hooks.remove(id) == null
                ? SandboxReply.message(404, "No Result found for Webhook")
                : SandboxReply.json(200, SandboxJson.object());
    }

    List<ObjectNode> all() {
        return List.copyOf(hooks.values());
    }

    /** From now on every webhook of the event is told, whatever the source it was made for. */
    void tellAll() {
        tellsAll = true;
    }

    /** Tells of something that happened to a contact. */
    void tell(String type, String source, SandboxContact contact, Instant at) {
        Consumer<ObjectNode> send = hook -> {
            Map<String, String> pairs = new LinkedHashMap<>();
            pairs.put("type", type);
            pairs.put("date_time", SandboxContact.date(at));
            pairs.put("initiated_from", source);
            pairs.put("initiated_by", source);
            pairs.put("list", "0");
            person(pairs, contact);
            pairs.put("contact[ip]", "192.0.2.7");
            contact.values.forEach((field, value) -> pairs.put("contact[fields][" + field + "]", value));
            sender.send(hook.path("url").asText(), pairs, () -> hook.put("state", "0"));
        };
        hooks.values().stream()
                .filter(hook -> hook.path("state").asText("").equals("1"))
                .filter(hook -> has(hook.path("events"), type))
                .filter(hook -> tellsAll || has(hook.path("sources"), source))
                .forEach(send);
    }

    /** What the Webhook step of an automation sends. */
    static Map<String, String> step(String automation, SandboxContact contact, FieldStock fields) {
        Map<String, String> pairs = new LinkedHashMap<>();
        person(pairs, contact);
        pairs.put("contact[orgname]", "");
        pairs.put("contact[ip4]", "192.0.2.7");
        contact.values.forEach((field, value) ->
                fields.name(field).ifPresent(name -> pairs.put("contact[fields][" + name + "]", value)));
        pairs.put("seriesid", automation);
        return pairs;
    }

    private static void person(Map<String, String> pairs, SandboxContact contact) {
        pairs.put("contact[id]", Long.toString(contact.id));
        pairs.put("contact[email]", contact.email);
        pairs.put("contact[first_name]", contact.firstName);
        pairs.put("contact[last_name]", contact.lastName);
        pairs.put("contact[phone]", contact.phone);
        pairs.put("contact[tags]", "");
    }

    private static boolean has(JsonNode array, String text) {
        return array.valueStream().anyMatch(entry -> entry.asText("").equals(text));
    }
}
