package dev.gatepost.activecampaign.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the account holds, and the calls on it. Every method holds the one lock, so that it is safe for any thread. */
final class SandboxState {
    private static final int PAGE_MAX = 100;

    private final InstantSource clock;
    private final HookStock hooks;
    private final Consumer<String> written;
    private final FieldStock fields = new FieldStock();
    private final TreeMap<Long, SandboxContact> contacts = new TreeMap<>();
    private final Map<Long, String> tags = new LinkedHashMap<>();
    private final Map<String, ObjectNode> imports = new LinkedHashMap<>();
    private long nextContact = 1;
    private long nextId = 1_000;

    /** @param written told the id of each contact that a call wrote to */
    SandboxState(InstantSource clock, HookStock hooks, Consumer<String> written) {
        this.clock = clock;
        this.hooks = hooks;
        this.written = written;
    }

    synchronized HookStock hooks() {
        return hooks;
    }

    /** Runs on the fields under the lock. */
    synchronized <T> T withFields(Function<FieldStock, T> use) {
        return use.apply(fields);
    }

    /** Runs on the webhooks under the lock. */
    synchronized <T> T withHooks(Function<HookStock, T> use) {
        return use.apply(hooks);
    }

    synchronized long create(String email, String source, boolean tells) {
        var contact = new SandboxContact(nextContact++, email, clock.instant());
        contacts.put(contact.id, contact);
        if (tells) {
            hooks.tell("subscribe", source, contact, clock.instant());
        }
        return contact.id;
    }

    synchronized void change(long id, Consumer<SandboxContact> change) {
        var contact = contact(id);
        change.accept(contact);
        contact.updated = clock.instant();
        hooks.tell("update", "admin", contact, clock.instant());
    }

    synchronized void remove(long id) {
        contacts.remove(id);
    }

    synchronized Map<String, String> step(long id, String automation) {
        return HookStock.step(automation, contact(id), fields);
    }

    /** A contact's email and fields, by lower-case personalization tag. */
    synchronized Optional<Map<String, String>> look(long id) {
        return Optional.ofNullable(contacts.get(id)).map(contact -> {
            Map<String, String> properties = new LinkedHashMap<>();
            properties.put("email", contact.email);
            contact.values.forEach((field, value) -> fields.name(field).ifPresent(name -> properties.put(name, value)));
            return properties;
        });
    }

    synchronized List<String> tagsOf(long id) {
        return contact(id).tags.keySet().stream()
                .map(tag -> tags.getOrDefault(tag, "?"))
                .sorted()
                .toList();
    }

    synchronized void forgetTags() {
        tags.clear();
        contacts.values().forEach(contact -> contact.tags.clear());
    }

    synchronized Map<Long, Integer> listsOf(long id) {
        return Map.copyOf(contact(id).lists);
    }

    synchronized List<Long> automationsOf(long id) {
        return List.copyOf(contact(id).automations);
    }

    private SandboxContact contact(long id) {
        return Optional.ofNullable(contacts.get(id))
                .orElseThrow(() -> new IllegalArgumentException("no contact " + id));
    }

    synchronized SandboxReply list(Map<String, List<String>> query) {
        long above = number(query, "id_greater", 0);
        var ids = query.getOrDefault("ids[]", List.of());
        var email = first(query, "email");
        var updatedAfter = date(first(query, "filters[updated_after]"));
        var list = first(query, "listid");
        var wanted = new ArrayList<>(contacts.tailMap(above, false).values().stream()
                .filter(contact -> ids.isEmpty() || ids.contains(Long.toString(contact.id)))
                .filter(contact -> email.isEmpty() || contact.email.equalsIgnoreCase(email))
                .filter(contact -> updatedAfter == null || contact.updated.isAfter(updatedAfter))
                .filter(contact -> list.isEmpty() || contact.lists.containsKey(Long.parseLong(list)))
                .toList());
        if (first(query, "orders[id]").equals("DESC")) {
            Collections.reverse(wanted);
        }
        var body = SandboxJson.object();
        body.set(
                "contacts",
                SandboxJson.array(wanted.stream()
                        .skip(number(query, "offset", 0))
                        .limit(Math.min(PAGE_MAX, number(query, "limit", 20)))
                        .map(SandboxContact::json)
                        .toList()));
        body.putObject("meta").put("total", Integer.toString(wanted.size()));
        return SandboxReply.json(200, body);
    }

    synchronized SandboxReply read(long id) {
        var contact = contacts.get(id);
        return contact == null ? SandboxReply.noContact(Long.toString(id)) : SandboxReply.json(200, whole(contact));
    }

    private static ObjectNode whole(SandboxContact contact) {
        var body = SandboxJson.object();
        var values = body.putArray("fieldValues");
        contact.values.forEach((field, value) -> values.addObject()
                .put("contact", Long.toString(contact.id))
                .put("field", Long.toString(field))
                .put("value", value));
        body.set("contact", contact.json());
        return body;
    }

    synchronized SandboxReply create(JsonNode body) {
        var email = body.path("contact").path("email").asText("");
        if (contacts.values().stream().anyMatch(contact -> contact.email.equalsIgnoreCase(email))) {
            return SandboxReply.invalid(
                    "Email address already exists in the system", "duplicate", "/data/attributes/email");
        }
        var id = create(email, "api", true);
        return SandboxReply.json(201, whole(contact(id)));
    }

    synchronized SandboxReply write(long id, JsonNode body) {
        var contact = contacts.get(id);
        if (contact == null) {
            return SandboxReply.noContact(Long.toString(id));
        }
        var values = body.path("contact").path("fieldValues");
        for (var value : values) {
            if (!fields.has(value.path("field").asLong(-1))) {
                return SandboxReply.invalid("Field does not exist", "", "/data/attributes/fieldValues");
            }
        }
        for (var value : values) {
            contact.values.put(value.path("field").asLong(), value.path("value").asText(""));
        }
        var email = body.path("contact").path("email").asText("");
        if (!email.isEmpty()) {
            contact.email = email;
        }
        wrote(contact);
        return SandboxReply.json(200, whole(contact));
    }

    private void wrote(SandboxContact contact) {
        contact.updated = clock.instant();
        hooks.tell("update", "api", contact, clock.instant());
        written.accept(Long.toString(contact.id));
    }

    /** A side list of a contact: its tags, lists or automations. */
    synchronized SandboxReply side(long id, String what) {
        var contact = contacts.get(id);
        if (contact == null) {
            return SandboxReply.noContact(Long.toString(id));
        }
        var body = SandboxJson.object();
        var array = body.putArray(what);
        switch (what) {
            case "contactTags" ->
                contact.tags.forEach((tag, link) -> array.addObject()
                        .put("contact", Long.toString(id))
                        .put("tag", Long.toString(tag))
                        .put("id", Long.toString(link)));
            case "contactLists" ->
                contact.lists.forEach((list, status) -> array.addObject()
                        .put("contact", Long.toString(id))
                        .put("list", Long.toString(list))
                        .put("status", Integer.toString(status)));
            case "contactAutomations" ->
                contact.automations.forEach(automation -> array.addObject()
                        .put("contact", Long.toString(id))
                        .put("automation", Long.toString(automation)));
            default -> {
                return SandboxReply.message(404, "No such path");
            }
        }
        return SandboxReply.json(200, body);
    }

    synchronized SandboxReply tags(Map<String, List<String>> query) {
        var exact = first(query, "filters[search][eq]");
        var body = SandboxJson.object();
        var array = body.putArray("tags");
        tags.forEach((id, name) -> {
            if (exact.isEmpty() || name.equalsIgnoreCase(exact)) {
                array.addObject().put("id", Long.toString(id)).put("tag", name).put("tagType", "contact");
            }
        });
        body.putObject("meta").put("total", Integer.toString(array.size()));
        return SandboxReply.json(200, body);
    }

    synchronized SandboxReply createTag(JsonNode body) {
        var name = body.path("tag").path("tag").asText("");
        long id = nextId++;
        tags.put(id, name);
        var answer = SandboxJson.object();
        answer.putObject("tag").put("id", Long.toString(id)).put("tag", name);
        return SandboxReply.json(201, answer);
    }

    synchronized SandboxReply addTag(JsonNode body) {
        var link = body.path("contactTag");
        var contact = contacts.get(link.path("contact").asLong(-1));
        long tag = link.path("tag").asLong(-1);
        if (contact == null || !tags.containsKey(tag)) {
            return SandboxReply.message(404, "No Result found for SubscriberTag");
        }
        contact.tags.putIfAbsent(tag, nextId++);
        wrote(contact);
        return SandboxReply.json(201, body);
    }

    synchronized SandboxReply removeTag(long link) {
        for (var contact : contacts.values()) {
            if (contact.tags.values().remove(link)) {
                return SandboxReply.json(200, SandboxJson.object());
            }
        }
        return SandboxReply.message(404, "No Result found for SubscriberTag with id " + link);
    }

    synchronized SandboxReply setList(JsonNode body) {
        var entry = body.path("contactList");
        var contact = contacts.get(entry.path("contact").asLong(-1));
        if (contact == null) {
            return SandboxReply.noContact(entry.path("contact").asText());
        }
        contact.lists.put(entry.path("list").asLong(), entry.path("status").asInt());
        wrote(contact);
        return SandboxReply.json(200, body);
    }

    synchronized SandboxReply enter(JsonNode body) {
        var entry = body.path("contactAutomation");
        var contact = contacts.get(entry.path("contact").asLong(-1));
        if (contact == null) {
            return SandboxReply.message(403, "Could not create SubscriberSeries");
        }
        contact.automations.add(entry.path("automation").asLong());
        wrote(contact);
        return SandboxReply.json(201, body);
    }

    synchronized SandboxReply bulkImport(JsonNode body) {
        var list = body.path("contacts");
        if (!list.isArray() || list.isEmpty() || list.size() > 250) {
            return SandboxReply.json(400, SandboxJson.object().put("success", 0).put("message", "Validation failed"));
        }
        var id = new UUID(nextId++, clock.millis()).toString();
        var result = SandboxJson.object().put("status", "completed");
        var success = result.putArray("success");
        result.putArray("failure");
        for (var entry : list) {
            var email = entry.path("email").asText("");
            // By address: one that was deleted meanwhile is made anew. Nothing is told by webhook.
            var contact = contacts.values().stream()
                    .filter(each -> each.email.equalsIgnoreCase(email))
                    .findFirst()
                    .orElseGet(() -> contact(create(email, "api", false)));
            entry.path("fields")
                    .forEach(field -> contact.values.put(
                            field.path("id").asLong(), field.path("value").asText("")));
            contact.updated = clock.instant();
            written.accept(Long.toString(contact.id));
            success.add(Long.toString(contact.id));
        }
        imports.put(id, result);
        return SandboxReply.json(
                200,
                SandboxJson.object()
                        .put("Success", 1)
                        .put("queued_contacts", list.size())
                        .put("batchId", id)
                        .put("message", "Contact import queued"));
    }

    /** At the first question an import is still under way. */
    synchronized SandboxReply importInfo(String id) {
        var result = imports.get(id);
        if (result == null) {
            return SandboxReply.message(404, "No import of that id");
        }
        if (result.path("asked").asBoolean(false)) {
            return SandboxReply.json(200, result);
        }
        result.put("asked", true);
        return SandboxReply.json(200, SandboxJson.object().put("status", "active"));
    }

    static String first(Map<String, List<String>> query, String name) {
        return query.getOrDefault(name, List.of("")).getFirst();
    }

    static int number(Map<String, List<String>> query, String name, int otherwise) {
        var text = first(query, name);
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : otherwise;
    }

    /** By the day alone, as the specification declares it; a time of day is cut off. */
    private static @Nullable Instant date(String text) {
        try {
            return text.length() < 10
                    ? null
                    : LocalDate.parse(text.substring(0, 10))
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.ofHours(-5))
                            .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
