package dev.gatepost.activecampaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Installed;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.egress.Purpose;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import okio.ByteString;

/** What several tests of this connector start from. */
final class Testbed {
    static final Instant NOW = Instant.parse("2026-11-02T09:30:00Z");
    static final String PUBLIC_URL = "http://127.0.0.1:9";
    static final String ACCOUNT = "acme.api-us1.com";
    static final HookAddress ADDRESS =
            new HookAddress("00112233aabbccdd", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");

    private Testbed() {}

    /** As the product makes it, with loopback open. */
    static OkHttpClient http(String rules) {
        return new Egress(EgressRules.parse(rules), InstantSource.system()).http(Purpose.CRM, host -> {
            throw new UnknownHostException(host);
        });
    }

    static OkHttpClient http() {
        return http("crm=127.0.0.0/8");
    }

    static ConnectorTools tools() {
        return tools(hurried(), PUBLIC_URL);
    }

    /** A clock on which a second passes with every look, so that no test waits for room within the account's limit. */
    static InstantSource hurried() {
        var looks = new AtomicLong();
        return () -> Instant.now().plusSeconds(looks.incrementAndGet());
    }

    static ConnectorTools tools(InstantSource clock, String publicUrl) {
        return new ConnectorTools(http(), clock, () -> 0, "gatepost_").calledAt(() -> publicUrl);
    }

    static Account account(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(ADDRESS.settings());
        settings.put(ActiveCampaignPlugin.URL, "https://" + ACCOUNT);
        settings.put(ActiveCampaignPlugin.KEY, "test-key");
        settings.putAll(more);
        return new Account("con_1", ACCOUNT, ADDRESS.key(), settings);
    }

    static Connector connector(String url, Map<String, String> more) {
        var settings = new HashMap<>(more);
        settings.put(ActiveCampaignPlugin.URL, url);
        return new ActiveCampaignPlugin().connect(account(settings), tools());
    }

    static Delivery delivery(String body) {
        return delivery(body, ADDRESS.tail(), "application/x-www-form-urlencoded");
    }

    static Delivery delivery(String body, String tail, String contentType) {
        return new Delivery(
                "POST",
                "https://verify.example.com/hooks/activecampaign/" + tail,
                ADDRESS.key(),
                Map.of("content-type", List.of(contentType)),
                ByteString.encodeUtf8(body),
                NOW);
    }

    static Finding finding(String id, String email, String label, String decision) {
        return new Finding(
                id,
                email,
                label,
                "valid",
                80,
                "accepted",
                decision,
                false,
                false,
                true,
                "",
                Instant.parse("2026-11-02T09:29:59.123456Z"));
    }

    static Finding finding(String id, String email) {
        return finding(id, email, "role", "flag");
    }

    /** What installing kept. */
    static Map<String, String> kept(Installed installed) {
        if (installed instanceof Installed.Ready ready) {
            return ready.keep();
        }
        throw new AssertionError("not installed: " + installed);
    }

    static String payload(String name) {
        try (var in = Testbed.class.getResourceAsStream("/payloads/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
