package dev.gatepost.hubspot;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.ConnectionOption;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.ConnectorTools.SettingsKeeper;
import dev.gatepost.connector.Setting;
import dev.gatepost.connector.Setting.Kind;
import dev.gatepost.connector.Setting.Need;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;

/** What an admin fills in, and what it means. Pure. */
final class HubSpotSettings {
    static final String DEFAULT_API = "https://api.hubapi.com";
    /** Most calls in ten seconds that any plan has. "Usage guidelines". */
    private static final int CALLS_MAX = 250;

    private static final int CALLS_MIN = 20;

    private HubSpotSettings() {}

    static List<Setting> all() {
        return List.of(
                text(
                        HubSpotPlugin.APP_ID,
                        "App id",
                        "The number of your HubSpot app; with it, events of other apps are ignored."),
                text(
                        HubSpotPlugin.HOOK_KEY,
                        "Path word",
                        "The word hookKey of the project you uploaded, " + HubSpotProject.HOOK_KEY
                                + " unless you changed it; empty when your app calls /hooks/hubspot/ and its own id."),
                secret(
                        HubSpotPlugin.CLIENT_SECRET,
                        "Client secret",
                        "Stands on the Auth tab of your HubSpot app; webhooks are signed with it. Only a service key has"
                                + " none: contacts are then found by looking every few minutes."),
                secret(
                        HubSpotPlugin.PREVIOUS_CLIENT_SECRET,
                        "Previous client secret",
                        "While you rotate the client secret: the old one, still accepted."),
                secret(
                        HubSpotPlugin.TOKEN,
                        "Access token",
                        "Stands on the Auth tab of your HubSpot app (static), or is a service key; contacts are read and"
                                + " written with it. Not needed with OAuth."),
                text(
                        HubSpotPlugin.CLIENT_ID,
                        "Client id",
                        "For OAuth: stands on the Auth tab of your HubSpot app beside the secret."),
                secret(
                        HubSpotPlugin.REFRESH_TOKEN,
                        "Refresh token",
                        "For OAuth without a browser: the portal's refresh token. The button Connect gets it by itself."),
                new Setting(
                        HubSpotPlugin.API,
                        "API address",
                        "Leave it empty for " + DEFAULT_API + ".",
                        Kind.URL,
                        Need.OPTIONAL),
                text(
                        HubSpotPlugin.API_VERSION,
                        "API version",
                        "One of " + HubSpotPaths.versions() + "; empty means the first."),
                text(
                        HubSpotPlugin.CALLS,
                        "Calls in ten seconds",
                        "What your plan allows: 110 (empty, and always for OAuth), 100, 190 or 250."),
                text(
                        HubSpotPlugin.LABEL_PROPERTY,
                        "Your own property",
                        "The internal name of a contact property you already have; the label is written there too."),
                text(
                        HubSpotPlugin.LABEL_VALUES,
                        "Values of your own property",
                        "How it calls the seven labels where it calls them otherwise: valid=Good, invalid=Bad. A label"
                                + " without a value there: free=."),
                text(
                        HubSpotPlugin.ACCEPT_V1,
                        "Accept old webhook signatures",
                        "true lets webhooks pass that are signed by version 1 only, which cannot tell a replay."),
                text(
                        HubSpotPlugin.ACCEPT_V2,
                        "Accept old action signatures",
                        "true lets workflow steps pass that are signed by version 2 only, which cannot tell a replay."));
    }

    private static Setting text(String name, String label, String help) {
        return new Setting(name, label, help, Kind.TEXT, Need.OPTIONAL);
    }

    private static Setting secret(String name, String label, String help) {
        return new Setting(name, label, help, Kind.SECRET, Need.OPTIONAL);
    }

    /** @throws IllegalArgumentException when it is no URL */
    static HttpUrl api(Account account) {
        var base = HttpUrl.parse(orElse(account.setting(HubSpotPlugin.API), DEFAULT_API));
        if (base == null) {
            throw new IllegalArgumentException(HubSpotPlugin.API + " is not an http or https URL");
        }
        return base;
    }

    /** @throws IllegalArgumentException when HubSpot has no such version, or we know none */
    static HubSpotPaths paths(Account account) {
        var version = orElse(account.setting(HubSpotPlugin.API_VERSION), HubSpotPaths.V2026_09.version());
        return HubSpotPaths.of(version)
                .orElseThrow(() -> new IllegalArgumentException(
                        HubSpotPlugin.API_VERSION + " must be one of " + HubSpotPaths.versions() + ", not " + version));
    }

    /**
     * What the plan allows; usually as connecting said.
     *
     * @throws IllegalArgumentException when the setting is no number of calls
     */
    static ConnectionOption callsPerTenSeconds(Account account) {
        return new ConnectionOption(
                "calls_per_10_seconds",
                "Calls in ten seconds",
                "What HubSpot allows your app in ten seconds: 110 with OAuth; 100, 190 or 250 by plan else.",
                new ConnectionOption.Kind.WholeNumber(CALLS_MIN, CALLS_MAX, settled(account)));
    }

    /** @throws IllegalArgumentException when the setting is no number of calls */
    static int calls(Account account) {
        return Integer.parseInt(callsPerTenSeconds(account).of(account));
    }

    private static int settled(Account account) {
        var text = orElse(account.setting(HubSpotPlugin.CALLS), Integer.toString(HubSpotApi.CALLS_IN_WINDOW_MAX));
        int calls = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (calls < CALLS_MIN || calls > CALLS_MAX) {
            throw new IllegalArgumentException(
                    HubSpotPlugin.CALLS + " must be a number from " + CALLS_MIN + " to " + CALLS_MAX);
        }
        return calls;
    }

    /** A step of ours is signed by the app's client secret: without it there is none. */
    static HubSpotScopes.Use use(Account account) {
        return account.setting(HubSpotPlugin.CLIENT_SECRET).isBlank()
                ? HubSpotScopes.Use.CONTACTS
                : HubSpotScopes.Use.CONTACTS_AND_STEPS;
    }

    /**
     * The static token, or one by OAuth where there is a refresh token.
     *
     * @throws IllegalArgumentException when there is neither, or one that cannot be
     */
    static HubSpotToken token(Account account, ConnectorTools tools) {
        var token = account.setting(HubSpotPlugin.TOKEN).strip();
        var refresh = account.setting(HubSpotPlugin.REFRESH_TOKEN).strip();
        if (!token.isEmpty()) {
            if (!HubSpotOAuth.isToken(token)) {
                throw new IllegalArgumentException(HubSpotPlugin.TOKEN + " has characters no token has");
            }
            return new HubSpotToken.Lasting(token);
        }
        if (refresh.isEmpty() && account.settings().containsKey(HubSpotPlugin.REFRESH_TOKEN)) {
            return new HubSpotToken.Ended(); // erased when HubSpot took it no more
        }
        if (refresh.isEmpty()) {
            throw new IllegalArgumentException(HubSpotPlugin.TOKEN + " is missing; or, for OAuth, "
                    + HubSpotPlugin.CLIENT_ID + ", " + HubSpotPlugin.CLIENT_SECRET + " and "
                    + HubSpotPlugin.REFRESH_TOKEN);
        }
        var renewed = new HubSpotToken.Renewed(
                oauth(account, tools), tools.clock(), refresh, new RefreshKeeper(account, tools.keeper()));
        var until = account.setting(HubSpotPlugin.ACCESS_UNTIL);
        if (until.matches("[0-9]{1,15}")) {
            renewed.begin(account.setting(HubSpotPlugin.ACCESS_TOKEN), Instant.ofEpochMilli(Long.parseLong(until)));
        }
        return renewed;
    }

    /** Keeps and erases a connection's refresh token. */
    private record RefreshKeeper(Account account, SettingsKeeper keeper) implements HubSpotToken.Keeper {
        @Override
        public void changed(String refreshToken) {
            keeper.keep(account.connectionId(), Map.of(HubSpotPlugin.REFRESH_TOKEN, refreshToken));
        }

        @Override
        public void ended(String refreshToken) {
            keeper.forget(account.connectionId(), HubSpotPlugin.REFRESH_TOKEN, refreshToken);
            keeper.forget(
                    account.connectionId(), HubSpotPlugin.ACCESS_TOKEN, account.setting(HubSpotPlugin.ACCESS_TOKEN));
        }
    }

    /** @throws IllegalArgumentException when client id or secret is missing */
    static HubSpotOAuth oauth(Account account, ConnectorTools tools) {
        var id = account.setting(HubSpotPlugin.CLIENT_ID).strip();
        var secret = account.setting(HubSpotPlugin.CLIENT_SECRET).strip();
        if (id.isEmpty() || secret.isEmpty()) {
            throw new IllegalArgumentException(
                    "OAuth needs " + HubSpotPlugin.CLIENT_ID + " and " + HubSpotPlugin.CLIENT_SECRET);
        }
        return new HubSpotOAuth(api(account), paths(account), tools, id, secret);
    }

    static String orElse(String text, String otherwise) {
        return text.isBlank() ? otherwise : text.strip();
    }
}
