package dev.gatepost.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreditsResourceTest {

    private ApiWorld world;

    @BeforeEach
    void start() {
        world = new ApiWorld();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void grantsCreditsAndShowsThem() {
        var admin = world.with(Scope.ADMIN);

        var granted = admin.post(
                "/v1/credits/grants",
                "{\"amount\":1000,\"note\":\"order 12\",\"expires_at\":\"2099-01-01T00:00:00Z\"}");

        assertThat(granted.status()).isEqualTo(201);
        assertThat(granted.body().path("available").asLong()).isEqualTo(1_000);
        var credits = admin.get("/v1/credits").body();
        assertThat(credits.toString())
                .isEqualTo("{\"available\":1000,\"reserved\":0,\"spent\":0,\"low_below\":100,\"low_since\":null,"
                        + "\"expiring\":[{\"credits\":1000,\"expires_at\":\"2099-01-01T00:00:00Z\"}]}");
        assertThat(world.as(ApiWorld.OTHER, Role.OWNER)
                        .get("/v1/credits")
                        .body()
                        .path("available")
                        .asLong())
                .isZero();
    }

    @Test
    @DisplayName("K2: the same Idempotency-Key grants once")
    void grantsOnceForOneIdempotencyKey() {
        var admin = world.with(Scope.ADMIN).with("Idempotency-Key", "order-12");

        admin.post("/v1/credits/grants", "{\"amount\":10}");
        var second = admin.post("/v1/credits/grants", "{\"amount\":10}");

        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(world.with(Scope.ADMIN)
                        .get("/v1/credits")
                        .body()
                        .path("available")
                        .asLong())
                .isEqualTo(10);
        assertThat(admin.post("/v1/credits/grants", "{\"amount\":11}").code()).isEqualTo("idempotency_mismatch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "9223372036854775808", "9223372036854775807", "1.5", "\"10\"", "1e3", "true"})
    @DisplayName("Bad input: an amount is a whole number from 1 on, in bounds")
    void refusesAmounts(String amount) {
        var refused = world.with(Scope.ADMIN).post("/v1/credits/grants", "{\"amount\":" + amount + "}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.field()).isEqualTo("amount");
        assertThat(refused.body().path("detail").asText()).contains("whole number from 1 to 1000000000000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"amount\":1,\"note\":\"for jane@example.com\"}|note",
                "{\"amount\":1,\"expires_at\":\"2020-01-01T00:00:00Z\"}|expires_at",
                "{\"amount\":1,\"expires_at\":\"tomorrow\"}|expires_at"
            })
    void refusesWhatCannotStandInTheLedger(String bodyAndField) {
        var parts = bodyAndField.split("\\|", -1);

        var refused = world.with(Scope.ADMIN).post("/v1/credits/grants", parts[0]);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.field()).isEqualTo(parts[1]);
    }

    @Test
    void listsTransactionsByPageKindAndTime() {
        var admin = world.with(Scope.ADMIN);
        for (int i = 0; i < 3; i++) {
            admin.post("/v1/credits/grants", "{\"amount\":10}");
        }

        var first = admin.get("/v1/transactions?limit=2").body();
        assertThat(first.path("data").findValuesAsText("id")).containsExactly("3", "2");
        assertThat(admin.get("/v1/transactions?limit=2&after="
                                + first.path("next").asText())
                        .body()
                        .toString())
                .contains("\"id\":1,")
                .endsWith("\"next\":null}");
        assertThat(admin.get("/v1/transactions?kind=settle").body().path("data"))
                .isEmpty();
        assertThat(admin.get("/v1/transactions?to=2020-01-01T00:00:00Z").body().path("data"))
                .isEmpty();
        assertThat(admin.get("/v1/transactions?kind=gift").field()).isEqualTo("kind");
        assertThat(admin.get("/v1/transactions?after=x").field()).isEqualTo("after");
    }

    @Test
    @DisplayName("X10: a file for a spreadsheet carries no formula")
    void writesFilesWithoutFormulas() {
        var admin = world.with(Scope.ADMIN);
        admin.post("/v1/credits/grants", "{\"amount\":10,\"note\":\"=HYPERLINK(1)\"}");
        admin.post("/v1/credits/grants", "{\"amount\":10,\"note\":\"a, \\\"b\\\"\"}");

        var file = admin.get("/v1/transactions?format=csv");
        var lines = new String(file.response().body(), UTF_8).split("\r\n", -1);

        assertThat(file.header("Content-Type")).startsWith("text/csv");
        assertThat(file.header("Content-Disposition")).isEqualTo("attachment; filename=\"gatepost-transactions.csv\"");
        assertThat(lines[0]).isEqualTo("id,at,kind,amount,from_account,to_account,reference,note,hash");
        assertThat(lines[1]).contains(",\"a, \"\"b\"\"\",");
        assertThat(lines[2]).contains(",'=HYPERLINK(1),");
        assertThat(new String(
                        world.with(Scope.READ)
                                .with("Accept", "text/csv")
                                .get("/v1/usage")
                                .response()
                                .body(),
                        UTF_8))
                .startsWith("verification_id,at,source,");
    }

    @Test
    void givesAChargeBackOnce() {
        var admin = world.with(Scope.ADMIN);
        admin.post("/v1/credits/grants", "{\"amount\":10}");
        world.books()
                .database()
                .<Object>write(handle -> world.books().ledger().post(handle, Workspaces.MAIN, posting -> {
                    posting.reserve("a", "v1");
                    return posting.settle("a");
                }));

        var reversed = admin.post("/v1/credits/reversals", "{\"transaction\":3,\"note\":\"ticket 12\"}");

        assertThat(reversed.status()).isEqualTo(201);
        assertThat(reversed.body().path("available").asLong()).isEqualTo(10);
        assertThat(admin.post("/v1/credits/reversals", "{\"transaction\":3}").code())
                .isEqualTo("conflict");
        assertThat(admin.post("/v1/credits/reversals", "{\"transaction\":1}").field())
                .isEqualTo("transaction");
        assertThat(world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.ADMIN)
                        .post("/v1/credits/reversals", "{\"transaction\":3}")
                        .field())
                .isEqualTo("transaction");
    }

    @Test
    void raisesAnAlarmAndListsIt() {
        var admin = world.with(Scope.ADMIN);
        admin.post("/v1/credits/grants", "{\"amount\":5}");
        assertThat(admin.put("/v1/credits/alarm", "{\"low_below\":5}")
                        .body()
                        .path("low_below")
                        .asLong())
                .isEqualTo(5);
        world.books()
                .database()
                .<Object>write(handle ->
                        world.books().ledger().post(handle, Workspaces.MAIN, posting -> posting.reserve("a", "v1")));

        assertThat(admin.get("/v1/credits").body().path("low_since").asText()).isNotEmpty();
        var alarms = admin.get("/v1/credits/alarms").body().path("data");
        assertThat(alarms).hasSize(1);
        assertThat(alarms.get(0).path("available").asLong()).isEqualTo(4);
        assertThat(admin.put("/v1/credits/alarm", "{\"low_below\":-1}").field()).isEqualTo("low_below");
    }
}
