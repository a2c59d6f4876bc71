package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Refusal;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which scopes a token lacks. OAuth tells with the token; of a static token HubSpot tells only by refusing, so that calls
 * are made which change nothing: they name a contact that there is not, a group that there is already, or a workflow step
 * that waits nowhere. Safe for any thread.
 */
final class HubSpotScopes {
    /** The right to complete steps of workflows. */
    static final String AUTOMATION = "automation";
    /** How long what was there is believed to be there still: two of the calls are answered by errors when all is well. */
    static final Duration BELIEVED = Duration.ofHours(1);

    /** HubSpot's contacts have numbers of many digits. */
    private static final String NOBODY = "1";
    /** HubSpot's callbacks name a portal and an action; none has the number 0. */
    private static final String NO_STEP = "ap-0-0-0-0";

    private final HubSpotApi api;
    private final HubSpotPaths paths;
    private final Use use;
    private volatile Instant allThereAt = Instant.MIN;

    /** What the connection's token is for. */
    enum Use {
        /** Contacts alone, as with a service key: no app of its own, so no step in workflows. */
        CONTACTS,
        /** The app's step in workflows too. */
        CONTACTS_AND_STEPS
    }

    HubSpotScopes(HubSpotApi api, HubSpotPaths paths, Use use) {
        this.api = api;
        this.paths = paths;
        this.use = use;
    }

    /** Of those that reading and writing contacts takes. */
    List<String> missingForContacts() {
        List<String> missing = new ArrayList<>();
        if (isMissing(api.batch(paths.batchRead(), HubSpotContacts.question(List.of(NOBODY))))) {
            missing.add("crm.objects.contacts.read");
        }
        if (isMissing(api.batch(paths.batchUpdate(), update(NOBODY)))) {
            missing.add("crm.objects.contacts.write");
        }
        return missing;
    }

    /** Of all we ask for. A scope that HubSpot does not refuse for is taken as there. */
    List<String> missing() {
        Set<String> missing = new LinkedHashSet<>(api.missingScopes());
        missing.addAll(missingForContacts());
        var groups = api.list(paths.groups());
        if (isMissing(groups)) {
            missing.add("crm.schemas.contacts.read");
        }
        var now = api.tools().clock().instant();
        boolean isBelieved = missing.isEmpty() && allThereAt.isAfter(now.minus(BELIEVED)) && !allThereAt.isAfter(now);
        if (!isBelieved) {
            missing.addAll(missingByErrors(groups));
            allThereAt = missing.isEmpty() ? now : Instant.MIN;
        }
        return List.copyOf(missing);
    }

    /** Asked by calls that are answered by an error when the scope is there: 409 for the group, 404 for the step. */
    private List<String> missingByErrors(HubSpotAnswer groups) {
        List<String> missing = new ArrayList<>();
        if (groups instanceof Good(var _, var body)
                && hasOurs(body)
                && isMissing(api.post(paths.groups(), HubSpotFields.group()))) {
            missing.add("crm.schemas.contacts.write");
        }
        boolean tells = api.isByOAuth(); // with the token, without a call
        if (use == Use.CONTACTS_AND_STEPS && !tells && isMissing(api.post(paths.callbacks(), completion()))) {
            missing.add(AUTOMATION);
        }
        return missing;
    }

    private static JsonNode completion() {
        var completion = CrmJson.object();
        var input = completion.putArray("inputs").addObject().put("callbackId", NO_STEP);
        input.putObject("outputFields");
        input.putObject("typedOutputs");
        return completion;
    }

    private static boolean hasOurs(JsonNode groups) {
        return groups.path("results")
                .valueStream()
                .anyMatch(group -> group.path("name").asText("").equals(HubSpotFields.GROUP));
    }

    private static JsonNode update(String id) {
        var update = CrmJson.object();
        update.putArray("inputs").addObject().put("id", id).putObject("properties");
        return update;
    }

    private static boolean isMissing(HubSpotAnswer answer) {
        return answer instanceof Denied(var refusal, var _) && refusal == Refusal.MISSING_SCOPE;
    }
}
