package dev.gatepost.hubspot;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static dev.gatepost.hubspot.HubSpotTestbed.NOW;
import static dev.gatepost.hubspot.HubSpotTestbed.SECRET;
import static dev.gatepost.hubspot.HubSpotTestbed.URL;
import static dev.gatepost.hubspot.HubSpotTestbed.payload;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorContract;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Finding;
import dev.gatepost.hubspot.sandbox.SandboxApp;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every connector must do. Deliveries are signed by the sandbox, whose signer HubSpot's own client checks. */
class HubSpotContractTest implements ConnectorContract {
    @RegisterExtension
    static final WireMockExtension CRM = WireMockExtension.newInstance().build();

    private static final SandboxApp APP = new SandboxApp(
            Long.parseLong(HubSpotTestbed.APP_ID),
            Long.parseLong(HubSpotTestbed.PORTAL),
            SECRET,
            "pat-test",
            SandboxApp.EventForm.GENERIC,
            110);

    private static SandboxHubSpot sandbox;
    private final List<SandboxHubSpot> living = new ArrayList<>();

    @BeforeAll
    static void start() {
        sandbox = SandboxHubSpot.start(APP, 0, InstantSource.system());
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private static Delivery signed(String body, Instant at) {
        return HubSpotTestbed.delivery(body, sandbox.sign(URL, body, InstantSource.fixed(at)));
    }

    private static Delivery with(String name, String value) {
        Map<String, String> headers =
                new HashMap<>(sandbox.sign(URL, payload("generic.json"), InstantSource.fixed(NOW)));
        headers.put(name, value);
        return HubSpotTestbed.delivery(payload("generic.json"), headers);
    }

    @Override
    public ConnectorPlugin plugin() {
        return new HubSpotPlugin();
    }

    @Override
    public Account account() {
        return HubSpotTestbed.account(Map.of());
    }

    @Override
    public Instant now() {
        return NOW;
    }

    @Override
    public Delivery delivery() {
        return signed(payload("generic.json"), NOW);
    }

    @Override
    public Delivery repeated() {
        return signed(
                payload("generic.json").replace("\"attemptNumber\":0", "\"attemptNumber\":3"), NOW.plusSeconds(7));
    }

    @Override
    public Delivery withUnknownFields() {
        return signed(payload("generic.json").replace("{", "{\"tomorrow\":{\"deep\":[1,{\"er\":null}]},"), NOW);
    }

    @Override
    public Delivery garbage() {
        return signed("{\"not\":\"a list\"}", NOW);
    }

    @Override
    public List<Delivery> forged() {
        var headers = sandbox.sign(URL, payload("generic.json"), InstantSource.fixed(NOW));
        return List.of(
                HubSpotTestbed.delivery(payload("generic.json"), Map.of()),
                HubSpotTestbed.delivery(payload("generic.json") + " ", headers),
                HubSpotTestbed.delivery("POST", URL + "?x=1", payload("generic.json"), headers),
                with("X-HubSpot-Signature-v3", ""),
                with("X-HubSpot-Signature-v3", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                with("X-HubSpot-Request-Timestamp", Long.toString(NOW.toEpochMilli() + 1)));
    }

    @Override
    public List<Delivery> stale() {
        var window = Duration.ofMillis(300_001);
        return List.of(
                signed(payload("generic.json"), NOW.minus(window)), signed(payload("generic.json"), NOW.plus(window)));
    }

    @Override
    public Connector answering(int status) {
        CRM.stubFor(any(anyUrl()).willReturn(status(status).withBody("{\"status\":\"error\",\"message\":\"so\"}")));
        return HubSpotTestbed.connector(CRM.baseUrl());
    }

    @Override
    public LivingCrm livingCrm() {
        var crm = SandboxHubSpot.start(APP, 0, InstantSource.system());
        living.add(crm);
        var settings = Map.of(HubSpotPlugin.API, crm.baseUrl(), HubSpotPlugin.TOKEN, APP.token());
        return new LivingCrm() {
            @Override
            public String create(String email) {
                return crm.createContact(email, Map.of());
            }

            @Override
            public void delete(String id) {
                crm.deleteContact(id);
            }

            @Override
            public Connector connector() {
                var tools = new ConnectorTools(HubSpotTestbed.http(), InstantSource.system(), () -> 0, "gatepost_");
                return new HubSpotPlugin().connect(HubSpotTestbed.account(settings), tools);
            }
        };
    }

    @AfterEach
    void stopLiving() {
        living.forEach(SandboxHubSpot::close);
    }

    @Override
    public Finding finding() {
        return HubSpotTestbed.finding("614", "ada@example.com");
    }
}
