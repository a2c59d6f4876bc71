package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.ledger.Balance;
import dev.gatepost.ledger.Grant;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Fresh checks by API: {@code "fresh": true}, and verifying something stored once more. */
class FreshChecksResourceTest {
    private static final String GOOD = "{\"email\":\"jane.miller@works.sandbox-mail.com\"}";
    private static final String FRESH = "{\"email\":\"jane.miller@works.sandbox-mail.com\",\"fresh\":true}";

    private ApiWorld world;
    private ApiClient client;

    @BeforeEach
    void start() {
        world = new ApiWorld();
        client = world.with(Scope.VERIFY);
        world.books().credits().grant(Workspaces.MAIN, Grant.of("start", 10, ""));
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private Balance balance() {
        return world.books().ledger().balance(Workspaces.MAIN);
    }

    private static String id(ApiClient.Answer answer) {
        return answer.body().path("verification").asText();
    }

    private void awaitSpent(long spent) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(balance()).isEqualTo(new Balance(10 - spent, 0, spent)));
    }

    @Test
    @DisplayName("C3: fresh asks again within the window and is charged; without it the newest answer is reused")
    void asksAgainAndCharges() {
        var first = client.post("/v1/verify", GOOD).body();
        var fresh = client.post("/v1/verify", FRESH).body();
        var reused = client.get("/v1/verify?email=jane.miller@works.sandbox-mail.com")
                .body();
        var freshByQuery = client.get("/v1/verify?fresh=true&email=jane.miller@works.sandbox-mail.com")
                .body();

        assertThat(List.of(first, fresh, reused, freshByQuery))
                .extracting(each -> each.path("billing").asText())
                .containsExactly("charged", "charged", "reused", "charged");
        assertThat(balance()).isEqualTo(new Balance(7, 0, 3));
    }

    @Test
    @DisplayName("K2: fresh with an Idempotency-Key asks and charges once")
    void asksOnceForOneIdempotencyKey() {
        client.post("/v1/verify", GOOD);
        var keyed = client.with("Idempotency-Key", "again");

        var first = keyed.post("/v1/verify", FRESH);
        var second = keyed.post("/v1/verify", FRESH);

        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(keyed.post("/v1/verify", GOOD).code()).isEqualTo("idempotency_mismatch");
        assertThat(balance()).isEqualTo(new Balance(8, 0, 2));
    }

    @Test
    @DisplayName("C3: what is stored can be verified once more: a credit, a row in the audit log, an answer of its own")
    void verifiesOnceMore() {
        var first = client.post("/v1/verify", GOOD).body().path("id").asText();

        var answer = client.post("/v1/verifications/" + first + "/recheck", "");

        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
        assertThat(id(answer)).isNotEqualTo(first);
        awaitSpent(2);
        assertThat(world.with(Scope.READ)
                        .get("/v1/verifications/" + id(answer))
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("valid");
        var row = world.with(Scope.ADMIN)
                .get("/v1/audit?action=checked_afresh")
                .body()
                .path("data")
                .get(0);
        assertThat(row.path("subject").asText()).isEqualTo(first);
        assertThat(row.path("detail").asText()).contains(id(answer));
    }

    @Test
    @DisplayName("K2: the same request twice verifies once more only once")
    void verifiesOnceMoreOnceForOneKey() {
        var first = client.post("/v1/verify", GOOD).body().path("id").asText();
        var keyed = client.with("Idempotency-Key", "once");

        var one = keyed.post("/v1/verifications/" + first + "/recheck", "");
        var two = keyed.post("/v1/verifications/" + first + "/recheck", "");

        assertThat(two.status()).isEqualTo(202);
        assertThat(two.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(id(two)).isEqualTo(id(one));
        awaitSpent(2);
    }

    @Test
    @DisplayName("K2: the answer is this route's also when it was kept by whoever took the work of a dead process up")
    void answersInItsOwnWordsAfterATakeOver() {
        var first = client.post("/v1/verify", GOOD).body().path("id").asText();
        var keyed = client.with("Idempotency-Key", "once");
        var one = keyed.post("/v1/verifications/" + first + "/recheck", "");
        var whole = world.with(Scope.READ).get("/v1/verifications/" + id(one)).body();
        var database = world.books().database();
        var asked = database.<Asked>read(
                handle -> handle.createQuery("select * from idempotency where idempotency_key = 'once'")
                        .map((row, _) -> new Asked(
                                row.getString("workspace_id"),
                                row.getString("route"),
                                row.getString("idempotency_key"),
                                row.getString("request_hash")))
                        .one());
        database.write(handle -> {
            world.books().idempotency().done(handle, asked, 200, whole.toString());
            return true;
        });

        var two = keyed.post("/v1/verifications/" + first + "/recheck", "");

        assertThat(two.status()).isEqualTo(202);
        assertThat(two.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(two.body()).isEqualTo(one.body());
    }

    @Test
    @DisplayName("K2: many at once with one key are one verification")
    void verifiesOnceMoreOnceAtOnce() throws Exception {
        var first = client.post("/v1/verify", GOOD).body().path("id").asText();
        var keyed = client.with("Idempotency-Key", "race");
        var ids = new HashSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<ApiClient.Answer>>();
            for (int i = 0; i < 8; i++) {
                asked.add(threads.submit(() -> keyed.post("/v1/verifications/" + first + "/recheck", "")));
            }
            for (var each : asked) {
                var answer = each.get();
                assertThat(answer.status()).isIn(202, 409);
                if (answer.status() == 202) {
                    ids.add(id(answer));
                }
            }
        }
        assertThat(ids).hasSize(1);
        awaitSpent(2);
    }

    @Test
    void saysWhatIsWrongAndChangesNothing() {
        var first = client.post("/v1/verify", GOOD).body().path("id").asText();
        var path = "/v1/verifications/" + first + "/recheck";

        assertThat(world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.VERIFY)
                        .post(path, "")
                        .status())
                .isEqualTo(404);
        assertThat(world.with(Workspaces.MAIN, KeyKind.TEST, Scope.VERIFY)
                        .post(path, "")
                        .status())
                .isEqualTo(404);
        assertThat(world.as(Workspaces.MAIN, Role.VIEWER).post(path, "").code()).isEqualTo("missing_role");
        assertThat(balance()).isEqualTo(new Balance(9, 0, 1));
    }

    @Test
    @DisplayName("C4: 402 without a credit, 409 once the address was erased")
    void refusesWithoutACreditOrAnAddress() {
        var first = client.post("/v1/verify", GOOD).body().path("id").asText();
        var path = "/v1/verifications/" + first + "/recheck";
        for (int i = 0; i < 9; i++) {
            client.post("/v1/verify", FRESH);
        }

        assertThat(client.post(path, "").status()).isEqualTo(402);

        world.with(Scope.ADMIN).post("/v1/erasures", GOOD);
        assertThat(client.post(path, "").code()).isEqualTo("conflict");
    }
}
