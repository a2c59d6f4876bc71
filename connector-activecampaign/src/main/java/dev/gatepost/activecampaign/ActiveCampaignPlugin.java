package dev.gatepost.activecampaign;

import dev.gatepost.activecampaign.sandbox.SandboxActiveCampaign;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.Answer;
import dev.gatepost.connector.ConnectionOption;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.PluginRoute;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.Reception;
import dev.gatepost.connector.SandboxCrm;
import dev.gatepost.connector.Setting;
import dev.gatepost.connector.Setting.Kind;
import dev.gatepost.connector.Setting.Need;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** ActiveCampaign as a kind of CRM. Each connection has an address of its own for webhooks, with a secret in it. */
public final class ActiveCampaignPlugin implements ConnectorPlugin {
    /** Its word in paths, tables and commands. */
    public static final String ID = "activecampaign";
    /** The setting that holds the account's API URL. */
    public static final String URL = "url";
    /** The setting that holds the API key. */
    public static final String KEY = "key";
    /** The setting that holds how many calls a second are made. */
    public static final String CALLS_PER_SECOND = "calls-per-second";
    /** The setting that names workflows by automation. */
    public static final String AUTOMATION_WORKFLOWS = "automation-workflows";
    /** The setting that holds what the tag with the verdict begins with. */
    public static final String STATUS_TAGS = "status-tags";
    /** The setting that lets many contacts be written by import. */
    public static final String BULK_IMPORT = "bulk-import";
    /** The setting that names the tag for rejected contacts. */
    public static final String REJECT_TAG = "reject-tag";
    /** The setting that names the lists rejected contacts are unsubscribed from. */
    public static final String REJECT_UNSUBSCRIBE = "reject-unsubscribe";
    /** The setting that names the automation rejected contacts are added to. */
    public static final String REJECT_AUTOMATION = "reject-automation";

    private static final HookAddress NOBODYS = HookAddress.fresh(new SecureRandom());

    private final SecureRandom random = new SecureRandom();

    /** Made by {@link java.util.ServiceLoader}. */
    public ActiveCampaignPlugin() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String label() {
        return "ActiveCampaign";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                new Setting(URL, "API URL", "Stands in Settings, Developer.", Kind.URL, Need.REQUIRED),
                new Setting(KEY, "API key", "Stands below the API URL.", Kind.SECRET, Need.REQUIRED),
                text(
                        CALLS_PER_SECOND,
                        "Calls a second",
                        "1 to 5; empty means 4. ActiveCampaign allows all programs together 5."),
                text(
                        AUTOMATION_WORKFLOWS,
                        "Workflows of automations",
                        "Which workflow judges contacts of an automation's Webhook step: 22=paying,31=newsletter."),
                text(
                        STATUS_TAGS,
                        "Tags for the verdict",
                        "What the tag with the verdict begins with, such as email-; empty for no tags."),
                text(
                        BULK_IMPORT,
                        "Write by import",
                        "yes lets ten contacts and more be written by one import, which goes by address."),
                text(REJECT_TAG, "Tag when rejected", "The tag contacts get that the rules reject."),
                text(
                        REJECT_UNSUBSCRIBE,
                        "Unsubscribe when rejected",
                        "Numbers of the lists rejected contacts leave, such as 2,7."),
                text(
                        REJECT_AUTOMATION,
                        "Automation when rejected",
                        "Number of the automation rejected contacts are added to, once."));
    }

    @Override
    public List<ConnectionOption> options(Account account) {
        return List.of(Options.callsPerSecond(account));
    }

    private static Setting text(String name, String label, String help) {
        return new Setting(name, label, help, Kind.TEXT, Need.OPTIONAL);
    }

    @Override
    public String hookKey(Account account) {
        return account.setting(HookAddress.KEY_SETTING);
    }

    @Override
    public String hookPath(Account account) {
        return HookAddress.of(account).map(HookAddress::tail).orElse("");
    }

    /**
     * @throws IllegalArgumentException when a setting cannot be used; the message names it
     */
    @Override
    public Connector connect(Account account, ConnectorTools tools) {
        var url = AccountUrl.of(account.setting(URL));
        var options = Options.of(account);
        var key = account.setting(KEY).strip();
        if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(KEY + " is missing or has characters no key has");
        }
        return new ActiveCampaign(
                new Api(url, key, tools, options.callsPerSecond()),
                options,
                new Fields(tools.fieldPrefix()),
                HookAddress.of(account),
                () -> HookAddress.fresh(random));
    }

    /** Authentic is who knows the secret in the address (reliability G3). */
    @Override
    public Reading read(Delivery delivery, List<Account> accounts, Instant now) {
        var secret = HookAddress.secretOf(delivery.url());
        var owners = accounts.stream()
                .filter(account -> HookAddress.of(account)
                        .map(address -> address.hasSecret(secret))
                        .orElse(false))
                .toList();
        if (owners.isEmpty()) {
            return new Reading.Unauthentic("the secret in the address is not this connection's");
        }
        var owner = owners.getFirst();
        return HookEvents.read(delivery, owner.account(), Options.of(owner).workflows());
    }

    @Override
    public List<PluginRoute> routes() {
        return List.of(
                new PluginRoute(PluginRoute.Space.HOOKS, PluginRoute.Method.POST, "{key}/{secret}", this::receive));
    }

    /** A wrong secret looks like any unknown path, and takes as long to refuse as an unknown connection. */
    private Answer receive(Delivery delivery, Reception reception) {
        var accounts = reception.accounts(delivery.key());
        if (accounts.isEmpty()) {
            NOBODYS.hasSecret(HookAddress.secretOf(delivery.url()));
            return Answer.of(404);
        }
        var reading = read(delivery, accounts, reception.now());
        return reading instanceof Reading.Unauthentic ? Answer.of(404) : reception.take(delivery, reading);
    }

    /** Webhooks are never repeated, and imports send none. */
    @Override
    public Duration reconcileEvery() {
        return Duration.ofMinutes(3);
    }

    /** Changes are told by the day, in the account's time zone, which is up to half a day from ours. */
    @Override
    public Duration reconcileOverlap() {
        return Duration.ofHours(36);
    }

    @Override
    public Optional<SandboxCrm> startSandbox(InstantSource clock) {
        return Optional.of(new SandboxAccount(SandboxActiveCampaign.start(0, clock)));
    }
}
