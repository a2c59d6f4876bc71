package dev.gatepost.hubspot;

import static dev.gatepost.hubspot.HubSpotTestbed.APP_ID;
import static dev.gatepost.hubspot.HubSpotTestbed.NOW;
import static dev.gatepost.hubspot.HubSpotTestbed.PORTAL;
import static dev.gatepost.hubspot.HubSpotTestbed.SECRET;
import static dev.gatepost.hubspot.HubSpotTestbed.account;
import static dev.gatepost.hubspot.HubSpotTestbed.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.Setting;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubSpotPluginTest {
    private final HubSpotPlugin plugin = new HubSpotPlugin();

    private static Delivery signed(String secret, String body) {
        var timestamp = Long.toString(NOW.toEpochMilli());
        var source = ByteString.encodeUtf8("POST" + HubSpotTestbed.URL + body + timestamp);
        var signature = source.hmacSha256(ByteString.encodeUtf8(secret)).toByteArray();
        return HubSpotTestbed.delivery(
                body,
                Map.of(
                        "x-hubspot-SIGNATURE-v3",
                        Base64.getEncoder().encodeToString(signature),
                        "x-hubspot-request-TIMESTAMP",
                        timestamp));
    }

    private static String creationIn(String portal) {
        return "[{\"portalId\":" + portal
                + ",\"objectId\":7,\"occurredAt\":1762216307945,\"subscriptionType\":\"contact.creation\"}]";
    }

    private List<IncomingEvent> events(Delivery delivery, Account... accounts) {
        var reading = plugin.read(delivery, List.of(accounts), NOW);
        assertThat(reading).isInstanceOf(Reading.Authentic.class);
        return ((Reading.Authentic) reading).events();
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(ConnectorPlugin.class).stream().map(ServiceLoader.Provider::get))
                .extracting(ConnectorPlugin::id)
                .contains("hubspot");
    }

    @Test
    void callsAsOftenAsTheOptionSaysElseAsConnectingSaid() {
        var connected = new Account("con_1", PORTAL, APP_ID, Map.of("calls-per-10s", "100"));
        assertThat(plugin.options(connected).getFirst().of(connected)).isEqualTo("100");
        assertThat(HubSpotSettings.calls(connected)).isEqualTo(100);

        var chosen = new Account("con_1", PORTAL, APP_ID, connected.settings(), Map.of("calls_per_10_seconds", "190"));
        assertThat(HubSpotSettings.calls(chosen)).isEqualTo(190);
        assertThat(plugin.options(chosen).getFirst().kind().usual()).isEqualTo("100");
    }

    @Test
    void keepsSecretsSecret() {
        assertThat(plugin.settings())
                .filteredOn(setting -> setting.kind() == Setting.Kind.SECRET)
                .extracting(Setting::name)
                .containsExactly("client-secret", "previous-client-secret", "token", "refresh-token");
    }

    @Test
    void takesWebhooksUnderTheAppId() {
        assertThat(plugin.hookKey(account(Map.of()))).isEqualTo(APP_ID);
    }

    @Test
    void takesWebhooksUnderThePortalsIdWhenNoAppIdWasGiven() {
        var account = account(Map.of("app-id", ""));
        assertThat(plugin.hookKey(account)).isEqualTo(PORTAL);
        assertThat(events(signed(SECRET, payload("classic.json")), account)
                        .get(6)
                        .kind())
                .as("the app 999 is as good as any")
                .isEqualTo(IncomingEvent.Kind.CREATED);
    }

    /** Reliability G4. */
    @Test
    void acceptsThePreviousSecretDuringRotation() {
        var rotated = account(Map.of("client-secret", "new", "previous-client-secret", SECRET));
        assertThat(events(signed(SECRET, creationIn(PORTAL)), rotated)).hasSize(1);
        assertThat(events(signed("new", creationIn(PORTAL)), rotated)).hasSize(1);
    }

    @Test
    void acceptsVersion1OnlyForAnAccountThatSaysSo() {
        var body = payload("classic.json");
        var digest = ByteString.encodeUtf8(SECRET + body).sha256().toByteArray();
        var delivery = HubSpotTestbed.delivery(
                body,
                Map.of("X-HubSpot-Signature", HexFormat.of().formatHex(digest), "X-HubSpot-Signature-Version", "v1"));
        assertThat(plugin.read(delivery, List.of(account(Map.of())), NOW)).isInstanceOf(Reading.Unauthentic.class);
        assertThat(events(delivery, account(Map.of("accept-v1", "true")))).isNotEmpty();
    }

    @Test
    void readsForAllPortalsOfOneApp() {
        var other = new Account("con_2", "4711", APP_ID, Map.of("client-secret", SECRET));
        assertThat(events(signed(SECRET, creationIn("4711")), account(Map.of()), other))
                .extracting(IncomingEvent::account)
                .containsExactly("4711");
    }

    @Test
    void leavesEventsOfAnUnknownPortalToBeIgnored() {
        assertThat(events(signed(SECRET, creationIn("1")), account(Map.of())))
                .extracting(IncomingEvent::account)
                .containsExactly("1");
    }

    @Test
    void letsNobodyPlantEventsInThePortalOfAnotherSecret() {
        var attacker = new Account("con_2", "4711", APP_ID, Map.of("client-secret", "attacker's own"));
        assertThat(events(signed("attacker's own", creationIn(PORTAL)), account(Map.of()), attacker))
                .isEmpty();
    }

    @Test
    void refusesASignatureOfAnEmptySecret() {
        var unset = new Account("con_1", PORTAL, APP_ID, Map.of());
        var body = creationIn(PORTAL);
        var v1 = HexFormat.of()
                .formatHex(ByteString.of(body.getBytes(StandardCharsets.UTF_8))
                        .sha256()
                        .toByteArray());
        var delivery =
                HubSpotTestbed.delivery(body, Map.of("X-HubSpot-Signature", v1, "X-HubSpot-Signature-Version", "v1"));
        assertThat(plugin.read(delivery, List.of(unset), NOW)).isInstanceOf(Reading.Unauthentic.class);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource({
        "api, ftp://x, api, no web address",
        "api, not a url, api, no address at all",
        "api-version, 2019-01, api-version, a version nobody knows",
        "token, '', token, no token",
        "token, 'two words', token, a token with a space"
    })
    void refusesSettingsItCannotUse(String name, String value, String named, String why) {
        var account = account(Map.of(name, value));
        assertThatIllegalArgumentException()
                .as(why)
                .isThrownBy(() -> plugin.connect(account, HubSpotTestbed.tools(HubSpotTestbed.http())))
                .withMessageContaining(named);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"hs_", "Gatepost_", "9x_", "''", "a-b_"})
    void refusesAFieldPrefixHubSpotCannotHave(String prefix) {
        assertThatIllegalArgumentException().isThrownBy(() -> new HubSpotFields(prefix, HubSpotMapping.NONE));
    }
}
