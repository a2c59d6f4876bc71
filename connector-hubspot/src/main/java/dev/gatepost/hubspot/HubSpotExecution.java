package dev.gatepost.hubspot;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.CrmJson;
import java.util.Optional;
import okio.ByteString;

/**
 * One execution of our step in a HubSpot workflow, as HubSpot posts it. Pure; read only from authentic requests. HubSpot
 * developer documentation, "Custom workflow actions reference".
 *
 * @param portal whose workflow
 * @param callbackId HubSpot's id of the execution, the same in every repetition
 * @param objectType {@code CONTACT}, or empty when it was not told
 * @param objectId the contact
 * @param email the address to verify, empty when the contact has none
 * @param workflow id of the customer's workflow that judges it; empty for the connection's own
 */
record HubSpotExecution(
        String portal, String callbackId, String objectType, String objectId, String email, String workflow) {
    /** Longest id taken; HubSpot's have some 30 characters. */
    static final int CALLBACK_CHARS_MAX = 400;
    /** Longest input taken: well beyond the 320 characters of an address. */
    private static final int INPUT_CHARS_MAX = 1_000;

    HubSpotExecution {
        requireNonNull(portal, "portal");
        requireNonNull(callbackId, "callbackId");
        requireNonNull(objectType, "objectType");
        requireNonNull(objectId, "objectId");
        requireNonNull(email, "email");
        requireNonNull(workflow, "workflow");
    }

    /** Without the address. */
    @Override
    public String toString() {
        return "HubSpotExecution[" + portal + ", " + callbackId + ", " + objectId + "]";
    }

    /** The execution, or empty when it lacks what cannot be done without. */
    static Optional<HubSpotExecution> read(ByteString body) {
        var json = CrmJson.read(body.toByteArray()).filter(JsonNode::isObject);
        if (json.isEmpty()) {
            return Optional.empty();
        }
        var request = json.get();
        var portal = HubSpotEvents.id(request.path("origin"), "portalId");
        var object = HubSpotEvents.id(request.path("object"), "objectId");
        var callback = request.path("callbackId").asText("").strip();
        if (portal.isEmpty() || object.isEmpty() || callback.isEmpty() || callback.length() > CALLBACK_CHARS_MAX) {
            return Optional.empty();
        }
        return Optional.of(new HubSpotExecution(
                portal.get(),
                callback,
                request.path("object").path("objectType").asText(""),
                object.get(),
                input(request, "email"),
                input(request, "workflow")));
    }

    /** The portal a drop-down is drawn for. */
    static Optional<String> portal(ByteString body) {
        return CrmJson.read(body.toByteArray())
                .filter(JsonNode::isObject)
                .flatMap(request -> HubSpotEvents.id(request.path("origin"), "portalId"));
    }

    private static String input(JsonNode request, String name) {
        var value = request.path("inputFields").path(name);
        var text = value.isMissingNode() ? request.path("fields").path(name).asText("") : value.asText("");
        return text.length() > INPUT_CHARS_MAX ? text.substring(0, INPUT_CHARS_MAX) : text.strip();
    }
}
