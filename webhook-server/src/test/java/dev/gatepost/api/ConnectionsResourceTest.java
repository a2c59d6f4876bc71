package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.Delivery;
import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionsResourceTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final PaperCrm crm = new PaperCrm();
    private ApiWorld world;
    private ApiClient admin;
    private String path;

    @BeforeEach
    void start() {
        world = new ApiWorld(List.of(crm), Map.of());
        world.books().credits().grant(Workspaces.MAIN, Grant.of("grant", 100, "test"));
        admin = world.with(Scope.ADMIN);
        var connection =
                world.books().connections().save(crm, new ConnectionDraft(Workspaces.MAIN, "77", "Paper 77", Map.of()));
        path = "/v1/connections/" + connection.id();
    }

    @AfterEach
    void stop() {
        assertThat(world.books().ledger().check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    @Test
    void tellsHowAConnectionDoes() {
        var list = world.with(Scope.READ).get("/v1/connections").body().path("data");
        assertThat(list).hasSize(1);
        assertThat(list.get(0).path("account").asText()).isEqualTo("77");

        assertThat(admin.get(path).body().at("/health/crm/credentials").asText())
                .isEqualTo("not_asked");
        var health = admin.get(path + "?check=true").body().path("health");
        assertThat(health.at("/crm/credentials").asText()).isEqualTo("accepted");
        assertThat(health.at("/crm/missing_scopes/0").asText()).isEqualTo("ink");
        assertThat(health.at("/crm/quota/left").asInt()).isEqualTo(7);
        assertThat(health.path("last_event_at").isNull()).isTrue();
    }

    @Test
    void pausesResumesAndDisconnects() {
        assertThat(admin.post(path + "/pause", "").body().path("state").asText())
                .isEqualTo("paused");
        assertThat(admin.post(path + "/pause", "").code()).isEqualTo("conflict");
        assertThat(admin.post(path + "/resume", "").body().path("state").asText())
                .isEqualTo("active");
        assertThat(admin.post(path + "/resume", "").code()).isEqualTo("conflict");
        assertThat(admin.post(path + "/disconnect", "").body().path("state").asText())
                .isEqualTo("disconnected");
        assertThat(crm.isLeft).isTrue();
        assertThat(admin.post(path + "/backfills", "{\"source\":\"all\"}").code())
                .isEqualTo("conflict");
        assertThat(admin.get("/v1/audit?action=connection_changed").body().path("data"))
                .hasSize(3);
    }

    @Test
    @DisplayName("C3: a contact's verification is done once more by API: one id, one credit, and the CRM is told again")
    void verifiesAContactOnceMore() {
        contacts(1);
        var made = admin.post(path + "/backfills", "{\"source\":\"unchecked\"}");
        awaitState(made.body().path("id").asText(), "done");
        var stored = world.with(Scope.READ)
                .get("/v1/verifications")
                .body()
                .path("data")
                .get(0)
                .path("id")
                .asText();
        await().atMost(SOON)
                .until(() -> admin.get(path).body().at("/health/last_write_at").isTextual());
        var before = world.books().ledger().balance(Workspaces.MAIN).spent();

        var keyed = admin.with("Idempotency-Key", "fresh");
        var answer = keyed.post("/v1/verifications/" + stored + "/recheck", "");
        var again = keyed.post("/v1/verifications/" + stored + "/recheck", "");

        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
        assertThat(answer.body().path("connection").asText()).isEqualTo(path.replaceAll(".*/", ""));
        assertThat(again.body()).isEqualTo(answer.body());
        var id = answer.body().path("verification").asText();
        await().atMost(SOON)
                .until(() ->
                        world.with(Scope.READ).get("/v1/verifications/" + id).status() == 200);
        assertThat(world.books().ledger().balance(Workspaces.MAIN).spent()).isEqualTo(before + 1);
        assertThat(admin.get("/v1/audit?action=checked_afresh").body().path("data"))
                .hasSize(1);
        admin.post(path + "/pause", "");
        assertThat(admin.post("/v1/verifications/" + id + "/recheck", "").code())
                .isEqualTo("conflict");
    }

    @Test
    void estimatesABackfillThenRunsItOnce() {
        contacts(3);
        crm.emails.put("9", "");

        var estimate = admin.post(path + "/backfills", "{\"source\":\"unchecked\",\"estimate_only\":true}")
                .body();
        assertThat(estimate.path("contacts").asInt()).isEqualTo(4);
        assertThat(estimate.path("credits").asInt()).isEqualTo(3);
        assertThat(estimate.path("without_email").asInt()).isEqualTo(1);
        assertThat(admin.get(path + "/backfills").body().path("data")).isEmpty();

        var once = admin.with("Idempotency-Key", "k1");
        var made = once.post(path + "/backfills", "{\"source\":\"unchecked\"}");
        assertThat(made.status()).isEqualTo(201);
        var again = once.post(path + "/backfills", "{\"source\":\"unchecked\"}");
        assertThat(again.body().path("id")).isEqualTo(made.body().path("id"));

        var done = awaitState(made.body().path("id").asText(), "done");
        assertThat(done.path("queued").asInt()).isEqualTo(3);
        assertThat(done.path("without_email").asInt()).isEqualTo(1);
        assertThat(done.path("ended_at").isTextual()).isTrue();
        assertThat(admin.get(path + "/backfills").body().path("data")).hasSize(1);
        assertThat(admin.post(path + "/backfills/" + done.path("id").asText() + "/pause", "")
                        .code())
                .isEqualTo("conflict");
        assertThat(admin.get(path).body().at("/health/last_write_at").isTextual())
                .isTrue();
    }

    @Test
    void pausesAndResumesABackfill() {
        contacts(1);
        crm.isSlow.set(true);
        var id = admin.post(path + "/backfills", "{\"source\":\"list\",\"list\":\"4\"}")
                .body()
                .path("id")
                .asText();
        assertThat(change(id, "pause")).isEqualTo("paused");
        assertThat(admin.post(path + "/backfills", "{\"source\":\"all\"}").code())
                .isEqualTo("conflict");
        assertThat(change(id, "resume")).isEqualTo("running");
        crm.listing.countDown();
        awaitState(id, "done");
        assertThat(admin.post(path + "/backfills/" + id + "/cancel", "").code()).isEqualTo("conflict");
        assertThat(admin.get("/v1/audit?action=backfill_changed").body().path("data"))
                .hasSize(2);
    }

    @Test
    void cancelsABackfill() {
        contacts(1);
        crm.isSlow.set(true);
        var id = admin.post(path + "/backfills", "{\"source\":\"all\"}")
                .body()
                .path("id")
                .asText();

        assertThat(change(id, "cancel")).isEqualTo("cancelled");
        crm.listing.countDown();

        assertThat(admin.get(path + "/backfills/" + id).body().path("queued").asInt())
                .isZero();
        assertThat(admin.post(path + "/backfills", "{\"source\":\"all\"}").status())
                .isEqualTo(201);
    }

    private String change(String backfill, String how) {
        return admin.post(path + "/backfills/" + backfill + "/" + how, "")
                .body()
                .path("state")
                .asText();
    }

    @Test
    @DisplayName("J6: what was given up is listed, run again or discarded, one by one or by filter, and written down")
    void runsAgainAndDiscards() {
        contacts(3);
        crm.takesNothing.set(true);
        awaitState(
                admin.post(path + "/backfills", "{\"source\":\"all\"}")
                        .body()
                        .path("id")
                        .asText(),
                "done");
        var dead = admin.get(path + "/events?state=dead").body().path("data");
        assertThat(dead).hasSize(3);
        assertThat(dead.get(0).path("reason").asText()).isEqualTo("locked");
        assertThat(admin.get(path + "/events?state=held").body().path("data")).isEmpty();
        assertThat(admin.get(path + "/events?reason=other").body().path("data")).isEmpty();
        assertThat(admin.get(path + "/events?limit=2").body().path("next").isTextual())
                .isTrue();

        var one = "{\"ids\":[\"" + dead.get(0).path("id").asText() + "\"]}";
        assertThat(admin.post(path + "/events/discard", one)
                        .body()
                        .path("events")
                        .asInt())
                .isEqualTo(1);
        assertThat(admin.post(path + "/events/discard", one)
                        .body()
                        .path("events")
                        .asInt())
                .isZero();
        crm.takesNothing.set(false);
        assertThat(admin.post(path + "/events/run_again", "{\"state\":\"dead\",\"reason\":\"locked\"}")
                        .body()
                        .path("events")
                        .asInt())
                .isEqualTo(2);

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(admin.get(path + "/events").body().path("data"))
                                .isEmpty());
        assertThat(admin.get("/v1/audit?action=events_run_again").body().path("data"))
                .hasSize(1);
        assertThat(world.books().ledger().balance(Workspaces.MAIN).spent()).isEqualTo(3);
    }

    @Test
    void listsCallsThatNobodyCouldRead() {
        var answer = world.product
                .pipeline()
                .accept(
                        crm,
                        new Delivery(
                                "POST",
                                "https://x/hooks/paper/77",
                                "77",
                                Map.of(),
                                ByteString.encodeUtf8("???"),
                                Instant.now()));
        assertThat(answer.status()).isEqualTo(200);

        var calls = admin.get(path + "/events?state=quarantined").body().path("data");

        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).path("reason").asText()).isEqualTo("smudged");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            backfills        | {}                                           | missing_field | source
            backfills        | {"source":"some"}                            | invalid_field | source
            backfills        | {"source":"list"}                            | missing_field | list
            backfills        | {"source":"older"}                           | missing_field | older_than_days
            backfills        | {"source":"older","older_than_days":0}       | invalid_field | older_than_days
            backfills        | {"source":"all","list":"4"}                  | invalid_field | list
            events/run_again | {}                                           | missing_field | ids
            events/discard   | {"state":"done"}                             | invalid_field | state
            events/discard   | {"ids":["a"],"state":"dead"}                 | invalid_field | ids
            """)
    void namesTheFieldThatIsWrong(String what, String body, String code, String field) {
        var answer = admin.post(path + "/" + what, body);

        assertThat(answer.code() + " " + answer.field()).isEqualTo(code + " " + field);
    }

    @Test
    @DisplayName("X8: viewers look, administrators act, and another workspace sees nothing")
    void isHeldToRoles() {
        assertThat(world.as(Workspaces.MAIN, Role.VIEWER).get(path).status()).isEqualTo(200);
        assertThat(world.as(Workspaces.MAIN, Role.VIEWER)
                        .post(path + "/pause", "")
                        .code())
                .isEqualTo("missing_role");
        assertThat(world.with(Scope.READ).post(path + "/pause", "").code()).isEqualTo("missing_scope");
        var other = world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.ADMIN);
        assertThat(other.get("/v1/connections").body().path("data")).isEmpty();
        assertThat(other.get(path).status()).isEqualTo(404);
        assertThat(other.post(path + "/disconnect", "").status()).isEqualTo(404);
        assertThat(other.get(path + "/backfills").status()).isEqualTo(404);
    }

    private void contacts(int count) {
        for (int i = 1; i <= count; i++) {
            crm.emails.put(String.valueOf(i), "person" + i + "@works.sandbox-mail.com");
        }
    }

    private JsonNode awaitState(String backfill, String state) {
        var at = path + "/backfills/" + backfill;
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(admin.get(at).body().path("state").asText()).isEqualTo(state));
        return admin.get(at).body();
    }
}
