package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.ledger.Grant;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionOptionsResourceTest {
    private final PaperCrm crm = new PaperCrm();
    private ApiWorld world;
    private ApiClient admin;
    private String connection;
    private String path;

    @BeforeEach
    void start() {
        world = new ApiWorld(List.of(crm), Map.of());
        world.books().credits().grant(Workspaces.MAIN, Grant.of("grant", 100, "test"));
        admin = world.with(Scope.ADMIN);
        connection = "/v1/connections/"
                + world.books()
                        .connections()
                        .save(crm, new ConnectionDraft(Workspaces.MAIN, "77", "Paper 77", Map.of()))
                        .id();
        path = connection + "/options";
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void saysWhatCanBeChosenAndWhatIs() {
        var options = world.with(Scope.READ).get(path).body();

        assertThat(options.at("/values/reverify_after_days").asInt(-1)).isZero();
        assertThat(options.at("/values/glossy").isBoolean()).isTrue();
        assertThat(options.path("options").findValuesAsText("name"))
                .containsExactly(
                        "reverify_after_days",
                        "reverify_per_day",
                        "intake_per_second",
                        "reconcile_every_minutes",
                        "glossy",
                        "ink");
        assertThat(options.at("/options/0/max").asInt()).isEqualTo(3650);
        assertThat(options.at("/options/5/words/1").asText()).isEqualTo("blue");
    }

    @Test
    void choosesAndGoesBackToTheDefaultWithWhatIsLeftOut() {
        var chosen = admin.put(path, "{\"values\":{\"reverify_per_day\":7,\"glossy\":true,\"ink\":null}}");
        assertThat(chosen.status()).isEqualTo(200);
        assertThat(chosen.body().at("/values/reverify_per_day").asInt()).isEqualTo(7);
        assertThat(chosen.body().at("/values/glossy").asBoolean()).isTrue();

        admin.put(path, "{\"values\":{\"ink\":\"blue\"}}");
        var options = admin.get(path).body().path("values");
        assertThat(options.path("reverify_per_day").asInt()).isEqualTo(1000);
        assertThat(options.path("ink").asText()).isEqualTo("blue");

        assertThat(admin.get("/v1/audit?action=connection_changed").body().path("data"))
                .hasSize(2);
        assertThat(admin.get("/v1/audit?action=connection_changed").body().findValuesAsText("detail"))
                .contains("glossy true, reverify_per_day 7");
    }

    @ParameterizedTest
    @DisplayName("Bad input: names the option and what it can be, and changes nothing")
    @CsvSource(delimiter = ';', textBlock = """
            {"values":{"reverify_after_days":-1}} ; values.reverify_after_days must be a whole number from 0 to 3650.
            {"values":{"reverify_after_days":"90"}} ; values.reverify_after_days must be a whole number from 0 to 3650.
            {"values":{"reverify_per_day":1.5}} ; values.reverify_per_day must be a whole number from 1 to 1000000.
            {"values":{"reverify_per_day":99999999999999999999}} ; values.reverify_per_day must be a whole number from 1 to 1000000.
            {"values":{"glossy":"true"}} ; values.glossy must be true or false.
            {"values":{"ink":"red","glossy":true}} ; values.ink must be one of black, blue.
            {"values":{"shiny":true}} ; There is no field values.shiny here.
            {} ; values is missing.
            """)
    void refusesWhatCannotBe(String body, String detail) {
        var refused = admin.put(path, body);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().path("detail").asText()).isEqualTo(detail);
        assertThat(admin.get(path).body().at("/values/glossy").asBoolean()).isFalse();
    }

    @Test
    void letsOnlyAdministratorsChoose() {
        assertThat(world.with(Scope.READ).put(path, "{\"values\":{}}").code()).isEqualTo("missing_scope");
        assertThat(world.as(Workspaces.MAIN, Role.VIEWER)
                        .put(path, "{\"values\":{}}")
                        .code())
                .isEqualTo("missing_role");
    }

    @Test
    void tellsHowTheScheduledVerificationStands() {
        assertThat(admin.get(connection)
                        .body()
                        .at("/health/reverification/state")
                        .asText())
                .isEqualTo("off");
        crm.emails.put("1", "p1@acme.io");
        crm.checkedAt.put("1", Instant.now().minus(Duration.ofDays(100)));
        admin.put(path, "{\"values\":{\"reverify_after_days\":90}}");

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            var standing = admin.get(connection).body().at("/health/reverification");
            assertThat(standing.path("state").asText()).isEqualTo("waiting");
            assertThat(standing.at("/last/state").asText()).isEqualTo("done");
            assertThat(standing.at("/last/queued").asInt()).isEqualTo(1);
            assertThat(standing.path("today").asInt()).isEqualTo(1);
            assertThat(standing.path("next_at").isTextual()).isTrue();
        });
    }
}
