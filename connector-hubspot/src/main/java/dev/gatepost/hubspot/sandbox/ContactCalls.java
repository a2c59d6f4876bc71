package dev.gatepost.hubspot.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The contact calls of the API: single, batch, listing. */
final class ContactCalls {
    /** Inputs of one batch. HubSpot documentation, "Contacts guide". */
    static final int BATCH_MAX = 100;

    private static final int PAGE_DEFAULT = 10;
    private static final Set<String> ALWAYS_SHOWN = Set.of("hs_object_id", "createdate", "lastmodifieddate");

    private final ContactBook book;
    private final PropertyBook properties;
    private final InstantSource clock;
    private final Consumer<SandboxContact> written;
    private volatile Predicate<String> forbidden = _ -> false;

    /** @param written is told of each contact an API call wrote to */
    ContactCalls(ContactBook book, PropertyBook properties, InstantSource clock, Consumer<SandboxContact> written) {
        this.book = book;
        this.properties = properties;
        this.clock = clock;
        this.written = written;
    }

    /** From now on a rule forbids to write to contacts of these ids; a batch with one of them is refused as a whole. */
    void forbid(Predicate<String> ids) {
        forbidden = ids;
    }

    SandboxReply create(JsonNode body) {
        var values = SandboxJson.texts(body.path("properties"));
        var objection = properties.objectionTo(values);
        if (objection.isPresent()) {
            return SandboxReply.error(400, "VALIDATION_ERROR", objection.get());
        }
        var email = values.getOrDefault("email", "");
        var same = email.isEmpty() ? Optional.<SandboxContact>empty() : book.withEmail(email);
        return same.map(contact ->
                        SandboxReply.error(409, "CONFLICT", "Contact already exists. Existing ID: " + contact.id()))
                .orElseGet(() -> {
                    var contact = book.create(values);
                    return SandboxReply.json(
                            201, json(contact, contact.properties().keySet()));
                });
    }

    SandboxReply read(String id, Collection<String> names) {
        return book.find(number(id))
                .map(contact -> SandboxReply.json(200, json(contact, names)))
                .orElseGet(ContactCalls::notFound);
    }

    SandboxReply update(String id, JsonNode body) {
        var values = SandboxJson.texts(body.path("properties"));
        var objection = properties.objectionTo(values);
        if (objection.isPresent()) {
            return SandboxReply.error(400, "VALIDATION_ERROR", objection.get());
        }
        return book.update(number(id), values)
                .map(contact -> {
                    written.accept(contact);
                    return SandboxReply.json(200, json(contact, values.keySet()));
                })
                .orElseGet(ContactCalls::notFound);
    }

    SandboxReply archive(String id) {
        book.delete(number(id));
        return SandboxReply.noContent();
    }

    /** Pages by number; {@code after} is the last number seen. */
    SandboxReply list(Map<String, String> query) {
        int limit = Math.clamp(number(query.getOrDefault("limit", "" + PAGE_DEFAULT)), 1, BATCH_MAX);
        var page = book.after(number(query.getOrDefault("after", "0")), limit + 1);
        var names = List.of(
                query.getOrDefault("properties", "email,firstname,lastname").split(","));
        var body = SandboxJson.object();
        var results = body.putArray("results");
        page.stream().limit(limit).forEach(contact -> results.add(json(contact, names)));
        if (page.size() > limit) {
            body.putObject("paging")
                    .putObject("next")
                    .put("after", page.get(limit - 1).id());
        }
        return SandboxReply.json(200, body);
    }

    SandboxReply merge(JsonNode body) {
        return book.merge(
                        body.path("primaryObjectId").asLong(),
                        body.path("objectIdToMerge").asLong())
                .map(contact -> SandboxReply.json(200, json(contact, Set.of("email"))))
                .orElseGet(ContactCalls::notFound);
    }

    SandboxReply erase(JsonNode body) {
        return book.erase(body.path("objectId").asLong()) ? SandboxReply.noContent() : notFound();
    }

    SandboxReply batchRead(JsonNode body) {
        var refusal = objectionToInputs(body);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Set<String> names = new LinkedHashSet<>();
        body.path("properties").forEach(name -> names.add(name.asText()));
        var batch = new Batch(clock.instant());
        Set<String> shown = new HashSet<>();
        for (var input : body.path("inputs")) {
            var id = input.path("id").asText();
            var contact =
                    body.path("idProperty").asText("").equals("email") ? book.withEmail(id) : book.find(number(id));
            if (contact.isEmpty()) {
                batch.fail("OBJECT_NOT_FOUND", "Could not get some CONTACT objects", id, "");
            } else if (shown.add(contact.get().id())) {
                batch.results.add(json(contact.get(), names));
            }
        }
        return batch.reply();
    }

    /** @param spoiled the input to fail, or -1 for none */
    SandboxReply batchUpdate(JsonNode body, int spoiled) {
        var refusal = objectionToInputs(body);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        for (var input : body.path("inputs")) {
            var objection = properties.objectionTo(SandboxJson.texts(input.path("properties")));
            if (objection.isPresent()) {
                return SandboxReply.error(400, "VALIDATION_ERROR", objection.get());
            }
        }
        if (body.path("inputs")
                .valueStream()
                .anyMatch(input -> forbidden.test(input.path("id").asText()))) {
            return SandboxReply.error(400, "VALIDATION_ERROR", "the property lifecycle_reason is required here");
        }
        var batch = new Batch(clock.instant());
        for (var input : body.path("inputs")) {
            var id = input.path("id").asText();
            var trace = input.path("objectWriteTraceId").asText("");
            var values = SandboxJson.texts(input.path("properties"));
            if (spoiled == batch.seen++) {
                batch.fail("VALIDATION_ERROR", "ordered to fail", id, trace);
                continue;
            }
            var contact = book.update(number(id), values);
            if (contact.isEmpty()) {
                batch.fail("OBJECT_NOT_FOUND", "Could not find CONTACT with ID: " + id, id, trace);
                continue;
            }
            written.accept(contact.get());
            batch.results.add(json(contact.get(), values.keySet()));
        }
        return batch.reply();
    }

    /** One batch answer in the making. */
    private final class Batch {
        private final Instant startedAt;
        private final ArrayNode results = SandboxJson.array();
        private final ArrayNode errors = SandboxJson.array();
        private int seen;

        Batch(Instant startedAt) {
            this.startedAt = startedAt;
        }

        void fail(String category, String message, String id, String trace) {
            var error = SandboxReply.errorObject(category, message);
            var context = error.putObject("context");
            context.putArray("ids").add(id);
            if (!trace.isEmpty()) {
                context.putArray("objectWriteTraceId").add(trace);
            }
            errors.add(error);
        }

        SandboxReply reply() {
            var body = SandboxJson.object()
                    .put("status", "COMPLETE")
                    .put("startedAt", startedAt.toString())
                    .put("completedAt", clock.instant().toString());
            body.set("results", results);
            if (!errors.isEmpty()) {
                body.put("numErrors", errors.size()).set("errors", errors);
            }
            return SandboxReply.json(errors.isEmpty() ? 200 : 207, body);
        }
    }

    private static Optional<SandboxReply> objectionToInputs(JsonNode body) {
        Set<String> ids = new HashSet<>();
        int inputs = 0;
        for (var input : body.path("inputs")) {
            ids.add(input.path("id").asText());
            inputs++;
        }
        if (inputs == 0 || inputs > BATCH_MAX) {
            return Optional.of(SandboxReply.error(400, "VALIDATION_ERROR", inputs + " inputs, 1 to 100 are allowed"));
        }
        return ids.size() == inputs
                ? Optional.empty()
                : Optional.of(SandboxReply.error(400, "VALIDATION_ERROR", "Duplicate IDs found in batch input"));
    }

    static ObjectNode json(SandboxContact contact, Collection<String> names) {
        var json = SandboxJson.object().put("id", contact.id());
        var properties = json.putObject("properties");
        Set<String> shown = new LinkedHashSet<>(names);
        shown.addAll(ALWAYS_SHOWN);
        shown.stream()
                .filter(contact.properties()::containsKey)
                .forEach(name -> properties.put(name, contact.property(name)));
        return json.put("createdAt", contact.createdAt().toString())
                .put("updatedAt", contact.updatedAt().toString())
                .put("archived", false);
    }

    static long number(String id) {
        return id.matches("[0-9]{1,18}") ? Long.parseLong(id) : -1;
    }

    private static SandboxReply notFound() {
        return SandboxReply.error(404, "OBJECT_NOT_FOUND", "Object not found. objectId are usually numeric.");
    }
}
