package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.ledger.Grant;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What stands in the audit log after each thing that matters to security (reliability L2). */
class AuditRowsTest {

    private ApiWorld world;
    private ApiClient admin;

    @BeforeEach
    void start() {
        world = new ApiWorld(List.of(new PaperCrm()), Map.of());
        world.books().credits().grant(Workspaces.MAIN, Grant.of("start", 100, ""));
        admin = world.as(Workspaces.MAIN, Role.ADMIN);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private List<JsonNode> rows(String action) {
        var data = admin.get("/v1/audit?action=" + action).body().path("data");
        return data.valueStream().toList();
    }

    private JsonNode only(String action) {
        assertThat(rows(action)).as(action).hasSize(1);
        var row = rows(action).getFirst();
        assertThat(row.path("at").asText()).as("when").isNotEmpty();
        assertThat(row.path("origin").asText()).as("where").isEqualTo("127.0.0.1");
        assertThat(row.path("actor").asText()).as("who").isEqualTo("admin-1");
        return row;
    }

    @Test
    @DisplayName("L2: grants, reversals and the alarm's threshold")
    void creditsMoved() {
        admin.post("/v1/verify", "{\"email\":\"jane.miller@works.sandbox-mail.com\"}");
        var settlement = admin.get("/v1/transactions?kind=settle")
                .body()
                .path("data")
                .get(0)
                .path("id")
                .asText();

        admin.with("Idempotency-Key", "g").post("/v1/credits/grants", "{\"amount\":7}");
        admin.with("Idempotency-Key", "g").post("/v1/credits/grants", "{\"amount\":7}");
        admin.post("/v1/credits/reversals", "{\"transaction\":" + settlement + "}");
        admin.post("/v1/credits/reversals", "{\"transaction\":" + settlement + "}");
        admin.put("/v1/credits/alarm", "{\"low_below\":3}");

        assertThat(only("credits_granted").path("detail").asText()).isEqualTo("7");
        assertThat(only("credits_reversed").path("subject").asText()).isEqualTo(settlement);
        assertThat(only("credits_alarm_set").path("detail").asText()).isEqualTo("3");
    }

    @Test
    @DisplayName("L2: webhooks made, changed and removed, once each")
    void hooksChanged() {
        var id = admin.post("/v1/hooks", "{\"url\":\"https://example.com/a\",\"events\":[\"credits.low\"]}")
                .body()
                .path("id")
                .asText();
        admin.post("/v1/hooks/" + id + "/rotate", "");
        admin.post("/v1/hooks/" + id + "/enable", "");
        admin.delete("/v1/hooks/" + id);
        admin.delete("/v1/hooks/" + id);

        assertThat(only("hook_made").path("subject").asText()).isEqualTo(id);
        assertThat(only("hook_changed").path("detail").asText()).isEqualTo("a new secret");
        assertThat(only("hook_removed").path("subject").asText()).isEqualTo(id);
    }

    @Test
    @DisplayName("L2: lists taken away as files, and stored evidence judged again")
    void exportsAndRejudging() {
        admin.get("/v1/usage?format=csv");
        assertThat(only("exported").path("subject").asText()).isEqualTo("usage");
        admin.get("/v1/transactions?format=csv");
        assertThat(rows("exported")).hasSize(2);
        admin.get("/v1/transactions");
        assertThat(rows("exported")).hasSize(2);

        admin.post("/v1/rejudge", "{}");
        assertThat(rows("rejudged")).isEmpty();
        admin.post("/v1/rejudge", "{\"apply\":true}");
        only("rejudged");
    }

    @Test
    @DisplayName("L2: rules, keys, erasures and connections")
    void theRest() {
        admin.post("/v1/workflows", "{\"name\":\"W\",\"rules\":[],\"default\":\"accept\"}");
        admin.post("/v1/keys", "{\"name\":\"k\",\"scopes\":[\"read\"]}");
        admin.post("/v1/erasures", "{\"email\":\"ann@acme.io\"}");
        var crm = new PaperCrm();
        var connection = world.books()
                .connections()
                .save(
                        new By(Workspaces.MAIN, "admin-1", "127.0.0.1"),
                        crm,
                        new ConnectionDraft(Workspaces.MAIN, "77", "Paper", Map.of()));
        admin.post("/v1/connections/" + connection.id() + "/disconnect", "");

        only("rules_changed");
        only("key_made");
        assertThat(only("erased").toString()).doesNotContain("ann@acme.io");
        assertThat(only("connection_saved").path("subject").asText()).isEqualTo(connection.id());
        assertThat(only("connection_changed").path("detail").asText()).isEqualTo("disconnected");
    }

    @Test
    @DisplayName("L2: a destination that the rules refuse, once for however many tries")
    void refusedDestinations() {
        var hook = admin.post("/v1/hooks", "{\"url\":\"https://mx.loopback-host.net/\",\"events\":[\"credits.low\"]}")
                .body()
                .path("id")
                .asText();

        for (int i = 0; i < 3; i++) {
            assertThat(admin.post("/v1/hooks/" + hook + "/test", "")
                            .body()
                            .path("delivered")
                            .asBoolean())
                    .isFalse();
        }

        await().atMost(Duration.ofSeconds(30))
                .until(() -> !rows("egress_refused").isEmpty());
        assertThat(rows("egress_refused")).hasSize(1);
        var row = rows("egress_refused").getFirst();
        assertThat(row.path("subject").asText()).isEqualTo("hook");
        assertThat(row.path("origin").asText()).isEqualTo("server");
        assertThat(row.path("detail").asText()).isNotEmpty();
    }

    @Test
    @DisplayName("L2: owners, administrators and keys with the scope admin read it, page by page; nobody else does")
    void whoReadsIt() {
        for (int i = 0; i < 5; i++) {
            admin.post("/v1/credits/grants", "{\"amount\":1}");
        }
        assertThat(world.as(Workspaces.MAIN, Role.VIEWER).get("/v1/audit").code())
                .isEqualTo("missing_role");
        assertThat(world.with(Scope.READ).get("/v1/audit").code()).isEqualTo("missing_scope");
        assertThat(world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.ADMIN)
                        .get("/v1/audit?action=credits_granted")
                        .body()
                        .path("data"))
                .isEmpty();

        var first = world.with(Scope.ADMIN)
                .get("/v1/audit?action=credits_granted&limit=3")
                .body();
        var rest = world.with(Scope.ADMIN)
                .get("/v1/audit?action=credits_granted&limit=3&after="
                        + first.path("next").asText())
                .body();
        assertThat(first.path("data")).hasSize(3);
        assertThat(rest.path("data")).hasSize(2);
        assertThat(rest.path("next").isNull()).isTrue();
        assertThat(admin.get("/v1/audit?action=nonsense").code()).isEqualTo("invalid_field");
    }
}
