package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Reply.Outcome;
import java.time.Duration;
import java.util.Locale;

/**
 * What our workflow step gives back to HubSpot: the outputs users branch on, and whether the workflow goes on. All values
 * are text. Pure. HubSpot developer documentation, "Custom workflow actions guide".
 */
final class HubSpotOutputs {
    /** The contact has no address. */
    static final String NO_EMAIL = "NO_EMAIL";
    /** The customer's rules reject the address; the other outputs tell why. */
    static final String REJECTED = "REJECTED";
    /** The request lacks what it needs, or is not about a contact. */
    static final String BAD_INPUT = "BAD_INPUT";
    /** The portal is not connected to this Gatepost. */
    static final String NOT_CONNECTED = "NOT_CONNECTED";
    /** The workflow that was chosen for the step is gone. */
    static final String UNKNOWN_WORKFLOW = "UNKNOWN_WORKFLOW";

    /**
     * How long HubSpot is to wait for our callback: greylisted addresses are asked a last time after 81 minutes, and the
     * callback itself may have to be repeated.
     */
    static final Duration BLOCKED_MAX = Duration.ofHours(3);

    private static final String STATE = "hs_execution_state";

    private HubSpotOutputs() {}

    static ObjectNode of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Found(var finding) -> found(finding);
            case Outcome.Failed(var reason) -> failed(reason.toUpperCase(Locale.ROOT));
        };
    }

    /** The workflow goes on; its history shows the step as failed, for this reason. */
    static ObjectNode failed(String errorCode) {
        return CrmJson.object().put("errorCode", errorCode).put(STATE, "FAIL_CONTINUE");
    }

    /** The workflow waits for the callback. */
    static ObjectNode blocked() {
        return CrmJson.object().put(STATE, "BLOCK").put("hs_expiration_duration", BLOCKED_MAX.toString());
    }

    private static ObjectNode found(Finding finding) {
        return CrmJson.object()
                .put("status", finding.status())
                .put("label", finding.label())
                .put("score", Integer.toString(finding.score()))
                .put("decision", finding.decision())
                .put("reason", finding.reason())
                .put("suggestion", finding.suggestion())
                .put("errorCode", finding.decision().equals("reject") ? REJECTED : "")
                .put(STATE, "SUCCESS");
    }
}
