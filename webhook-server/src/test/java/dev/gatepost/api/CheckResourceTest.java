package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.ledger.Balance;
import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckResourceTest {

    private static final String GOOD = "{\"email\":\"jane.miller@works.sandbox-mail.com\"}";

    private ApiWorld world;

    @BeforeEach
    void start() {
        world = new ApiWorld();
        world.books().credits().grant(Workspaces.MAIN, Grant.of("grant", 5, "test"));
    }

    @AfterEach
    void stop() {
        assertThat(world.books().ledger().check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    private Balance balance() {
        return world.books().ledger().balance(Workspaces.MAIN);
    }

    @Test
    @DisplayName("C6: a page learns three words for one credit, and for none when it asks again")
    void tellsThreeWordsForACredit() {
        var first = world.page().post("/v1/check", GOOD);
        var again = world.page().post("/v1/check", GOOD);

        assertThat(first.body().toString()).isEqualTo("{\"decision\":\"accept\",\"suggestion\":\"\",\"message\":\"\"}");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(balance()).isEqualTo(new Balance(4, 0, 1));
    }

    @Test
    void tellsTheRulesMessageOfTheWorkflowThatThePageNames() {
        var made = world.with(Scope.ADMIN).post("/v1/workflows", """
                {"name": "Nobody", "rules": [{"name": "all", "when": {"status_in": ["valid"]}, "then": "reject",
                 "message": "We are full."}], "default": "accept"}""");
        var answer = world.page()
                .post(
                        "/v1/check",
                        "{\"email\":\"jane.miller@works.sandbox-mail.com\",\"workflow\":\""
                                + made.body().path("id").asText() + "\"}");

        assertThat(answer.body().path("decision").asText()).isEqualTo("reject");
        assertThat(answer.body().path("message").asText()).isEqualTo("We are full.");
    }

    @Test
    void answersTestAddressesOnTheDevelopersOwnMachineAlone() {
        var key = world.with(Scope.ADMIN)
                .post(
                        "/v1/keys",
                        "{\"name\":\"x\",\"mode\":\"pub\",\"origins\":[\"http://localhost:3000\",\"https://a.example\"]}")
                .body()
                .path("key")
                .asText();
        var page = world.client().with("Authorization", "Bearer " + key);
        var typed = "{\"email\":\"suggestion@gatepost.test\"}";

        var local = page.with("Origin", "http://localhost:3000").post("/v1/check", typed);
        assertThat(local.body().path("decision").asText()).isEqualTo("accept");
        assertThat(local.body().path("suggestion").asText()).isNotEmpty();
        assertThat(balance()).isEqualTo(new Balance(5, 0, 0));
        assertThat(page.with("Origin", "https://a.example")
                        .post("/v1/check", typed)
                        .body()
                        .path("decision")
                        .asText())
                .isEqualTo("reject");
    }

    @Test
    void letsThePageReadTheAnswerAndTheRefusals() {
        for (var answer : new ApiClient.Answer[] {
            world.page().post("/v1/check", GOOD), world.page().post("/v1/check", "{}"),
        }) {
            assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(ApiWorld.ORIGIN);
            assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
            assertThat(answer.header("Vary")).isEqualTo("Origin");
        }
    }

    @Test
    void letsBrowsersAskBeforehandForOriginsOfKeysInUseAlone() {
        var options = world.client();
        world.publishable();

        var ours = options.with("Origin", ApiWorld.ORIGIN).send("OPTIONS", "/v1/check", ApiClient.NOTHING, "");
        assertThat(ours.status()).isEqualTo(204);
        assertThat(ours.header("Access-Control-Allow-Origin")).isEqualTo(ApiWorld.ORIGIN);
        assertThat(ours.header("Access-Control-Allow-Methods")).isEqualTo("POST");
        assertThat(ours.header("Access-Control-Allow-Headers")).isEqualTo("Authorization, Content-Type");
        for (var origin :
                new String[] {"https://acme.io", "https://www.acme.io.evil.example", "null", "%", "https://%"}) {
            var other = options.with("Origin", origin).send("OPTIONS", "/v1/check", ApiClient.NOTHING, "");
            assertThat(other.code()).as(origin).isEqualTo("origin_not_allowed");
            assertThat(other.header("Access-Control-Allow-Origin")).as(origin).isEmpty();
        }
    }

    @Test
    void forgetsTheOriginsOfARevokedKey() {
        var admin = world.with(Scope.ADMIN);
        var made = admin.post("/v1/keys", "{\"name\":\"x\",\"mode\":\"pub\",\"origins\":[\"http://localhost:3000\"]}");
        var page = world.client().with("Origin", "http://localhost:3000");

        assertThat(made.body().path("rate_per_minute").asInt()).isEqualTo(120);
        assertThat(page.send("OPTIONS", "/v1/check", ApiClient.NOTHING, "").status())
                .isEqualTo(204);
        admin.delete("/v1/keys/" + made.body().path("id").asText());

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(page.send("OPTIONS", "/v1/check", ApiClient.NOTHING, "")
                                .status())
                        .isEqualTo(403));
        assertThat(page.with(
                                "Authorization",
                                "Bearer " + made.body().path("key").asText())
                        .post("/v1/check", GOOD)
                        .code())
                .isEqualTo("invalid_key");
    }

    @Test
    void refusesOtherOriginsAndPrograms() {
        var elsewhere =
                world.withPublishable().with("Origin", "https://evil.example").post("/v1/check", GOOD);

        assertThat(elsewhere.code()).isEqualTo("origin_not_allowed");
        assertThat(elsewhere.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(world.withPublishable().post("/v1/check", GOOD).code()).isEqualTo("origin_not_allowed");
        assertThat(balance()).isEqualTo(new Balance(5, 0, 0));
    }

    @Test
    void explainsToAPageWithASecretKeyWhatItNeeds() {
        var answer = world.with(Scope.VERIFY).with("Origin", ApiWorld.ORIGIN).post("/v1/check", GOOD);

        assertThat(answer.code()).isEqualTo("browser_use");
        assertThat(answer.body().path("mend").asText()).contains("publishable key");
    }

    @Test
    void refusesAVisitorWhoAsksTooOften() {
        for (var i = 0; i < Callers.VISITOR_RATE_PER_MINUTE; i++) {
            assertThat(world.page().post("/v1/check", "{}").code()).isEqualTo("missing_field");
        }
        var answer = world.page().post("/v1/check", GOOD);

        assertThat(answer.code()).isEqualTo("rate_limited");
        assertThat(answer.header("Retry-After")).matches("[1-9]\\d?");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(ApiWorld.ORIGIN);
        assertThat(balance()).isEqualTo(new Balance(5, 0, 0));
    }

    @Test
    void countsAllVisitorsOfAKeyTogetherToo() {
        var made = world.with(Scope.ADMIN)
                .post(
                        "/v1/keys",
                        "{\"name\":\"x\",\"mode\":\"pub\",\"origins\":[\"https://a.example\"],\"rate_per_minute\":1}");
        var page = world.client()
                .with("Origin", "https://a.example")
                .with("Authorization", "Bearer " + made.body().path("key").asText());

        assertThat(page.post("/v1/check", "{}").code()).isEqualTo("missing_field");
        assertThat(page.post("/v1/check", "{}").code()).isEqualTo("rate_limited");
    }

    @Test
    @DisplayName("C4: without a credit nobody is asked")
    void needsACredit() {
        for (var i = 0; i < 5; i++) {
            world.page().post("/v1/check", "{\"email\":\"nobody" + i + "@works.sandbox-mail.com\"}");
        }
        assertThat(world.page().post("/v1/check", GOOD).code()).isEqualTo("insufficient_credits");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                           | missing_field | email
            {"email":""}                                 | invalid_field | email
            {"email":7}                                  | invalid_field | email
            {"email":"a@b.example","timeout_ms":0}       | invalid_field | timeout_ms
            {"email":"a@b.example","timeout_ms":20001}   | invalid_field | timeout_ms
            {"email":"a@b.example","workflow":"none"}    | invalid_field | workflow
            {"email":"a@b.example","evidence":true}      | unknown_field | evidence
            """)
    void refusesAWrongFieldByName(String body, String code, String field) {
        var answer = world.page().post("/v1/check", body);

        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.field()).isEqualTo(field);
    }
}
