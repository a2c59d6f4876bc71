package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Finding;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.egress.Purpose;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;
import okio.ByteString;

/** What several tests of this connector start from. */
final class HubSpotTestbed {
    static final Instant NOW = Instant.parse("2026-11-02T09:30:00Z");
    static final String URL = "https://verify.example.com/hooks/hubspot/1160452";
    static final String SECRET = "5a6d0b0e-0000-4000-8000-testsecret";
    static final String APP_ID = "1160452";
    static final String PORTAL = "62515";

    private HubSpotTestbed() {}

    /** As the product makes it, with loopback open. */
    static OkHttpClient http(String rules) {
        return new Egress(EgressRules.parse(rules), InstantSource.system()).http(Purpose.CRM, host -> {
            throw new UnknownHostException(host);
        });
    }

    static OkHttpClient http() {
        return http("crm=127.0.0.0/8");
    }

    static ConnectorTools tools(OkHttpClient http) {
        return new ConnectorTools(http, InstantSource.fixed(NOW), () -> 0, "gatepost_");
    }

    static Account account(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                HubSpotPlugin.APP_ID, APP_ID, HubSpotPlugin.CLIENT_SECRET, SECRET, HubSpotPlugin.TOKEN, "pat-test"));
        settings.putAll(more);
        return new Account("con_1", PORTAL, APP_ID, settings);
    }

    static Connector connector(String api) {
        return connector(api, http());
    }

    static Connector connector(String api, OkHttpClient http) {
        return new HubSpotPlugin().connect(account(Map.of(HubSpotPlugin.API, api)), tools(http));
    }

    /** A client that waits only so long; the product's waits 20 seconds. */
    static OkHttpClient impatient(Duration callTimeout) {
        return http().newBuilder().callTimeout(callTimeout).build();
    }

    static Delivery delivery(String body, Map<String, String> headers) {
        return delivery("POST", URL, body, headers);
    }

    static Delivery delivery(String method, String url, String body, Map<String, String> headers) {
        var byLowerCaseName = headers.entrySet().stream()
                .collect(Collectors.toMap(h -> h.getKey().toLowerCase(Locale.ROOT), h -> List.of(h.getValue())));
        return new Delivery(method, url, APP_ID, byLowerCaseName, ByteString.encodeUtf8(body), NOW);
    }

    static Finding finding(String id, String email) {
        return new Finding(
                id,
                email,
                "role",
                "valid",
                80,
                "accepted",
                "flag",
                false,
                false,
                true,
                "",
                Instant.parse("2026-11-02T09:29:59.123456Z"));
    }

    static String payload(String name) {
        try (var in = HubSpotTestbed.class.getResourceAsStream("/payloads/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
