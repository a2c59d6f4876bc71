package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Listing.Listed;
import dev.gatepost.connector.Refusal;
import dev.gatepost.hubspot.HubSpotAnswer.Bad;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import java.net.URLEncoder;
import java.util.List;

/**
 * Lists the members of a HubSpot list: a page of ids, then what those contacts have. Needs the one scope that is optional.
 * HubSpot developer documentation, "Lists API guide".
 */
final class HubSpotMembers {
    private static final String NEEDED = "the app lacks the optional scope crm.lists.read: add it and connect again";

    private final HubSpotApi api;
    private final HubSpotPaths paths;
    private final HubSpotFields fields;

    HubSpotMembers(HubSpotApi api, HubSpotPaths paths, HubSpotFields fields) {
        this.api = api;
        this.paths = paths;
        this.fields = fields;
    }

    Listing page(String list, String cursor, int limit) {
        if (!list.matches("[0-9]{1,18}")) {
            return new Listing.Impossible("a HubSpot list is named by its number, the ILS list id");
        }
        var query = "?limit=" + Math.min(limit, HubSpot.BATCH_MAX)
                + (cursor.isEmpty() ? "" : "&after=" + URLEncoder.encode(cursor, UTF_8));
        return switch (api.list(paths.members(list) + query)) {
            case Good(var _, var body) when body.path("results").isArray() -> read(body);
            case Good _ -> HubSpotListing.notHubSpots();
            case Bad(int status, var _) when status == 404 -> new Listing.Impossible("there is no list " + list);
            case Denied(var refusal, var _) when refusal == Refusal.MISSING_SCOPE -> new Listing.Impossible(NEEDED);
            case HubSpotAnswer other -> HubSpotListing.failed(other);
        };
    }

    private Listing read(JsonNode page) {
        var ids = page.path("results")
                .valueStream()
                .map(member -> member.path("recordId").asText(""))
                .filter(id -> !id.isEmpty())
                .distinct()
                .toList();
        var next = page.path("paging").path("next").path("after").asText("");
        if (ids.isEmpty()) {
            return next.isEmpty() ? new Listing.Last(List.of(), "") : new Listing.Page(List.of(), next);
        }
        var properties = List.of("email", HubSpotListing.CHANGED, fields.checkedAt());
        return switch (api.batch(paths.batchRead(), HubSpotContacts.question(ids, properties))) {
            case Good(var _, var body)
            when body.path("results").isArray() -> {
                List<Listed> contacts = body.path("results")
                        .valueStream()
                        .map(result -> HubSpotListing.listed(result, fields))
                        .filter(contact -> !contact.email().isEmpty())
                        .toList();
                yield next.isEmpty() ? new Listing.Last(contacts, "") : new Listing.Page(contacts, next);
            }
            case Good _ -> HubSpotListing.notHubSpots();
            case HubSpotAnswer other -> HubSpotListing.failed(other);
        };
    }

    Counted count(String list) {
        if (!list.matches("[0-9]{1,18}")) {
            return new Counted.Unknown("a HubSpot list is named by its number, the ILS list id");
        }
        return switch (api.get(paths.list(list))) {
            case Good(var _, var body) -> {
                var described = body.path("list");
                var size = described.path("size").isIntegralNumber()
                        ? described.path("size").asLong()
                        : described
                                .path("additionalProperties")
                                .path("hs_list_size")
                                .asLong(-1);
                yield size >= 0
                        ? new Counted.Contacts(size)
                        : new Counted.Unknown("HubSpot did not say how many members the list has");
            }
            case Denied(var refusal, var _) when refusal == Refusal.MISSING_SCOPE -> new Counted.Unknown(NEEDED);
            case HubSpotAnswer _ -> new Counted.Unknown("HubSpot did not say how many members the list has");
        };
    }
}
