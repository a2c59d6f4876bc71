package dev.gatepost.activecampaign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.connector.CrmJson;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Tags of an account by name, and which of them contacts have. Safe for any thread. */
final class Tags {
    /** Tags of one page; the exact match is asked for, so that one page is enough. */
    private static final String PAGE = "100";

    private final Map<String, String> idByName = new ConcurrentHashMap<>();

    /** A tag's id, or why there is none. */
    sealed interface Found {
        record Tag(String id) implements Found {}

        record Failed(ApiAnswer answer) implements Found {}
    }

    /** The tag of this name; made when there is none. */
    Found ensure(Api api, String name) {
        var known = idByName.get(lower(name));
        if (known != null) {
            return new Found.Tag(known);
        }
        var answer = api.get("tags", "filters[search][eq]", name, "limit", PAGE);
        if (!(answer instanceof Good(var body))) {
            return new Found.Failed(answer);
        }
        var there = body.path("tags")
                .valueStream()
                .filter(tag -> lower(tag.path("tag").asText("")).equals(lower(name)))
                .map(tag -> CrmJson.text(tag, "id"))
                .filter(Options::isId)
                .findFirst();
        if (there.isPresent()) {
            idByName.put(lower(name), there.get());
            return new Found.Tag(there.get());
        }
        return create(api, name);
    }

    private Found create(Api api, String name) {
        var body = CrmJson.object();
        body.putObject("tag").put("tag", name).put("tagType", "contact").put("description", "Set by Gatepost");
        var answer = api.post("tags", body);
        if (!(answer instanceof Good(var made))) {
            return new Found.Failed(answer);
        }
        var id = CrmJson.text(made.path("tag"), "id");
        if (!Options.isId(id)) {
            return new Found.Failed(ApiAnswers.notTheirs());
        }
        idByName.put(lower(name), id);
        return new Found.Tag(id);
    }

    /** Forgets all ids, since ActiveCampaign did not know one of them. */
    void forget() {
        idByName.clear();
    }

    /** Gives a contact a tag it does not have yet; empty when it has it now. */
    Optional<ApiAnswer> add(Api api, String contactId, String tagId) {
        var body = CrmJson.object();
        body.putObject("contactTag").put("contact", contactId).put("tag", tagId);
        return switch (api.post("contactTags", body)) {
            case Good _ -> Optional.empty();
            case Bad bad when bad.error().is("duplicate") -> Optional.empty();
            case ApiAnswer other -> Optional.of(other);
        };
    }

    /** Ids of the links by id of the tag, for one contact, from the answer of {@code contacts/{id}/contactTags}. */
    static Map<String, String> links(JsonNode body) {
        return body.path("contactTags")
                .valueStream()
                .collect(Collectors.toMap(
                        link -> CrmJson.text(link, "tag"), link -> CrmJson.text(link, "id"), (a, _) -> a));
    }

    private static String lower(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
