package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.Answer;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Reception;
import dev.gatepost.connector.Setting;
import dev.gatepost.hubspot.HubSpotOAuth.Grant;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * Connecting a portal by OAuth, as the admin's browser sees it: to HubSpot, where the admin agrees, and back. The state is
 * a ticket: bound to the admin's session, good once, and the only way to the secrets it stands for.
 */
final class HubSpotConnect {
    /** Where HubSpot sends the admin back to, below the public URL; the app's redirect URL must be just that. */
    static final String CALLBACK = "/connect/hubspot/callback";
    /** How long an admin may take at HubSpot. */
    private static final Duration TICKET_LIFE = Duration.ofMinutes(30);

    private static final int VERIFIER_OCTETS = 32; // RFC 7636, section 4.1: recommended
    private static final String VERIFIER = "code-verifier";

    private HubSpotConnect() {}

    /** Takes the app's settings as a JSON object and answers where to send the browser. */
    static Answer start(Delivery delivery, Reception reception) {
        var json = CrmJson.read(delivery.body().toByteArray()).filter(JsonNode::isObject);
        if (json.isEmpty()) {
            return text(400, "The request is not a JSON object of settings.");
        }
        Map<String, String> settings = new HashMap<>();
        HubSpotSettings.all().stream()
                .map(Setting::name)
                .filter(name -> json.get().path(name).isValueNode())
                .forEach(name ->
                        settings.put(name, json.get().path(name).asText("").strip()));
        return consent(settings, reception)
                .map(url -> Answer.json(200, CrmJson.object().put("url", url).toString()))
                .orElseGet(() -> text(
                        400,
                        "To connect by OAuth, " + HubSpotPlugin.CLIENT_ID + ", " + HubSpotPlugin.CLIENT_SECRET
                                + " and one of " + HubSpotPlugin.HOOK_KEY + " and " + HubSpotPlugin.APP_ID
                                + " are needed; id and secret stand on the Auth tab of your HubSpot app."));
    }

    /** Sends the browser to HubSpot for an app that is known: {@code ?app=} with its id or path word; for one more portal, or to connect again. */
    static Answer again(Delivery delivery, Reception reception) {
        var app = query(delivery, "app");
        var url = reception.accounts(app).stream()
                .map(Account::settings)
                .flatMap(settings -> consent(settings, reception).stream())
                .findFirst();
        return url.map(HubSpotConnect::redirect)
                .orElseGet(
                        () -> text(404, "There is no connection by OAuth with the app " + HubSpotError.readable(app)));
    }

    /** Empty when the settings lack what OAuth needs. */
    private static Optional<String> consent(Map<String, String> settings, Reception reception) {
        boolean isNamed = isThere(settings, HubSpotPlugin.APP_ID) || isThere(settings, HubSpotPlugin.HOOK_KEY);
        boolean isApp = isThere(settings, HubSpotPlugin.CLIENT_ID) && isThere(settings, HubSpotPlugin.CLIENT_SECRET);
        if (!isNamed || !isApp) {
            return Optional.empty();
        }
        var base = HttpUrl.parse(
                HubSpotSettings.orElse(settings.getOrDefault(HubSpotPlugin.API, ""), HubSpotSettings.DEFAULT_API));
        if (base == null) {
            return Optional.empty();
        }
        var octets = new byte[VERIFIER_OCTETS];
        reception.tools().random().nextBytes(octets);
        var verifier = Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        var remembered = CrmJson.object().put(VERIFIER, verifier);
        HubSpotSettings.all().stream()
                .map(Setting::name)
                .filter(name -> !settings.getOrDefault(name, "").isEmpty())
                .forEach(name -> remembered.put(name, settings.get(name)));
        // Another portal may be chosen at HubSpot: what belongs to one portal alone does not go along.
        remembered.remove(HubSpotPlugin.TOKEN);
        remembered.remove(HubSpotPlugin.REFRESH_TOKEN);
        var state = reception.ticket(remembered.toString(), TICKET_LIFE);
        return Optional.of(HubSpotOAuth.consentUrl(
                base, settings.getOrDefault(HubSpotPlugin.CLIENT_ID, ""), redirectUri(reception), state, verifier));
    }

    private static boolean isThere(Map<String, String> settings, String name) {
        return !settings.getOrDefault(name, "").isBlank();
    }

    private static String redirectUri(Reception reception) {
        return reception.publicUrl() + CALLBACK;
    }

    /** The admin comes back with a code, or with HubSpot's word for a refusal. */
    static Answer callback(Delivery delivery, Reception reception) {
        var remembered = reception
                .redeem(query(delivery, "state"))
                .flatMap(text -> CrmJson.read(text.getBytes(UTF_8)))
                .filter(JsonNode::isObject);
        if (remembered.isEmpty()) {
            return text(
                    400,
                    "This link was used before, is too old, or was made for somebody else. Start again from Gatepost.");
        }
        var error = query(delivery, "error");
        if (!error.isEmpty()) {
            return text(
                    400, "HubSpot did not connect: " + HubSpotError.readable(error) + ". Start again from Gatepost.");
        }
        Map<String, String> settings = new HashMap<>();
        remembered
                .get()
                .properties()
                .forEach(field -> settings.put(field.getKey(), field.getValue().asText("")));
        var verifier = Objects.requireNonNullElse(settings.remove(VERIFIER), "");
        var account = new Account("new", "", "", settings);
        var grant = HubSpotSettings.oauth(account, reception.tools())
                .exchange(query(delivery, "code"), redirectUri(reception), verifier);
        return switch (grant) {
            case Grant.Granted granted
            when granted.refreshToken().isEmpty() ->
                text(502, "HubSpot gave no refresh token. Start again from Gatepost.");
            case Grant.Granted granted -> save(granted, settings, reception);
            case Grant.Refused(var _, var why) ->
                text(400, why + ". Check client id, secret and redirect URL, then start again.");
            case Grant.Later(var _, var why) -> text(502, why + ". Start again from Gatepost in a minute.");
        };
    }

    private static Answer save(Grant.Granted granted, Map<String, String> settings, Reception reception) {
        settings.put(HubSpotPlugin.REFRESH_TOKEN, granted.refreshToken());
        settings.put(HubSpotPlugin.ACCESS_TOKEN, granted.accessToken());
        settings.put(
                HubSpotPlugin.ACCESS_UNTIL,
                Long.toString(reception.now().plus(granted.life()).toEpochMilli()));
        return switch (reception.connect(settings)) {
            case Installed.Ready(var portal, var _, var _) ->
                text(200, "HubSpot portal " + portal + " is connected. Go back to Gatepost: " + reception.publicUrl());
            case Installed.Clash(var what, var mend) -> text(409, "Not connected: " + what + ". " + mend + ".");
            case Installed.Refused(var _, var why) -> text(403, "Not connected: " + why + ".");
            case Installed.RetryLater(var _, var why) ->
                text(502, "Not connected: " + why + ". Start again in a minute.");
        };
    }

    private static String query(Delivery delivery, String name) {
        var url = HttpUrl.parse(delivery.url());
        return url == null ? "" : Objects.requireNonNullElse(url.queryParameter(name), "");
    }

    private static Answer redirect(String url) {
        return new Answer(302, Map.of("Location", url), "", "");
    }

    private static Answer text(int status, String sentence) {
        return new Answer(status, Map.of(), "text/plain; charset=utf-8", sentence + "\n");
    }
}
