package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WorkflowsResourceTest {

    private static final String NO_FREE = """
            {"name": "No free", "default": "accept", "rules": [
              {"name": "no free", "when": {"trait": "free"}, "then": "reject", "message": "Company addresses, please."}]}
            """;

    private static ApiWorld world;

    @BeforeAll
    static void start() {
        world = new ApiWorld();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void savesShowsRollsBackAndDeletes() {
        var admin = world.with(Scope.ADMIN);

        var made = admin.post("/v1/workflows", NO_FREE);
        var path = "/v1/workflows/" + made.body().path("id").asText();
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().path("version").asInt()).isEqualTo(1);
        assertThat(made.body().path("rules").get(0).path("message").asText()).isEqualTo("Company addresses, please.");

        var edited = (ObjectNode) admin.get(path).body().deepCopy();
        edited.put("name", "Renamed").put("default", "flag");
        var saved = admin.put(path, edited.toString());
        assertThat(saved.status()).isEqualTo(200);
        assertThat(saved.body().path("version").asInt()).isEqualTo(2);
        assertThat(admin.get(path).body()).isEqualTo(saved.body());

        var back = admin.post(path + "/rollback", "{\"version\":1}");
        assertThat(back.body().path("version").asInt()).isEqualTo(3);
        assertThat(back.body().path("name").asText()).isEqualTo("No free");
        assertThat(back.body().path("restored_from").asInt()).isEqualTo(1);
        assertThat(admin.post(path + "/rollback", "{\"version\":9}").code()).isEqualTo("not_found");

        var versions = admin.get(path + "/versions?limit=2").body();
        assertThat(versions.path("data").findValuesAsText("version")).containsExactly("3", "2");
        assertThat(admin.get(path + "/versions?after=" + versions.path("next").asText())
                        .body()
                        .path("data")
                        .findValuesAsText("version"))
                .containsExactly("1");
        assertThat(admin.get(path + "/versions?after=x").code()).isEqualTo("invalid_field");

        assertThat(admin.delete(path).status()).isEqualTo(204);
        assertThat(admin.get(path).code()).isEqualTo("not_found");
        assertThat(admin.get("/v1/workflows").body().toString())
                .doesNotContain(made.body().path("id").asText())
                .contains("paying-users", "newsletter-sign-up", "b2b-leads", "standard");
    }

    @Test
    @DisplayName("K1: a workflow is made once for one Idempotency-Key")
    void makesAWorkflowOnceForOneKey() {
        var admin = world.with(Scope.ADMIN).with("Idempotency-Key", "workflow-1");

        var first = admin.post("/v1/workflows", NO_FREE);
        var again = admin.post("/v1/workflows", NO_FREE);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void namesEveryMistakeWithItsPath() {
        var answer = world.with(Scope.ADMIN).post("/v1/workflows", """
                {"name": "W", "default": "accept", "rules": [
                  {"name": "a", "when": {"all": [{"score_below": 500}]}, "then": "flag"},
                  {"name": "a", "when": {"trait": "fre"}, "then": "drop"}]}
                """);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("invalid_field");
        assertThat(answer.field()).isEqualTo("rules[0].when.all[0].score_below");
        assertThat(answer.body().path("detail").asText())
                .startsWith("rules[0].when.all[0].score_below: must be 1-100; rules[1].name: another rule is named"
                        + " \"a\" already; rules[1].when.trait: there is no \"fre\"; there is ")
                .endsWith("rules[1].then: must be accept, flag or reject");
    }

    @Test
    void refusesToDeleteWhatRequestsAreJudgedBy() {
        var answer = world.with(Scope.ADMIN).delete("/v1/workflows/standard");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("detail").asText()).contains("requests that name no workflow");
    }

    @Test
    void simulatesADraftAndWhatIsSaved() {
        var reader = world.with(Scope.READ);

        assertThat(reader.post("/v1/workflows/standard/simulate", "{}")
                        .body()
                        .path("verdicts")
                        .asInt())
                .isZero();
        assertThat(reader.post("/v1/workflows/standard/simulate", "{\"last\":10,\"workflow\":" + NO_FREE + "}")
                        .status())
                .isEqualTo(200);
        var wrong = reader.post("/v1/workflows/standard/simulate", "{\"workflow\":{\"name\":\"W\",\"rules\":[]}}");
        assertThat(wrong.code()).isEqualTo("missing_field");
        assertThat(wrong.field()).isEqualTo("workflow.default");
        assertThat(reader.post("/v1/workflows/standard/simulate", "{\"last\":1000001}")
                        .code())
                .isEqualTo("invalid_field");
        assertThat(reader.post("/v1/workflows/none/simulate", "{}").code()).isEqualTo("not_found");
    }

    @Test
    void judgesAgainWithoutApplyingUnlessAsked() {
        var admin = world.with(Scope.ADMIN);

        assertThat(admin.post("/v1/rejudge", "{}").body().path("looked").asInt())
                .isZero();
        assertThat(admin.post("/v1/rejudge", "{\"apply\":true,\"last\":5}")
                        .body()
                        .path("applied")
                        .asInt())
                .isZero();
        assertThat(admin.post("/v1/rejudge", "{\"last\":0}").field()).isEqualTo("last");
    }

    @Test
    void keepsWorkspacesApart() {
        var id = world.with(Scope.ADMIN)
                .post("/v1/workflows", NO_FREE)
                .body()
                .path("id")
                .asText();
        var other = world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.ADMIN);

        assertThat(other.get("/v1/workflows/" + id).code()).isEqualTo("not_found");
        assertThat(other.put("/v1/workflows/" + id, NO_FREE).code()).isEqualTo("not_found");
        assertThat(other.delete("/v1/workflows/" + id).code()).isEqualTo("not_found");
        assertThat(other.get("/v1/workflows/" + id + "/versions").code()).isEqualTo("not_found");
        assertThat(other.post("/v1/workflows/" + id + "/rollback", "{\"version\":1}")
                        .code())
                .isEqualTo("not_found");
        assertThat(other.put("/v1/connections/none/workflow", "{\"workflow\":\"standard\"}")
                        .code())
                .isEqualTo("not_found");
        assertThat(other.put("/v1/connections/none/workflow", "{\"workflow\":\"" + id + "\"}")
                        .field())
                .isEqualTo("workflow");
    }
}
