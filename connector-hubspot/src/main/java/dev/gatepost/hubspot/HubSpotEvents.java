package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.connector.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import okio.ByteString;

/**
 * Payload to events. Pure; called only with authentic payloads.
 *
 * <p>HubSpot developer documentation, "Webhooks API guide" and "Create generic webhook subscriptions".
 */
final class HubSpotEvents {
    /** Most events of one delivery; HubSpot documents 100. */
    static final int EVENTS_MAX = 1_000;
    /** Longest key kept as readable text, in characters; a longer one is replaced by its hash. */
    private static final int KEY_CHARS_MAX = 512;
    /** HubSpot's type id of contacts in {@code object.*} events. */
    private static final String CONTACT = "0-1";

    private static final Pattern ID = Pattern.compile("[0-9]{1,19}");
    /** Latest moment taken, in milliseconds since 1970: the end of the year 9999. */
    private static final long MILLIS_MAX = 253_402_300_799_999L;

    private HubSpotEvents() {}

    /**
     * All events of one delivery, or why it cannot be used.
     *
     * @param appId the app the connection was made for: events of another app are of no interest; empty for any app
     */
    static Reading read(ByteString body, String appId) {
        var payload = CrmJson.read(body.toByteArray()).orElse(null);
        if (payload == null || !payload.isArray()) {
            return new Reading.Unusable("the body is not a JSON array");
        }
        if (payload.size() > EVENTS_MAX) {
            return new Reading.Unusable(payload.size() + " events in one delivery");
        }
        List<IncomingEvent> events = new ArrayList<>(payload.size());
        for (var entry : payload) {
            var event = event(entry, appId);
            if (event.isEmpty()) {
                return new Reading.Unusable("event " + events.size()
                        + " lacks portalId, objectId, subscriptionType or occurredAt, or has them in another form");
            }
            events.add(event.get());
        }
        return new Reading.Authentic(events);
    }

    private static Optional<IncomingEvent> event(JsonNode entry, String appId) {
        // One table of HubSpot's documentation calls the type eventType; the key really sent is subscriptionType.
        var type = entry.path("subscriptionType").asText(entry.path("eventType").asText(""));
        var portal = id(entry, "portalId");
        var object = id(entry, "objectId");
        var occurredAt = id(entry, "occurredAt").filter(millis -> Long.parseLong(millis) <= MILLIS_MAX);
        if (type.isEmpty() || portal.isEmpty() || object.isEmpty() || occurredAt.isEmpty()) {
            return Optional.empty();
        }
        boolean isOurs =
                appId.isEmpty() || id(entry, "appId").map(appId::equals).orElse(true);
        var kind = isOurs ? kind(type, entry) : Kind.OTHER;
        return Optional.of(new IncomingEvent(
                portal.get(),
                kind,
                kind == Kind.MERGED ? remaining(entry, object.get()) : object.get(),
                dedupeKey(entry, portal.get(), type, object.get(), occurredAt.get()),
                Instant.ofEpochMilli(Long.parseLong(occurredAt.get()))));
    }

    private static Kind kind(String type, JsonNode entry) {
        int dot = type.indexOf('.');
        var subject = dot < 0 ? "" : type.substring(0, dot);
        boolean isContact = subject.equals("contact")
                || (subject.equals("object")
                        && entry.path("objectTypeId").asText(CONTACT).equals(CONTACT)); // may be absent
        if (!isContact) {
            return Kind.OTHER;
        }
        return switch (type.substring(dot + 1)) {
            case "creation" -> Kind.CREATED;
            case "propertyChange" -> entry.path("propertyName").asText("").equals("email") ? Kind.CHANGED : Kind.OTHER;
            case "restore" -> Kind.RESTORED;
            case "merge" -> Kind.MERGED;
            case "deletion" -> Kind.DELETED;
            case "privacyDeletion" -> Kind.ERASED;
            default -> Kind.OTHER;
        };
    }

    /** The record a merge leaves behind, which may have a new id. */
    private static String remaining(JsonNode entry, String objectId) {
        return id(entry, "newObjectId").or(() -> id(entry, "primaryObjectId")).orElse(objectId);
    }

    /**
     * What HubSpot keeps stable over its retries. Not the attempt number, which grows, and not the subscription, since
     * two of them may report one change.
     */
    private static String dedupeKey(JsonNode entry, String portal, String type, String object, String occurredAt) {
        var key = String.join(
                "|",
                portal,
                type,
                object,
                entry.path("propertyName").asText(""),
                occurredAt,
                entry.path("eventId").asText(""));
        return key.length() <= KEY_CHARS_MAX
                ? key
                : ByteString.of(key.getBytes(UTF_8)).sha256().hex();
    }

    /** A non-negative whole number of at most 63 bits, as text; HubSpot sends numbers, digits as text pass too. */
    static Optional<String> id(JsonNode entry, String field) {
        var value = entry.path(field);
        boolean mayBeId = value.isIntegralNumber() || value.isTextual();
        return mayBeId && ID.matcher(value.asText()).matches() && isLong(value.asText())
                ? Optional.of(value.asText())
                : Optional.empty();
    }

    private static boolean isLong(String digits) {
        try {
            return Long.parseLong(digits) >= 0;
        } catch (NumberFormatException e) {
            return false; // 19 digits may be more
        }
    }
}
