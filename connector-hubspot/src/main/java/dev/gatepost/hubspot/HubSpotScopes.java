package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Refusal;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which scopes a token lacks. OAuth tells with the token; of a static token HubSpot tells only by refusing, so that calls
 * are made which change nothing: they name a contact that there is not, or a group that there is already.
 */
final class HubSpotScopes {
    /** HubSpot's contacts have numbers of many digits. */
    private static final String NOBODY = "1";

    private final HubSpotApi api;
    private final HubSpotPaths paths;

    HubSpotScopes(HubSpotApi api, HubSpotPaths paths) {
        this.api = api;
        this.paths = paths;
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

    /** Of all we ask for, but for the right to complete steps of workflows, which is tried by doing it alone. */
    List<String> missing() {
        Set<String> missing = new LinkedHashSet<>(api.missingScopes());
        missing.addAll(missingForContacts());
        var groups = api.list(paths.groups());
        if (isMissing(groups)) {
            missing.add("crm.schemas.contacts.read");
        }
        if (groups instanceof Good(var _, var body)
                && hasOurs(body)
                && isMissing(api.post(paths.groups(), HubSpotFields.group()))) {
            missing.add("crm.schemas.contacts.write");
        }
        return List.copyOf(missing);
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
