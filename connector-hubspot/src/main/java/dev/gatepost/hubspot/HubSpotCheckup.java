package dev.gatepost.hubspot;

import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Refusal;
import dev.gatepost.hubspot.HubSpotAnswer.Bad;
import dev.gatepost.hubspot.HubSpotAnswer.Barred;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import dev.gatepost.hubspot.HubSpotAnswer.Later;
import dev.gatepost.hubspot.HubSpotAnswer.TooLong;
import java.time.Duration;

/** A cheap look at a portal's token: whose it is, and which scopes it lacks. */
final class HubSpotCheckup {
    private final HubSpotApi api;
    private final HubSpotPaths paths;
    private final String portal;
    private final HubSpotScopes scopes;

    HubSpotCheckup(HubSpotApi api, HubSpotPaths paths, String portal, HubSpotScopes scopes) {
        this.api = api;
        this.paths = paths;
        this.portal = portal;
        this.scopes = scopes;
    }

    Checkup look() {
        return switch (api.get(paths.details())) {
            case Good(var _, var details) -> {
                var actual = details.path("portalId").asText("");
                if (!portal.isEmpty() && !portal.equals(actual)) {
                    yield new Checkup.Refused(
                            Refusal.NEEDS_REAUTH, "the token belongs to portal " + actual + ", not to " + portal);
                }
                api.portalZone(details.path("timeZone").asText(""));
                yield scopes(actual);
            }
            case HubSpotAnswer other -> failed(other);
        };
    }

    private Checkup scopes(String actual) {
        return new Checkup.Seen(actual, "HubSpot portal " + actual, scopes.missing(), api.quota());
    }

    private static Checkup failed(HubSpotAnswer answer) {
        return switch (answer) {
            case Good _ -> throw new IllegalStateException("a good answer is no failure");
            case Bad bad -> new Checkup.RetryLater(Duration.ZERO, bad.why());
            case Later(var after, var why, var _) -> new Checkup.RetryLater(after, why);
            case Denied(var refusal, var why) -> new Checkup.Refused(refusal, why);
            case Barred(var why) -> new Checkup.RetryLater(Duration.ZERO, why + ". " + Barred.MEND);
            case TooLong(var why) -> new Checkup.RetryLater(Duration.ZERO, why);
        };
    }
}
