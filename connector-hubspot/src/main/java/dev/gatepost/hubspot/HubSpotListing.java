package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Listing.Listed;
import dev.gatepost.connector.Selection;
import dev.gatepost.hubspot.HubSpotAnswer.Bad;
import dev.gatepost.hubspot.HubSpotAnswer.Barred;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import dev.gatepost.hubspot.HubSpotAnswer.Later;
import dev.gatepost.hubspot.HubSpotAnswer.TooLong;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lists contacts by search, in the order of their ids, each page beginning behind the last id: a query reaches 10,000
 * results only, and contacts that come or go meanwhile move no page. HubSpot developer documentation, "CRM search".
 */
final class HubSpotListing {
    /** Contacts of one page of a search. */
    private static final int PAGE_MAX = 200;

    private static final String ID = "hs_object_id";
    static final String CHANGED = "lastmodifieddate";

    private final HubSpotApi api;
    private final HubSpotPaths paths;
    private final HubSpotFields fields;

    HubSpotListing(HubSpotApi api, HubSpotPaths paths, HubSpotFields fields) {
        this.api = api;
        this.paths = paths;
        this.fields = fields;
    }

    Listing page(Selection selection, String cursor, int limit) {
        if (selection instanceof Selection.Members(var list)) {
            return new HubSpotMembers(api, paths, fields).page(list, cursor, limit);
        }
        int wanted = Math.min(limit, PAGE_MAX);
        return switch (api.search(paths.search(), question(selection, cursor, wanted))) {
            case Good(var _, var body) ->
                body.path("results").isArray() ? read(body.path("results"), wanted) : notHubSpots();
            case HubSpotAnswer other -> failed(other);
        };
    }

    static Listing failed(HubSpotAnswer answer) {
        return switch (answer) {
            case Good _ -> throw new IllegalStateException("a good answer is no failure");
            case Bad bad -> new Listing.RetryLater(Duration.ZERO, bad.why());
            case Later(var after, var why, var _) -> new Listing.RetryLater(after, why);
            case Denied(var refusal, var why) -> new Listing.Refused(refusal, why);
            case Barred(var why) -> new Listing.RetryLater(Duration.ZERO, why + ". " + Barred.MEND);
            case TooLong(var why) -> new Listing.RetryLater(Duration.ZERO, why);
        };
    }

    Counted count(Selection selection) {
        if (selection instanceof Selection.Members(var list)) {
            return new HubSpotMembers(api, paths, fields).count(list);
        }
        return api.search(paths.search(), question(selection, "", 1)) instanceof Good(var _, var body)
                        && body.path("total").isIntegralNumber()
                ? new Counted.Contacts(body.path("total").asLong())
                : new Counted.Unknown("HubSpot did not say how many contacts there are");
    }

    private JsonNode question(Selection selection, String cursor, int limit) {
        var question = CrmJson.object();
        var filters = question.putArray("filterGroups").addObject().putArray("filters");
        filters.addObject().put("propertyName", "email").put("operator", "HAS_PROPERTY");
        if (selection instanceof Selection.ChangedSince(var since, var _)) {
            filter(filters, CHANGED, "GTE", Long.toString(since.toEpochMilli()));
        }
        if (!cursor.isEmpty()) {
            filter(filters, ID, "GT", cursor);
        }
        question.putArray("sorts").addObject().put("propertyName", ID).put("direction", "ASCENDING");
        question.putArray("properties").add("email").add(CHANGED).add(fields.checkedAt());
        question.put("limit", limit);
        return question;
    }

    private static void filter(ArrayNode filters, String property, String operator, String value) {
        filters.addObject()
                .put("propertyName", property)
                .put("operator", operator)
                .put("value", value);
    }

    private Listing read(JsonNode results, int wanted) {
        var contacts =
                results.valueStream().map(result -> listed(result, fields)).toList();
        return contacts.size() < wanted
                ? new Listing.Last(contacts, "")
                : new Listing.Page(contacts, contacts.getLast().id());
    }

    static Listed listed(JsonNode result, HubSpotFields fields) {
        var properties = result.path("properties");
        var changed =
                time(properties.path(CHANGED).asText(result.path("updatedAt").asText("")));
        return new Listed(
                result.path("id").asText(""),
                properties.path("email").asText(""),
                changed == null ? Instant.EPOCH : changed,
                time(properties.path(fields.checkedAt()).asText("")));
    }

    /** ISO 8601, or milliseconds since 1970; null for anything else. */
    private static @Nullable Instant time(String text) {
        if (text.matches("[0-9]{1,15}")) {
            return Instant.ofEpochMilli(Long.parseLong(text));
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return null; // empty, or no time
        }
    }

    static Listing notHubSpots() {
        return new Listing.RetryLater(
                Duration.ZERO, HubSpotAnswers.notHubSpots().why());
    }
}
