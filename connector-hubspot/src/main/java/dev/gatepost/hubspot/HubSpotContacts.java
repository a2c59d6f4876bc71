package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.Contacts.Contact;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads contacts by id: what they have for an email, and which id they have by now. */
final class HubSpotContacts {
    /** Categories of an error about one id that say nothing about whether the contact exists. */
    private static final Set<String> TRANSIENT = Set.of("RATE_LIMITS", "RATE_LIMIT", "CONFLICT", "INTERNAL_ERROR");

    private static final List<String> ASKED = Stream.concat(Stream.of("email"), HubSpotSignals.PROPERTIES.stream())
            .toList();

    private final HubSpotApi api;
    private final HubSpotPaths paths;

    HubSpotContacts(HubSpotApi api, HubSpotPaths paths) {
        this.api = api;
        this.paths = paths;
    }

    /** What reading brought. */
    sealed interface Read {
        /** Those that exist. */
        record Known(List<Contact> contacts) implements Read {}

        /** Nothing is known; the answer is not {@link Good}. */
        record Failed(HubSpotAnswer answer) implements Read {}
    }

    /** Reads at most 100 contacts. */
    Read read(List<String> ids) {
        if (ids.isEmpty()) {
            return new Read.Known(List.of());
        }
        var answer = api.batch(paths.batchRead(), question(ids));
        if (!(answer instanceof Good(var _, var body))) {
            return new Read.Failed(answer);
        }
        if (!body.path("results").isArray()) {
            return new Read.Failed(HubSpotAnswers.notHubSpots()); // or all of them would pass for deleted
        }
        var results = body.path("results").valueStream().toList();
        List<Contact> contacts = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>(ids);
        List<JsonNode> moved = new ArrayList<>();
        for (var result : results) {
            var id = result.path("id").asText("");
            if (missing.remove(id)) {
                contacts.add(contact(id, result));
            } else {
                moved.add(result);
            }
        }
        if (missing.isEmpty()) {
            return new Read.Known(contacts);
        }
        var fault = transientFault(body);
        if (fault != null) {
            return new Read.Failed(fault);
        }
        return moved.isEmpty() ? new Read.Known(contacts) : withMoved(contacts, missing, moved);
    }

    /** Answers under ids nobody asked for are merged contacts; which one was asked for, only asking singly tells. */
    private Read withMoved(List<Contact> contacts, Set<String> missing, List<JsonNode> moved) {
        if (missing.size() == 1 && moved.size() == 1) {
            contacts.add(contact(missing.iterator().next(), moved.getFirst()));
            return new Read.Known(contacts);
        }
        for (var id : missing) {
            var answer = api.batch(paths.batchRead(), question(List.of(id)));
            if (!(answer instanceof Good(var _, var body))) {
                return new Read.Failed(answer);
            }
            body.path("results").valueStream().findFirst().ifPresent(result -> contacts.add(contact(id, result)));
        }
        return new Read.Known(contacts);
    }

    static JsonNode question(List<String> ids) {
        return question(ids, ASKED);
    }

    static JsonNode question(List<String> ids, List<String> properties) {
        var question = CrmJson.object();
        properties.forEach(question.putArray("properties")::add);
        question.putArray("propertiesWithHistory");
        var inputs = question.putArray("inputs");
        ids.forEach(id -> inputs.addObject().put("id", id));
        return question;
    }

    private static Contact contact(String askedId, JsonNode result) {
        return new Contact(
                askedId,
                result.path("id").asText(askedId),
                result.path("properties").path("email").asText(""),
                HubSpotSignals.of(result.path("properties")));
    }

    private static HubSpotAnswer.@Nullable Later transientFault(JsonNode body) {
        return body.path("errors")
                .valueStream()
                .map(HubSpotError::of)
                .filter(error -> TRANSIENT.contains(error.category()))
                .findFirst()
                .map(error -> new HubSpotAnswer.Later(Duration.ZERO, error.text(), Attempt.COUNTED))
                .orElse(null);
    }
}
