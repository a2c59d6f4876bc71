package dev.gatepost.hubspot;

import static java.util.function.Predicate.not;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.SandboxCrm;
import dev.gatepost.connector.Setting;
import dev.gatepost.connector.Setting.Kind;
import dev.gatepost.connector.Setting.Need;
import dev.gatepost.hubspot.HubSpotSignature.Oldest;
import dev.gatepost.hubspot.sandbox.SandboxApp;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/** HubSpot as a kind of CRM. All portals of one app share its webhook path and its client secret. */
public final class HubSpotPlugin implements ConnectorPlugin {
    /** The setting that holds the app's id. */
    public static final String APP_ID = "app-id";
    /** The setting that holds the base URL of HubSpot's API. */
    public static final String API = "api";
    /** The setting that holds the app's client secret. */
    public static final String CLIENT_SECRET = "client-secret";
    /** The setting that holds the client secret before the last rotation. */
    public static final String PREVIOUS_CLIENT_SECRET = "previous-client-secret";
    /** The setting that holds the portal's access token. */
    public static final String TOKEN = "token";
    /** The setting that holds the dated version of the API. */
    public static final String API_VERSION = "api-version";

    /** Of the account only: {@code true} lets signatures of version 1 pass, which cannot tell a replay. */
    static final String ACCEPT_V1 = "accept-v1";

    private static final String DEFAULT_API = "https://api.hubapi.com";

    /** Made by {@link java.util.ServiceLoader}. */
    public HubSpotPlugin() {}

    @Override
    public String id() {
        return "hubspot";
    }

    @Override
    public String label() {
        return "HubSpot";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                new Setting(
                        APP_ID,
                        "App id",
                        "The number of your HubSpot app; with it, events of other apps are ignored.",
                        Kind.TEXT,
                        Need.OPTIONAL),
                new Setting(
                        CLIENT_SECRET,
                        "Client secret",
                        "Stands on the Auth tab of your HubSpot app; webhooks are signed with it.",
                        Kind.SECRET,
                        Need.REQUIRED),
                new Setting(
                        PREVIOUS_CLIENT_SECRET,
                        "Previous client secret",
                        "While you rotate the client secret: the old one, still accepted.",
                        Kind.SECRET,
                        Need.OPTIONAL),
                new Setting(
                        TOKEN,
                        "Access token",
                        "Stands on the Auth tab of your HubSpot app; contacts are read and written with it.",
                        Kind.SECRET,
                        Need.REQUIRED),
                new Setting(API, "API address", "Leave it empty for " + DEFAULT_API + ".", Kind.URL, Need.OPTIONAL),
                new Setting(
                        API_VERSION,
                        "API version",
                        "One of " + HubSpotPaths.versions() + "; empty means the first.",
                        Kind.TEXT,
                        Need.OPTIONAL));
    }

    /** The app's id; where it was not given, the portal's, since then the app has just this one. */
    @Override
    public String hookKey(Account account) {
        return orElse(account.setting(APP_ID), account.account());
    }

    /**
     * @throws IllegalArgumentException when a setting cannot be used; the message names it
     */
    @Override
    public Connector connect(Account account, ConnectorTools tools) {
        var base = HttpUrl.parse(orElse(account.setting(API), DEFAULT_API));
        if (base == null) {
            throw new IllegalArgumentException(API + " is not an http or https URL");
        }
        var version = orElse(account.setting(API_VERSION), HubSpotPaths.V2026_09.version());
        var paths = HubSpotPaths.of(version)
                .orElseThrow(() -> new IllegalArgumentException(
                        API_VERSION + " must be one of " + HubSpotPaths.versions() + ", not " + version));
        var token = account.setting(TOKEN).strip();
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(TOKEN + " is missing or has characters no token has");
        }
        return new HubSpot(
                new HubSpotApi(base, token, tools, account.account()),
                paths,
                new HubSpotFields(tools.fieldPrefix()),
                account.account());
    }

    @Override
    public Reading read(Delivery delivery, List<Account> accounts, Instant now) {
        var objection = HubSpotSignature.objectionToTime(delivery, now);
        if (objection.isPresent()) {
            return new Reading.Unauthentic(objection.get());
        }
        var signers = accounts.stream()
                .filter(account -> isSignedFor(account, delivery))
                .map(Account::account)
                .collect(Collectors.toSet());
        if (signers.isEmpty()) {
            return new Reading.Unauthentic("no signature, or none of a secret we know");
        }
        var others = accounts.stream()
                .map(Account::account)
                .filter(not(signers::contains))
                .collect(Collectors.toSet());
        return switch (HubSpotEvents.read(delivery.body(), appId(delivery, accounts))) {
            case Reading.Authentic(var events) -> new Reading.Authentic(without(others, events));
            case Reading other -> other;
        };
    }

    @Override
    public Optional<SandboxCrm> startSandbox(InstantSource clock) {
        return Optional.of(new SandboxPortal(SandboxHubSpot.start(SandboxApp.standard(), 0, clock)));
    }

    /** The app all events must come from, or empty when none was given. */
    private static String appId(Delivery delivery, List<Account> accounts) {
        boolean isAppId = accounts.stream()
                .anyMatch(account -> account.setting(APP_ID).strip().equals(delivery.key()));
        return isAppId ? delivery.key() : "";
    }

    /** A secret speaks only for the accounts that have it: nobody may plant events in another one's portal. */
    private static List<IncomingEvent> without(Set<String> portals, List<IncomingEvent> events) {
        return events.stream()
                .filter(event -> !portals.contains(event.account()))
                .toList();
    }

    private static boolean isSignedFor(Account account, Delivery delivery) {
        var oldest = account.setting(ACCEPT_V1).equals("true") ? Oldest.V1 : Oldest.V3;
        return Stream.of(CLIENT_SECRET, PREVIOUS_CLIENT_SECRET)
                        .map(account::setting)
                        .map(String::strip)
                        .filter(secret -> HubSpotSignature.isSignedWith(secret, delivery, oldest))
                        .count()
                > 0;
    }

    private static String orElse(String text, String otherwise) {
        return text.isBlank() ? otherwise : text.strip();
    }
}
