package dev.gatepost.activecampaign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.connector.Contacts.Contact;
import dev.gatepost.connector.CrmJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Reads contacts by id: one by its own address, several by one call. */
final class ContactReader {
    private final Api api;

    ContactReader(Api api) {
        this.api = api;
    }

    /** What reading brought. */
    sealed interface Read {
        /** Those that exist. */
        record Known(List<Contact> contacts) implements Read {}

        /** Nothing is known; the answer is not {@link Good}. */
        record Failed(ApiAnswer answer) implements Read {}
    }

    /** Reads contacts, at most a page of a listing. Ids that are no numbers do not exist, and are not asked for. */
    Read read(List<String> asked) {
        var ids = asked.stream().filter(Options::isId).toList();
        return switch (ids.size()) {
            case 0 -> new Read.Known(List.of());
            case 1 -> readOne(ids.getFirst());
            default -> readAll(ids);
        };
    }

    private Read readOne(String id) {
        return switch (api.get("contacts/" + id)) {
            case Good(var body) ->
                CrmJson.text(body.path("contact"), "id").equals(id)
                        ? new Read.Known(List.of(contact(id, body.path("contact"))))
                        : new Read.Failed(ApiAnswers.notTheirs());
            case Bad(int status, var _) when status == 404 -> new Read.Known(List.of());
            case ApiAnswer other -> new Read.Failed(other);
        };
    }

    private Read readAll(List<String> ids) {
        var query = new ArrayList<String>();
        ids.forEach(id -> {
            query.add("ids[]");
            query.add(id);
        });
        query.addAll(List.of("status", "-1", "limit", Integer.toString(ids.size())));
        return switch (api.get("contacts", query.toArray(String[]::new))) {
            case Good(var body) when body.path("contacts").isArray() -> new Read.Known(known(ids, body));
            case Good _ -> new Read.Failed(ApiAnswers.notTheirs()); // or all of them would pass for deleted
            case ApiAnswer other -> new Read.Failed(other);
        };
    }

    private static List<Contact> known(List<String> ids, JsonNode body) {
        var missing = new HashSet<>(ids);
        List<Contact> contacts = new ArrayList<>();
        for (var contact : body.path("contacts")) {
            var id = CrmJson.text(contact, "id");
            if (missing.remove(id)) {
                contacts.add(contact(id, contact));
            }
        }
        return contacts;
    }

    private static Contact contact(String id, JsonNode contact) {
        return new Contact(id, id, contact.path("email").asText("").strip());
    }
}
