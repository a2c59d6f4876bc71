package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.intake.TestAddresses;
import dev.gatepost.ledger.Balance;
import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyResourceTest {

    private static final String GOOD = "{\"email\":\"jane.miller@works.sandbox-mail.com\"}";

    private ApiWorld world;
    private ApiClient client;

    @BeforeEach
    void start() {
        world = new ApiWorld(List.of(), Map.of("GATEPOST_SMTP_RECHECK", "1s,2s,4s,8s,16s,32s"));
        client = world.with(Scope.VERIFY, Scope.READ);
    }

    @AfterEach
    void stop() {
        assertThat(world.books().ledger().check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    private void grant(long credits) {
        world.books().credits().grant(Workspaces.MAIN, Grant.of("grant-" + credits, credits, "test"));
    }

    private Balance balance() {
        return world.books().ledger().balance(Workspaces.MAIN);
    }

    @Test
    @DisplayName("C5: a verification, its decision, its credit and its usage row come together")
    void verifiesDecidesAndCharges() {
        grant(5);

        var answer = client.post("/v1/verify", "{\"email\":\"jane.miller@works.sandbox-mail.com\",\"evidence\":true}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("status").asText()).isEqualTo("valid");
        assertThat(answer.body().path("decision").asText()).isEqualTo("accept");
        assertThat(answer.body().path("billing").asText()).isEqualTo("charged");
        assertThat(answer.body().path("credits_charged").asInt()).isEqualTo(1);
        assertThat(answer.body().path("evidence").toString()).contains("recipient_answered");
        assertThat(balance()).isEqualTo(new Balance(4, 0, 1));
        assertThat(usage()).containsExactly("api charged 1");
        var id = answer.body().path("id").asText();
        assertThat(client.get("/v1/verifications/" + id + "?evidence=true").body())
                .isEqualTo(answer.body());
    }

    private List<String> usage() {
        return world.books()
                .database()
                .read(handle -> handle.createQuery(
                                "select source || ' ' || billing || ' ' || credits from usage_log order by verification_id")
                        .mapTo(String.class)
                        .list());
    }

    @Test
    @DisplayName("C6: the same address within the freshness window is reused and costs nothing")
    void reusesWhatItKnows() {
        grant(5);
        var first = client.post("/v1/verify", GOOD).body();
        var sessions = world.mail.hostOf("works.sandbox-mail.com").sessions();

        var again = client.get("/v1/verify?email=Jane.Miller%40WORKS.sandbox-mail.com")
                .body();

        assertThat(again.path("billing").asText()).isEqualTo("reused");
        assertThat(again.path("credits_charged").asInt()).isZero();
        assertThat(again.path("verified_at")).isEqualTo(first.path("verified_at"));
        assertThat(again.path("valid_until").asText())
                .isLessThanOrEqualTo(first.path("valid_until").asText());
        assertThat(again.path("id")).isNotEqualTo(first.path("id"));
        assertThat(world.mail.hostOf("works.sandbox-mail.com").sessions()).isEqualTo(sessions);
        assertThat(balance()).isEqualTo(new Balance(4, 0, 1));
        assertThat(client.get("/v1/verifications/" + again.path("id").asText()).body())
                .isEqualTo(again);
    }

    @Test
    @DisplayName("C4: without a credit the answer is 402 and nothing is asked of anybody")
    void refusesWithoutCreditsBeforeAnyTraffic() {
        var answer = client.with("Idempotency-Key", "poor").post("/v1/verify", GOOD);

        assertThat(answer.status()).isEqualTo(402);
        assertThat(answer.code()).isEqualTo("insufficient_credits");
        assertThat(world.mail.hostOf("works.sandbox-mail.com").sessions()).isZero();
        assertThat(usage()).containsExactly("api insufficient_credits 0");
        grant(1);
        assertThat(client.with("Idempotency-Key", "poor")
                        .post("/v1/verify", GOOD)
                        .status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("C6: unknown costs nothing")
    void chargesNothingForUnknown() {
        grant(1);

        var answer = client.post("/v1/verify", "{\"email\":\"jane@blocks.sandbox-mail.com\"}")
                .body();

        assertThat(answer.path("status").asText()).isEqualTo("unknown");
        assertThat(answer.path("billing").asText()).isIn("not_charged_unknown", "reserved");
        assertThat(balance().spent()).isZero();
    }

    @Test
    @DisplayName("C3, C4: fifty calls at once on a balance of one charge exactly one")
    void neverSpendsACreditTwice() throws Exception {
        grant(1);
        var calls = new ArrayList<Callable<ApiClient.Answer>>();
        for (var i = 0; i < 50; i++) {
            var email = "person" + i + "@works.sandbox-mail.com";
            calls.add(() -> client.post("/v1/verify", "{\"email\":\"" + email + "\"}"));
        }
        var statuses = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var each : threads.invokeAll(calls)) {
                statuses.add(each.get().status());
            }
        }

        assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
        assertThat(statuses).filteredOn(status -> status == 402).hasSize(49);
        assertThat(balance()).isEqualTo(new Balance(0, 0, 1));
    }

    @Test
    @DisplayName("K1, K2: twenty same requests at once with one Idempotency-Key verify once")
    void verifiesOnceForOneIdempotencyKey() throws Exception {
        grant(5);
        var keyed = client.with("Idempotency-Key", "order 17");
        var calls = new ArrayList<Callable<ApiClient.Answer>>();
        for (var i = 0; i < 20; i++) {
            calls.add(() -> keyed.post("/v1/verify", GOOD));
        }
        var bodies = new HashSet<Object>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var each : threads.invokeAll(calls)) {
                if (each.get().status() == 200) {
                    bodies.add(each.get().body());
                } else {
                    assertThat(each.get().code()).isEqualTo("still_running");
                    assertThat(each.get().header("Retry-After")).isEqualTo("1");
                }
            }
        }

        var replayed = keyed.post("/v1/verify", GOOD);
        assertThat(replayed.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(bodies).containsExactly(replayed.body());
        assertThat(balance()).isEqualTo(new Balance(4, 0, 1));
        assertThat(keyed.post("/v1/verify", "{\"email\":\"other@works.sandbox-mail.com\"}")
                        .code())
                .isEqualTo("idempotency_mismatch");
    }

    @Test
    void answersInTimeAndFinishesLater() {
        var test = world.with(Workspaces.MAIN, KeyKind.TEST, Scope.VERIFY, Scope.READ);

        var interim = test.post("/v1/verify", "{\"email\":\"slow@gatepost.test\",\"timeout_ms\":50}")
                .body();

        assertThat(interim.path("reason").asText()).isEqualTo("in_progress");
        assertThat(interim.path("final").asBoolean()).isFalse();
        var path = "/v1/verifications/" + interim.path("id").asText();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> test.get(path).body().path("final").asBoolean());
        assertThat(test.get(path).body().path("status").asText()).isEqualTo("valid");
    }

    @Test
    @DisplayName(
            "A slow mail host: the answer comes by the deadline, the reservation is settled when the whole is known")
    void settlesWhatGoesOn() {
        grant(1);

        var interim = client.post("/v1/verify", "{\"email\":\"jane.miller@works.sandbox-mail.com\",\"timeout_ms\":1}")
                .body();

        var path = "/v1/verifications/" + interim.path("id").asText();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.get(path).body().path("final").asBoolean());
        assertThat(client.get(path).body().path("status").asText()).isEqualTo("valid");
        assertThat(client.get(path).body().path("billing").asText()).isEqualTo("charged");
        assertThat(balance()).isEqualTo(new Balance(0, 0, 1));
        assertThat(usage()).containsExactly("api charged 1");
    }

    @Test
    @DisplayName(
            "K3, P3: what a killed process left after its reservation is finished, charged once, and its Idempotency-Key"
                    + " answered")
    void finishesWhatAKilledProcessLeft() {
        grant(1);
        var id = "01kb0x5s8r3f6v9y2m4p7q0t1w";
        leaveBehind(id);

        var path = "/v1/verifications/" + id;
        await().atMost(Duration.ofSeconds(60)).until(() -> client.get(path).status() == 200);

        assertThat(client.get(path).body().path("billing").asText()).isEqualTo("charged");
        assertThat(balance()).isEqualTo(new Balance(0, 0, 1));
        var states = world.books()
                .database()
                .read(handle -> handle.createQuery("select state from idempotency")
                        .mapTo(String.class)
                        .list());
        assertThat(states).containsExactly("done");
        int open = world.books()
                .database()
                .<Integer>read(handle -> handle.createQuery("select count(*) from realtime")
                        .mapTo(Integer.class)
                        .one());
        assertThat(open).isZero();
    }

    /** As it stands after the first of the two commits, when its time to be taken up has come. */
    private void leaveBehind(String id) {
        world.books().database().write(handle -> {
            world.books().idempotency().take(handle, new Asked(Workspaces.MAIN, "POST /v1/verify", "lost", "hash"), id);
            world.books().ledger().post(handle, Workspaces.MAIN, posting -> posting.reserve("api:main:" + id, id));
            return handle.execute(
                    "insert into realtime (verification_id, workspace_id, key_id, email, workflow_id, checks, started_at,"
                            + " due_at) values (?, 'main', 'k', 'jane.miller@works.sandbox-mail.com', 'standard', 0, 1, 1)",
                    id);
        });
    }

    @Test
    @DisplayName("A greylisted address is asked again on schedule, and its credit settled then")
    void asksAgainOnSchedule() {
        grant(1);
        var first = client.post("/v1/verify", "{\"email\":\"jane@greylists.sandbox-mail.com\"}")
                .body();
        assertThat(first.path("reason").asText()).isEqualTo("greylisted");
        assertThat(first.path("billing").asText()).isEqualTo("reserved");
        assertThat(balance()).isEqualTo(new Balance(0, 1, 0));

        var path = "/v1/verifications/" + first.path("id").asText();
        await().atMost(Duration.ofMinutes(2))
                .until(() -> client.get(path).body().path("final").asBoolean());
        assertThat(client.get(path).body().path("status").asText()).isEqualTo("valid");
        assertThat(balance()).isEqualTo(new Balance(0, 0, 1));
    }

    @Test
    void answersTestKeysFromTheTableForNothing() {
        var test = world.with(Workspaces.MAIN, KeyKind.TEST, Scope.VERIFY, Scope.READ);
        var reasons = new HashSet<String>();
        var traits = new HashSet<String>();
        var statuses = new HashSet<String>();
        for (var word : TestAddresses.words()) {
            var answer = test.post(
                            "/v1/verify",
                            "{\"email\":\"" + word + "@gatepost.test\",\"timeout_ms\":"
                                    + (word.equals("slow") ? 20 : 20_000) + "}")
                    .body();
            assertThat(answer.path("billing").asText()).isEqualTo("test");
            reasons.add(answer.path("reason").asText());
            statuses.add(answer.path("status").asText());
            for (var trait : Trait.values()) {
                if (answer.path(trait.word()).asBoolean()) {
                    traits.add(trait.word());
                }
            }
            for (var reason : Reason.values()) {
                if (reason.code().equals(word)) {
                    assertThat(answer.path("reason").asText()).isEqualTo(word);
                }
            }
        }

        assertThat(reasons).hasSize(Reason.values().length);
        assertThat(traits).hasSize(Trait.values().length);
        assertThat(statuses).hasSize(Status.values().length);
        assertThat(balance()).isEqualTo(Balance.EMPTY);
        assertThat(world.mail.hostOf("works.sandbox-mail.com").sessions()).isZero();
        assertThat(test.post("/v1/verify", "{\"email\":\"no address\"}")
                        .body()
                        .path("reason")
                        .asText())
                .isEqualTo("invalid_syntax");
        assertThat(test.post("/v1/verify", GOOD).body().path("reason").asText()).isEqualTo("offline");
    }

    @Test
    void keepsWhatTestKeysDidApartFromTheRest() {
        grant(2);
        var test = world.with(Workspaces.MAIN, KeyKind.TEST, Scope.VERIFY, Scope.READ);
        var tested = test.post("/v1/verify", GOOD).body().path("id").asText();
        var real = client.post("/v1/verify", GOOD).body();

        assertThat(real.path("billing").asText()).isEqualTo("charged");
        assertThat(client.get("/v1/verifications/" + tested).code()).isEqualTo("not_found");
        assertThat(test.get("/v1/verifications/" + real.path("id").asText()).code())
                .isEqualTo("not_found");
        assertThat(client.get("/v1/verifications").body().path("data")).hasSize(1);
        assertThat(test.get("/v1/verifications").body().path("data")).hasSize(1);
        assertThat(world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.READ)
                        .get("/v1/verifications/" + real.path("id").asText())
                        .code())
                .isEqualTo("not_found");
    }

    @Test
    void listsByAddressLabelAndWorkflowInPages() {
        var test = world.with(Workspaces.MAIN, KeyKind.TEST, Scope.VERIFY, Scope.READ);
        for (var word : List.of("valid", "invalid", "role", "free", "valid")) {
            test.post("/v1/verify", "{\"email\":\"" + word + "@gatepost.test\"}");
        }

        assertThat(test.get("/v1/verifications?label=valid").body().path("data"))
                .hasSize(2);
        assertThat(test.get("/v1/verifications?email=ROLE%40gatepost.test")
                        .body()
                        .path("data"))
                .hasSize(1);
        assertThat(test.get("/v1/verifications?workflow=standard").body().path("data"))
                .hasSize(5);
        assertThat(test.get("/v1/verifications?workflow=none").body().path("data"))
                .isEmpty();
        var page = test.get("/v1/verifications?limit=3").body();
        assertThat(page.path("data")).hasSize(3);
        var rest = test.get(
                        "/v1/verifications?limit=3&after=" + page.path("next").asText())
                .body();
        assertThat(rest.path("data")).hasSize(2);
        assertThat(rest.path("next").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                            | missing_field | email
            {"email":""}                                  | invalid_field | email
            {"email":null}                                | missing_field | email
            {"email":["a@b.io"]}                          | invalid_field | email
            {"email":"a@b.io","timeout_ms":0}             | invalid_field | timeout_ms
            {"email":"a@b.io","timeout_ms":60001}         | invalid_field | timeout_ms
            {"email":"a@b.io","timeout_ms":"5"}           | invalid_field | timeout_ms
            {"email":"a@b.io","evidence":"yes"}           | invalid_field | evidence
            {"email":"a@b.io","workflow":"no such one"}   | invalid_field | workflow
            {"email":"a@b.io","Email":"a@b.io"}           | unknown_field | Email
            """)
    void refusesAWrongFieldByName(String body, String code, String field) {
        var answer = client.post("/v1/verify", body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.field()).isEqualTo(field);
        assertThat(balance()).isEqualTo(Balance.EMPTY);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/verifications?label=good, label",
        "/v1/verify?email=a%40b.io&evidence=1, evidence",
        "/v1/verify?email=a%40b.io&timeout_ms=-1, timeout_ms",
        "/v1/verify, email"
    })
    void refusesAWrongParameterByName(String path, String field) {
        var answer = client.get(path);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.field()).isEqualTo(field);
    }
}
