package dev.gatepost.activecampaign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.activecampaign.ApiAnswer.Denied;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A cheap look at a key: whose it is, and which of the things we need its user may not see. */
final class Checker {
    private final Api api;
    private final Options options;

    Checker(Api api, Options options) {
        this.api = api;
        this.options = options;
    }

    Checkup look() {
        var self = api.get("users/me");
        if (!(self instanceof Good(var body))) {
            return Outcomes.unseen(ofSelf(self));
        }
        if (!body.path("user").isObject()) {
            return new Checkup.RetryLater(Duration.ZERO, ApiAnswers.notTheirs().why());
        }
        List<String> missing = new ArrayList<>();
        for (var needed : needed().entrySet()) {
            switch (api.get(needed.getKey(), "limit", "1")) {
                case Good _ -> {
                    // it may
                }
                case Denied _ -> missing.add(needed.getValue());
                case ApiAnswer other -> {
                    return Outcomes.unseen(other);
                }
            }
        }
        return new Checkup.Seen(api.account().name(), user(body), missing, api.quota());
    }

    /** Paths to read, and what ActiveCampaign calls the permission of the user's group. */
    private Map<String, String> needed() {
        Map<String, String> needed = new LinkedHashMap<>();
        needed.put("contacts", "Contacts");
        needed.put("fields", "Manage custom fields");
        needed.put("webhooks", "Manage webhooks");
        if (!options.tagPrefix().isEmpty() || !options.onReject().tag().isEmpty()) {
            needed.put("tags", "Manage tags");
        }
        if (!options.onReject().lists().isEmpty()) {
            needed.put("lists", "Lists");
        }
        if (!options.onReject().automation().isEmpty()) {
            needed.put("automations", "Automations");
        }
        return needed;
    }

    /** Everybody may see himself: when not, it is the key that is wrong. */
    static ApiAnswer ofSelf(ApiAnswer answer) {
        return answer instanceof Denied(var _, var why)
                ? new Denied(Refusal.NEEDS_REAUTH, why + ". Copy URL and key anew from Settings, Developer")
                : answer;
    }

    /** The same refusal, with its cause made sure of: a wrong key answers like a missing permission. */
    static ApiAnswer sure(Api api, ApiAnswer answer) {
        return answer instanceof Denied(var refusal, var _)
                        && refusal == Refusal.MISSING_SCOPE
                        && api.get("users/me") instanceof Denied denied
                ? ofSelf(denied)
                : answer;
    }

    /** The user's name for people, as the answer of {@code users/me} tells it. */
    static String user(JsonNode body) {
        var user = body.path("user");
        var name =
                (user.path("firstName").asText("") + " " + user.path("lastName").asText("")).strip();
        var login = user.path("username").asText("");
        return ApiError.readable(name.isEmpty() ? login : login.isEmpty() ? name : name + " (" + login + ")");
    }
}
