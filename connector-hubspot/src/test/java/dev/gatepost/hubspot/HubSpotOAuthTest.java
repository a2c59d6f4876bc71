package dev.gatepost.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.CallBudgets;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Refusal;
import dev.gatepost.hubspot.sandbox.SandboxApp;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** OAuth against the sandbox: from the admin's yes to the day the app is taken out of the portal. */
class HubSpotOAuthTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-02T09:30:00Z"));
    private final InstantSource clock = now::get;
    private final SandboxHubSpot hubSpot = SandboxHubSpot.start(SandboxApp.standard(), 0, clock);
    private final List<Map<String, String>> kept = new ArrayList<>();
    private final ConnectorTools tools = new ConnectorTools(
            HubSpotTestbed.http(),
            clock,
            new SecureRandom(),
            new CallBudgets(clock),
            (_, changed) -> kept.add(changed),
            "gatepost_");
    private final FakeReception reception = new FakeReception(tools, clock.instant());

    @AfterEach
    void stop() {
        hubSpot.close();
    }

    private Delivery request(String method, String path, String body) {
        return new Delivery(
                method,
                "https://verify.example.com/connect/hubspot/" + path,
                "",
                Map.of(),
                ByteString.encodeUtf8(body),
                clock.instant());
    }

    private String consentUrl() {
        var app = hubSpot.app();
        var body = CrmJson.object()
                .put("app-id", Long.toString(app.appId()))
                .put("client-id", app.clientId())
                .put("client-secret", app.clientSecret())
                .put("api", hubSpot.baseUrl());
        var answer = HubSpotConnect.start(request("POST", "start", body.toString()), reception);
        assertThat(answer.status()).isEqualTo(200);
        return CrmJson.read(ByteString.encodeUtf8(answer.body()).toByteArray())
                .orElseThrow()
                .path("url")
                .asText();
    }

    /** What the admin's browser does at HubSpot: says yes, and is sent back. */
    private static String agree(String url) throws IOException {
        var browser = new OkHttpClient.Builder().followRedirects(false).build();
        try (var response =
                browser.newCall(new Request.Builder().url(url).build()).execute()) {
            return Objects.requireNonNull(response.header("Location"));
        }
    }

    private Connector connected() throws IOException {
        var back = agree(consentUrl());
        var answer = HubSpotConnect.callback(request("GET", back.substring(back.indexOf("callback")), ""), reception);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        var portal = Long.toString(hubSpot.app().portalId());
        return new HubSpotPlugin()
                .connect(new Account("con_1", portal, "1160452", reception.connected.getFirst()), tools);
    }

    @Test
    void asksForJustTheScopesOfTheProjectWithAStateAndAChallenge() {
        var url = HttpUrl.get(consentUrl());
        assertThat(url.queryParameter("scope"))
                .isEqualTo("oauth crm.objects.contacts.read crm.objects.contacts.write crm.schemas.contacts.read"
                        + " crm.schemas.contacts.write automation");
        assertThat(url.queryParameter("redirect_uri")).isEqualTo("https://verify.example.com/connect/hubspot/callback");
        assertThat(reception.tickets).containsKey(url.queryParameter("state"));
        assertThat(url.queryParameter("code_challenge")).hasSize(43);
        assertThat(url.toString()).doesNotContain(hubSpot.app().clientSecret());
    }

    /** RFC 7636, appendix B. */
    @Test
    void makesTheChallengeOfTheRfc() {
        assertThat(HubSpotOAuth.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
                .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    @Test
    void sendsTheAdminToHubSpotsOwnPageInProduction() {
        var url = HubSpotOAuth.consentUrl(
                HttpUrl.get("https://api.hubapi.com"),
                "id",
                "https://v.example.com/connect/hubspot/callback",
                "s",
                "v");
        assertThat(url)
                .startsWith("https://app.hubspot.com/oauth/authorize?client_id=id&redirect_uri=https%3A%2F%2Fv.");
    }

    @Test
    void connectsAPortalAndInstallsOurFields() throws IOException {
        var connector = connected();

        assertThat(connector.check()).isInstanceOf(Checkup.Seen.class);
        assertThat(hubSpot.calls()).containsKey("POST properties");
        assertThat(hubSpot.tokenRefreshes())
                .as("the first token does for the start")
                .isZero();
    }

    @Test
    void takesEachStateOnce() throws IOException {
        var back = agree(consentUrl());
        var request = request("GET", back.substring(back.indexOf("callback")), "");
        assertThat(HubSpotConnect.callback(request, reception).status()).isEqualTo(200);
        assertThat(HubSpotConnect.callback(request, reception).status()).isEqualTo(400);
        assertThat(reception.connected).hasSize(1);
    }

    @Test
    void connectsNothingWithoutAStateOfOurs() {
        var answer = HubSpotConnect.callback(request("GET", "callback?code=abc&state=guessed", ""), reception);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(hubSpot.calls()).isEmpty();
    }

    @Test
    void refusesAForeignCode() {
        var state = HttpUrl.get(consentUrl()).queryParameter("state");
        var answer = HubSpotConnect.callback(request("GET", "callback?code=stolen&state=" + state, ""), reception);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("BAD_AUTH_CODE");
    }

    @Test
    void tellsWhenTheAdminSaysNo() {
        var state = HttpUrl.get(consentUrl()).queryParameter("state");
        var answer =
                HubSpotConnect.callback(request("GET", "callback?error=access_denied&state=" + state, ""), reception);
        assertThat(answer.body()).contains("access_denied");
        assertThat(reception.connected).isEmpty();
    }

    @Test
    void saysWhatIsMissingToStart() {
        var answer = HubSpotConnect.start(request("POST", "start", "{\"app-id\":\"1\"}"), reception);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("client-id", "client-secret");
    }

    @Test
    void connectsOneMorePortalOfAnAppItKnows() throws IOException {
        connected();
        reception.accounts.add(new Account("con_1", "1", "1160452", reception.connected.getFirst()));

        var answer = HubSpotConnect.again(request("GET", "start?app=1160452", ""), reception);

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.headers().get("Location")).startsWith(hubSpot.baseUrl() + "/oauth/authorize?");
        assertThat(reception.tickets.values())
                .allSatisfy(remembered -> assertThat(remembered).doesNotContain("refresh-token", "access-token"));
        assertThat(HubSpotConnect.again(request("GET", "start?app=7", ""), reception)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void renewsTheTokenFiveMinutesEarlyAndForAllAtOnce() throws Exception {
        var connector = connected();
        now.set(clock.instant().plus(Duration.ofMinutes(24)));
        connector.check();
        assertThat(hubSpot.tokenRefreshes()).isZero();

        now.set(clock.instant().plus(Duration.ofMinutes(1)));
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofVirtual().start(connector::check));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(hubSpot.tokenRefreshes()).isEqualTo(1);
    }

    @Test
    void renewsOnceWhenHubSpotCallsTheTokenExpired() throws IOException {
        var connector = connected();
        hubSpot.expireAccessTokens();

        assertThat(connector.check()).isInstanceOf(Checkup.Seen.class);
        assertThat(hubSpot.tokenRefreshes()).isEqualTo(1);
    }

    @Test
    void isDisconnectedWhenTheAppWasTakenOut() throws IOException {
        var connector = connected();
        hubSpot.uninstallApp();

        var refused = (Checkup.Refused) connector.check();

        assertThat(refused.refusal()).isEqualTo(Refusal.NEEDS_REAUTH);
        assertThat(refused.why()).contains("BAD_REFRESH_TOKEN", "connect again");
        assertThat(hubSpot.calls().get("POST token"))
                .as("code, then one try to renew")
                .isEqualTo(2);
    }

    @Test
    void takesItselfOutOfThePortal() throws IOException {
        var connector = connected();
        assertThat(hubSpot.isAppInstalled()).isTrue();

        connector.leave();

        assertThat(hubSpot.isAppInstalled()).isFalse();
    }
}
