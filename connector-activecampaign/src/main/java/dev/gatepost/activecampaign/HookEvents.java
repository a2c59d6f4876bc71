package dev.gatepost.activecampaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.connector.Reading;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import okio.ByteString;

/**
 * Payload to event, for both that there are: the account's webhooks, which say their {@code type}, and the Webhook step of
 * an automation, which says the automation's number in {@code seriesid}. A payload is a hint only: the contact is read by
 * the API before anything is done. Pure; called only with authentic deliveries.
 */
final class HookEvents {
    private static final String CONTACT_ID = "contact[id]";
    private static final int TYPE_CHARS_MAX = 60;
    /** What makes two deliveries different; what else ActiveCampaign may add one day does not. */
    private static final Pattern TELLING = Pattern.compile(
            "contact\\[(email|first_name|last_name|phone|fields)].*|list|list\\[id]|tag|form\\[id]|campaign\\[id]");

    private HookEvents() {}

    /**
     * The delivery's event, or why it cannot be used.
     *
     * @param account the CRM's id of the account
     * @param workflows id of the workflow by automation
     */
    static Reading read(Delivery delivery, String account, Map<String, String> workflows) {
        var body =
                FormBody.read(delivery.body(), delivery.header("Content-Type").orElse(""));
        var type = body.first("type");
        var series = body.first("seriesid");
        var contact = body.first(CONTACT_ID);
        if (type.isEmpty() && series.isEmpty() && contact.isEmpty()) {
            return new Reading.Unusable("the body has neither type nor seriesid nor contact[id]");
        }
        if (!Options.isId(contact)) {
            return kind(type, body) == Kind.OTHER
                    ? new Reading.Authentic(List.of()) // about something that is no contact
                    : new Reading.Unusable("contact[id] is missing or no number");
        }
        return new Reading.Authentic(List.of(new IncomingEvent(
                account,
                kind(type, body),
                contact,
                dedupeKey(body, type, series, contact),
                Dates.read(body.first("date_time")).orElse(delivery.receivedAt()),
                type.isEmpty() ? workflows.getOrDefault(series, "") : "")));
    }

    private static Kind kind(String type, FormBody body) {
        return switch (type) {
            case "" -> Kind.ASKED; // the step of an automation
            case "subscribe", "list_add" -> Kind.CREATED;
            // Ours among them: each write of ours is an update by the API. Other programs' are found by the next look.
            case "update" -> body.first("initiated_from").equals("api") ? Kind.OTHER : Kind.CHANGED;
            default -> Kind.OTHER;
        };
    }

    /** ActiveCampaign numbers no events. */
    private static String dedupeKey(FormBody body, String type, String series, String contact) {
        var telling = new TreeMap<String, List<String>>();
        body.values().forEach((name, values) -> {
            if (TELLING.matcher(name).matches()) {
                telling.put(name, values);
            }
        });
        return String.join(
                "|",
                type.isEmpty() ? "step" : type.substring(0, Math.min(type.length(), TYPE_CHARS_MAX)),
                Options.isId(series) ? series : "",
                contact,
                Dates.read(body.first("date_time")).map(Object::toString).orElse(""),
                ByteString.of(telling.toString().getBytes(UTF_8)).sha256().hex());
    }
}
