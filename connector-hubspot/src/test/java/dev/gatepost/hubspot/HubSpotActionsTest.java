package dev.gatepost.hubspot;

import static dev.gatepost.hubspot.HubSpotTestbed.NOW;
import static dev.gatepost.hubspot.HubSpotTestbed.PORTAL;
import static dev.gatepost.hubspot.HubSpotTestbed.SECRET;
import static dev.gatepost.hubspot.HubSpotTestbed.account;
import static dev.gatepost.hubspot.HubSpotTestbed.finding;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.Answer;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Errand.Answered;
import dev.gatepost.connector.Reply.Outcome;
import dev.gatepost.hubspot.HubSpotSignature.Older;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSpotActionsTest {
    private static final String URL = "https://verify.example.com/hooks/hubspot/1160452/actions/verify-email";

    private final FakeReception reception =
            new FakeReception(HubSpotTestbed.tools(HubSpotTestbed.http()), NOW, account(Map.of()));

    private static String execution(String portal, String email, String more) {
        return """
                {"callbackId":"ap-102670506-56776413549-7-0",
                 "origin":{"portalId":%s,"actionDefinitionId":10646377,"actionDefinitionVersion":1},
                 "context":{"source":"WORKFLOWS","workflowId":192814114,"actionId":3},
                 "object":{"objectId":904,"objectType":"CONTACT"},
                 "inputFields":{"email":"%s"%s}}""".formatted(portal, email, more);
    }

    private static String execution() {
        return execution(PORTAL, "a@example.org", "");
    }

    private static Delivery signed(String secret, String body) {
        try {
            var timestamp = Long.toString(NOW.toEpochMilli());
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            var signature =
                    Base64.getEncoder().encodeToString(mac.doFinal(("POST" + URL + body + timestamp).getBytes(UTF_8)));
            return HubSpotTestbed.delivery(
                    "POST",
                    URL,
                    body,
                    Map.of("X-HubSpot-Signature-v3", signature, "X-HubSpot-Request-Timestamp", timestamp));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode outputs(String body) {
        var answer = HubSpotActions.verify(signed(SECRET, body), reception);
        assertThat(answer.status()).isEqualTo(200);
        return json(answer).path("outputFields");
    }

    private static JsonNode json(Answer answer) {
        return CrmJson.read(answer.body().getBytes(UTF_8)).orElseThrow();
    }

    @Test
    void answersWithOutputsToBranchOn() {
        reception.answer = _ -> new Answered.Now(new Outcome.Found(finding("904", "a@example.org")));

        assertThat(outputs(execution()).toString())
                .isEqualTo("{\"status\":\"valid\",\"label\":\"role\",\"score\":\"80\",\"decision\":\"flag\","
                        + "\"reason\":\"accepted\",\"suggestion\":\"\",\"errorCode\":\"\","
                        + "\"hs_execution_state\":\"SUCCESS\"}");
        var errand = reception.errands.getFirst();
        assertThat(errand.connectionId()).isEqualTo("con_1");
        assertThat(errand.objectId()).isEqualTo("904");
        assertThat(errand.email()).isEqualTo("a@example.org");
        assertThat(errand.callback()).isEqualTo("ap-102670506-56776413549-7-0");
        assertThat(errand.patience()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void saysRejectedWhenTheRulesReject() {
        reception.answer = _ -> new Answered.Now(
                new Outcome.Found(finding("904", "a@example.org").withDecision("reject")));

        var outputs = outputs(execution());

        assertThat(outputs.path("errorCode").asText()).isEqualTo("REJECTED");
        assertThat(outputs.path("hs_execution_state").asText()).isEqualTo("SUCCESS");
    }

    @Test
    void hasHubSpotWaitWhenTheVerdictTakesLonger() {
        reception.answer = _ -> new Answered.Later();

        var outputs = outputs(execution());

        assertThat(outputs.path("hs_execution_state").asText()).isEqualTo("BLOCK");
        assertThat(Duration.parse(outputs.path("hs_expiration_duration").asText()))
                .isGreaterThan(Duration.ofMinutes(81));
    }

    @Test
    void tellsTheReasonOfAFailureAsAnOutput() {
        reception.answer = _ -> new Answered.Now(new Outcome.Failed("no_credits"));

        var outputs = outputs(execution());

        assertThat(outputs.path("errorCode").asText()).isEqualTo("NO_CREDITS");
        assertThat(outputs.path("hs_execution_state").asText()).isEqualTo("FAIL_CONTINUE");
    }

    @Test
    void asksHubSpotToComeAgainWhenTooMuchIsUnderWay() {
        reception.answer = _ -> new Answered.Busy(Duration.ofSeconds(10));

        var answer = HubSpotActions.verify(signed(SECRET, execution()), reception);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.headers()).as("milliseconds, as the guide says").containsEntry("Retry-After", "10000");
    }

    @ParameterizedTest(name = "{1}: {2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"email\":\"\"} ; NO_EMAIL ; an empty address",
                "{} ; NO_EMAIL ; no address",
                "{\"email\":\"a@example.org\",\"workflow\":\"gone\"} ; UNKNOWN_WORKFLOW ; a workflow that was deleted"
            })
    void answersWhatCannotBeVerifiedWithAReason(String inputs, String errorCode, String why) {
        var body = execution().replaceFirst("\"inputFields\":\\{[^}]*}", "\"inputFields\":" + inputs);

        var outputs = outputs(body);

        assertThat(outputs.path("errorCode").asText()).as(why).isEqualTo(errorCode);
        assertThat(outputs.path("hs_execution_state").asText()).isEqualTo("FAIL_CONTINUE");
        assertThat(reception.errands).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "not json", "{\"callbackId\":\"x\",\"origin\":{\"portalId\":62515}}"})
    void answersWhatLacksItsPartsWithAReasonToo(String body) {
        assertThat(outputs(body).path("errorCode").asText()).isEqualTo("BAD_INPUT");
    }

    @Test
    void takesContactsOnly() {
        assertThat(outputs(execution().replace("CONTACT", "DEAL"))
                        .path("errorCode")
                        .asText())
                .isEqualTo("BAD_INPUT");
    }

    @Test
    void judgesByTheWorkflowThatWasChosen() {
        outputs(execution(PORTAL, "a@example.org", ",\"workflow\":\"wf_2\""));

        assertThat(reception.errands.getFirst().workflow()).isEqualTo("wf_2");
    }

    @Test
    void refusesForgedRequests() {
        assertThat(HubSpotActions.verify(signed("other", execution()), reception)
                        .status())
                .isEqualTo(401);
        assertThat(HubSpotActions.verify(HubSpotTestbed.delivery("POST", URL, execution(), Map.of()), reception)
                        .status())
                .isEqualTo(401);
        assertThat(reception.errands).isEmpty();
    }

    @Test
    void spendsNobodysCreditsForThePortalOfAnotherSecret() {
        reception.accounts.add(new Account("con_2", "4711", HubSpotTestbed.APP_ID, Map.of("client-secret", "theirs")));

        var answer = HubSpotActions.verify(signed("theirs", execution()), reception);

        assertThat(json(answer).path("outputFields").path("errorCode").asText()).isEqualTo("NOT_CONNECTED");
        assertThat(reception.errands).isEmpty();
    }

    @Test
    void answersAnUnknownAppAsAnUnknownPath() {
        reception.accounts.clear();
        assertThat(HubSpotActions.verify(signed(SECRET, execution()), reception).status())
                .isEqualTo(404);
    }

    @Test
    void acceptsVersion2OnlyForAnAccountThatSaysSo() {
        var body = execution();
        var hash = ByteString.encodeUtf8(SECRET + "POST" + URL + body).sha256().hex();
        var delivery = HubSpotTestbed.delivery(
                "POST", URL, body, Map.of("X-HubSpot-Signature", hash, "X-HubSpot-Signature-Version", "v2"));
        assertThat(HubSpotSignature.isSignedWith(SECRET, delivery, Older.V2)).isTrue();
        assertThat(HubSpotActions.verify(delivery, reception).status()).isEqualTo(401);

        reception.accounts.set(0, account(new HashMap<>(Map.of("accept-v2", "true"))));

        assertThat(HubSpotActions.verify(delivery, reception).status()).isEqualTo(200);
    }

    @Test
    void offersTheCustomersWorkflowsInADropDown() {
        var body = "{\"origin\":{\"portalId\":" + PORTAL
                + "},\"inputFieldName\":\"workflow\",\"fetchOptions\":{\"q\":\"pay\"}}";

        var answer = json(HubSpotActions.workflows(signed(SECRET, body), reception));

        assertThat(answer.path("options").toString())
                .isEqualTo("[{\"label\":\"Paying users\",\"description\":\"Paying users\",\"value\":\"wf_2\"}]");
        assertThat(HubSpotActions.workflows(signed("other", body), reception).status())
                .isEqualTo(401);
    }
}
