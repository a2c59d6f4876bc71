package dev.gatepost.hubspot;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.Trial;
import dev.gatepost.connector.Urgency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The call for a token, with every way it can go wrong on the wire. */
class HubSpotTokenFaultsTest {
    private static final String TOKEN = "/oauth/2026-09/token";

    @RegisterExtension
    static final WireMockExtension CRM = WireMockExtension.newInstance().build();

    private final Connector connector = new HubSpotPlugin()
            .connect(
                    new Account(
                            "con_1",
                            "62515",
                            "1160452",
                            Map.of(
                                    "api", CRM.baseUrl(),
                                    "client-id", "c",
                                    "client-secret", "s",
                                    "refresh-token", "r")),
                    HubSpotTestbed.tools(HubSpotTestbed.http()));

    @ParameterizedTest
    @EnumSource(Fault.class)
    void asksAgainLaterAfterACutConnection(Fault fault) {
        CRM.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));
        assertThat(connector.check()).isInstanceOf(Checkup.RetryLater.class);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "502 ; <html><body><h1>502 Bad Gateway</h1></body></html>",
                "400 ; <html>a proxy of somebody else</html>",
                "429 ; {\"status\":\"error\",\"errorType\":\"RATE_LIMIT\"}",
                "200 ; <html>log in to the hotel's network</html>",
                "200 ; {\"token_type\":\"bearer\"}",
                "200 ; {\"access_token\":\"two words\"}"
            })
    void neverTakesAFaultOfTheRoadForARevokedToken(int status, String body) {
        CRM.stubFor(post(TOKEN).willReturn(aResponse().withStatus(status).withBody(body)));
        assertThat(connector.check()).isInstanceOf(Checkup.RetryLater.class);
    }

    @Test
    void keepsTheRefreshTokenThatHubSpotGivesAnewWhileConnecting() {
        CRM.stubFor(any(anyUrl()).willReturn(okJson("{\"portalId\":62515,\"results\":[]}")));
        CRM.stubFor(post(TOKEN)
                .willReturn(okJson("{\"access_token\":\"a\",\"refresh_token\":\"r2\",\"expires_in\":1800}")));
        var given = Map.of("api", CRM.baseUrl(), "client-id", "c", "client-secret", "s", "refresh-token", "r");

        var ready = (Installed.Ready)
                Trial.install(new HubSpotPlugin(), given, HubSpotTestbed.tools(HubSpotTestbed.http()));

        assertThat(ready.with(given)).containsEntry("refresh-token", "r2").containsEntry("client-secret", "s");
    }

    @Test
    void holdsTheConnectionWhenTheTokenWasRevoked() {
        CRM.stubFor(post(TOKEN)
                .willReturn(aResponse()
                        .withStatus(400)
                        .withBody("{\"error\":\"invalid_grant\",\"status\":\"BAD_REFRESH_TOKEN\"}")));
        assertThat(((Checkup.Refused) connector.check()).refusal()).isEqualTo(Refusal.NEEDS_REAUTH);
    }

    @Test
    void asksOnceWithARefreshTokenThatIsDeadAndHasItErased() {
        CRM.stubFor(post(TOKEN)
                .willReturn(aResponse()
                        .withStatus(400)
                        .withBody("{\"error\":\"invalid_grant\",\"status\":\"BAD_REFRESH_TOKEN\"}")));
        var forgotten = new ArrayList<String>();
        var keeper = new ConnectorTools.SettingsKeeper() {
            @Override
            public void keep(String connectionId, Map<String, String> changed) {
                throw new IllegalStateException("nothing is given anew");
            }

            @Override
            public void forget(String connectionId, String setting, String value) {
                forgotten.add(connectionId + " " + setting + " " + value);
            }
        };
        var settings = Map.of(
                "api",
                CRM.baseUrl(),
                "client-id",
                "c",
                "client-secret",
                "s",
                "refresh-token",
                "r",
                "access-token",
                "a");
        var dead = new HubSpotPlugin()
                .connect(
                        new Account("con_1", "62515", "1160452", settings),
                        HubSpotTestbed.tools(HubSpotTestbed.http()).keptBy(keeper));
        int before = CRM.getServeEvents().getServeEvents().size();

        assertThat(dead.check()).isInstanceOf(Checkup.Refused.class);
        assertThat(dead.check()).isInstanceOf(Checkup.Refused.class);
        assertThat(dead.contacts(Urgency.REAL_TIME, List.of("1"))).isInstanceOf(Contacts.Refused.class);

        assertThat(CRM.getServeEvents().getServeEvents()).hasSize(before + 1);
        assertThat(forgotten).containsExactly("con_1 refresh-token r", "con_1 access-token a");
    }

    @Test
    void keepsARefreshTokenThatHubSpotSaysNothingAgainst() {
        CRM.stubFor(post(TOKEN)
                .willReturn(aResponse()
                        .withStatus(400)
                        .withBody("{\"error\":\"invalid_client\",\"status\":\"BAD_CLIENT_ID\"}")));
        assertThat(connector.check()).isInstanceOf(Checkup.Refused.class);
        CRM.stubFor(any(anyUrl()).willReturn(okJson("{\"portalId\":62515,\"results\":[]}")));
        CRM.stubFor(post(TOKEN).willReturn(okJson("{\"access_token\":\"a\",\"expires_in\":1800}")));
        assertThat(connector.check()).isInstanceOf(Checkup.Seen.class);
    }

    @Test
    void asksNobodyOnceTheRefreshTokenIsErased() {
        var settings = Map.of("api", CRM.baseUrl(), "client-id", "c", "client-secret", "s", "refresh-token", "");
        var ended = new HubSpotPlugin()
                .connect(
                        new Account("con_1", "62515", "1160452", settings),
                        HubSpotTestbed.tools(HubSpotTestbed.http()));
        int before = CRM.getServeEvents().getServeEvents().size();

        assertThat(ended.check())
                .isInstanceOfSatisfying(
                        Checkup.Refused.class,
                        refused -> assertThat(refused.why()).contains("connect again"));
        assertThat(ended.leave()).containsExactly("the app has no access to the portal any more");

        assertThat(CRM.getServeEvents().getServeEvents()).hasSize(before);
    }

    @Test
    void sendsEverythingInTheBodyAndNamesTheScopesThatWereNotGranted() {
        CRM.stubFor(any(anyUrl()).willReturn(okJson("{\"portalId\":62515,\"results\":[]}")));
        CRM.stubFor(post(TOKEN)
                .willReturn(okJson("{\"access_token\":\"a\",\"expires_in\":1800,\"scopes\":[\"oauth\","
                        + "\"crm.objects.contacts.read\",\"crm.objects.contacts.write\","
                        + "\"crm.schemas.contacts.read\",\"crm.schemas.contacts.write\"]}")));

        var seen = (Checkup.Seen) connector.check();

        assertThat(seen.missing()).containsExactly("automation");
        CRM.verify(postRequestedFor(urlEqualTo(TOKEN))
                .withHeader("Content-Type", containing("application/x-www-form-urlencoded"))
                .withRequestBody(containing("grant_type=refresh_token&client_id=c&client_secret=s&refresh_token=r")));
    }
}
