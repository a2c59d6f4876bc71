package dev.gatepost.hubspot;

import static java.util.function.Predicate.not;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.AppFolder;
import dev.gatepost.connector.ConnectionOption;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.PluginRoute;
import dev.gatepost.connector.PluginRoute.Method;
import dev.gatepost.connector.PluginRoute.Space;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.SandboxCrm;
import dev.gatepost.connector.Setting;
import dev.gatepost.hubspot.HubSpotSigners.Signed;
import dev.gatepost.hubspot.sandbox.SandboxApp;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** HubSpot as a kind of CRM. All portals of one app share its webhook path and its client secret. */
public final class HubSpotPlugin implements ConnectorPlugin {
    /** The setting that holds the app's id. */
    public static final String APP_ID = "app-id";
    /** The setting that holds the word our paths for this app have, where it is not the app's id. */
    public static final String HOOK_KEY = "hook-key";
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

    /** The setting that holds the app's client id, for OAuth. */
    public static final String CLIENT_ID = "client-id";
    /** The setting that holds the portal's refresh token, for OAuth. */
    public static final String REFRESH_TOKEN = "refresh-token";
    /** Of the account only: the first access token of an OAuth connection, so that it need not be asked for twice. */
    static final String ACCESS_TOKEN = "access-token";
    /** Of the account only: when the first access token ends, in milliseconds since 1970. */
    static final String ACCESS_UNTIL = "access-until";
    /** The setting that says how many calls the plan allows in ten seconds. */
    public static final String CALLS = "calls-per-10s";
    /** The setting that names a property of the admin's own that the label is written into too. */
    public static final String LABEL_PROPERTY = "label-property";
    /** The setting that says what that property calls each label. */
    public static final String LABEL_VALUES = "label-values";
    /** {@code true} lets webhooks pass that are signed by version 1, which cannot tell a replay. */
    public static final String ACCEPT_V1 = "accept-v1";
    /** {@code true} lets workflow steps pass that are signed by version 2, which cannot tell a replay. */
    public static final String ACCEPT_V2 = "accept-v2";

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
        return HubSpotSettings.all();
    }

    @Override
    public List<ConnectionOption> options(Account account) {
        return List.of(HubSpotSettings.callsPerTenSeconds(account));
    }

    /** The word chosen, else the app's id, else the portal's, since then the app has just this one. */
    @Override
    public String hookKey(Account account) {
        return HubSpotSettings.orElse(
                account.setting(HOOK_KEY), HubSpotSettings.orElse(account.setting(APP_ID), account.account()));
    }

    /**
     * @throws IllegalArgumentException when a setting cannot be used; the message names it
     */
    @Override
    public Connector connect(Account account, ConnectorTools tools) {
        var api = new HubSpotApi(
                HubSpotSettings.api(account),
                HubSpotSettings.token(account, tools),
                tools,
                account.account(),
                HubSpotSettings.calls(account));
        return new HubSpot(
                api,
                HubSpotSettings.paths(account),
                new HubSpotFields(tools.fieldPrefix(), HubSpotMapping.of(account)),
                account.account(),
                HubSpotSettings.use(account));
    }

    @Override
    public Reading read(Delivery delivery, List<Account> accounts, Instant now) {
        return switch (HubSpotSigners.ofWebhook(delivery, accounts, now)) {
            case Signed.ByNobody(var why) -> new Reading.Unauthentic(why);
            case Signed.By(var signers) -> {
                var others = accounts.stream()
                        .map(Account::account)
                        .filter(not(signers::contains))
                        .collect(Collectors.toSet());
                yield switch (HubSpotEvents.read(delivery.body(), appId(accounts))) {
                    case Reading.Authentic(var events) -> new Reading.Authentic(without(others, events));
                    case Reading other -> other;
                };
            }
        };
    }

    /** First: it answers a hundred contacts in one call, so that the demo shows the product and not a limit. */
    @Override
    public int demoRank() {
        return 10;
    }

    @Override
    public Optional<AppFolder> appFolder() {
        return Optional.of(new AppFolder(
                List.of(HubSpotProject.STATIC, HubSpotProject.OAUTH), HubSpotProject::files, HubSpotProject::next));
    }

    @Override
    public List<PluginRoute> routes() {
        return List.of(
                new PluginRoute(Space.HOOKS, Method.POST, "{key}/actions/verify-email", HubSpotActions::verify),
                new PluginRoute(
                        Space.HOOKS, Method.POST, "{key}/actions/verify-email/workflows", HubSpotActions::workflows),
                new PluginRoute(Space.CONNECT, Method.POST, "start", HubSpotConnect::start),
                new PluginRoute(Space.CONNECT, Method.GET, "start", HubSpotConnect::again),
                new PluginRoute(Space.CONNECT, Method.GET, "callback", HubSpotConnect::callback));
    }

    @Override
    public Optional<SandboxCrm> startSandbox(InstantSource clock) {
        return Optional.of(new SandboxPortal(SandboxHubSpot.start(SandboxApp.standard(), 0, clock)));
    }

    /** The app all events must come from, or empty when none was given, or several share the path. */
    private static String appId(List<Account> accounts) {
        var ids = accounts.stream()
                .map(account -> account.setting(APP_ID).strip())
                .distinct()
                .toList();
        return ids.size() == 1 ? ids.getFirst() : "";
    }

    /** A secret speaks only for the accounts that have it: nobody may plant events in another one's portal. */
    private static List<IncomingEvent> without(Set<String> portals, List<IncomingEvent> events) {
        return events.stream()
                .filter(event -> !portals.contains(event.account()))
                .toList();
    }
}
