package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysResourceTest {

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
    @DisplayName("X3: a key is shown once, works at once, and never again after it was revoked")
    void makesUsesAndRevokesAKey() {
        var admin = world.with(Scope.ADMIN);
        var made = admin.post(
                "/v1/keys",
                "{\"name\":\"sign-up\",\"scopes\":[\"verify\",\"read\"],\"ranges\":[\"127.0.0.0/8\",\"::1/128\"]}");
        var text = made.body().path("key").asText();
        var client = world.client().with("Authorization", "Bearer " + text);

        assertThat(made.status()).isEqualTo(201);
        assertThat(text)
                .startsWith("gp_live_")
                .endsWith(made.body().path("hint").asText());
        assertThat(client.get("/v1/me").body().toString())
                .isEqualTo("{\"kind\":\"key\",\"workspace\":\"main\",\"workspace_name\":\"Main\",\"key_id\":\""
                        + made.body().path("id").asText() + "\",\"mode\":\"live\",\"scopes\":[\"read\",\"verify\"]}");
        assertThat(admin.get("/v1/keys?limit=100").body().toString())
                .contains(made.body().path("id").asText())
                .doesNotContain(text);
        assertThat(admin.delete("/v1/keys/" + made.body().path("id").asText()).status())
                .isEqualTo(204);
        assertThat(client.get("/v1/me").code()).isEqualTo("invalid_key");
        assertThat(admin.delete("/v1/keys/" + made.body().path("id").asText()).code())
                .isEqualTo("not_found");
    }

    @Test
    void cannotRevokeAKeyOfAnotherWorkspace() {
        var made = world.with(Scope.ADMIN).post("/v1/keys", "{\"name\":\"mine\",\"scopes\":[\"read\"]}");
        var id = made.body().path("id").asText();

        assertThat(world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.ADMIN)
                        .delete("/v1/keys/" + id)
                        .code())
                .isEqualTo("not_found");
        assertThat(world.client()
                        .with(
                                "Authorization",
                                "Bearer " + made.body().path("key").asText())
                        .get("/v1/me")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesAKeyFromAnAddressOutsideItsRanges() {
        var made = world.with(Scope.ADMIN)
                .post("/v1/keys", "{\"name\":\"away\",\"scopes\":[\"read\"],\"ranges\":[\"203.0.113.0/24\"]}");

        assertThat(world.client()
                        .with(
                                "Authorization",
                                "Bearer " + made.body().path("key").asText())
                        .get("/v1/me")
                        .code())
                .isEqualTo("address_not_allowed");
    }

    @Test
    void takesTheAddressForAKeysRangesFromATrustedProxyAloneAndNeverFromOthers() {
        var body = "{\"name\":\"away\",\"scopes\":[\"read\"],\"ranges\":[\"203.0.113.0/24\"]}";
        for (var trusted : List.of("", "10.0.0.0/8", "127.0.0.1")) {
            try (var other = new ApiWorld(List.of(), Map.of("GATEPOST_TRUSTED_PROXIES", trusted))) {
                var key = other.with(Scope.ADMIN)
                        .post("/v1/keys", body)
                        .body()
                        .path("key")
                        .asText();
                var client = new ApiClient(other.product.port(), List.of()).with("Authorization", "Bearer " + key);

                var inside = client.with("X-Forwarded-For", "203.0.113.9").get("/v1/me");
                assertThat(inside.status())
                        .as("trusted: " + trusted)
                        .isEqualTo(trusted.equals("127.0.0.1") ? 200 : 403);
                assertThat(client.with("X-Forwarded-For", "203.0.113.9, 198.51.100.7")
                                .get("/v1/me")
                                .code())
                        .as("the client's own claim stands before what the proxy saw")
                        .isEqualTo("address_not_allowed");
                assertThat(client.get("/v1/me").code()).isEqualTo("address_not_allowed");
            }
        }
    }

    @Test
    void refusesAnExpiredKey() {
        var made = world.with(Scope.ADMIN)
                .post("/v1/keys", "{\"name\":\"old\",\"scopes\":[\"read\"],\"expires_at\":\"2020-01-01T00:00:00Z\"}");

        assertThat(world.client()
                        .with(
                                "Authorization",
                                "Bearer " + made.body().path("key").asText())
                        .get("/v1/me")
                        .code())
                .isEqualTo("invalid_key");
    }

    @Test
    void saysHowManyRequestsAreLeftAndRefusesTheNext() {
        var made = world.with(Scope.ADMIN)
                .post("/v1/keys", "{\"name\":\"slow\",\"scopes\":[\"read\"],\"rate_per_minute\":2}");
        var client = world.client()
                .with("Authorization", "Bearer " + made.body().path("key").asText());

        var first = client.get("/v1/me");
        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"key\";q=2;w=60");
        assertThat(first.header("RateLimit")).matches("\"key\";r=1;t=\\d+");
        assertThat(client.get("/v1/me").header("RateLimit")).contains("r=0");
        var third = client.get("/v1/me");
        assertThat(third.code()).isEqualTo("rate_limited");
        assertThat(third.header("Retry-After")).matches("[1-9]\\d?");
    }

    @Test
    @DisplayName(
            "K1, K2: the same request with the same key makes one key and gets the same answer; another one is 422")
    void makesOneKeyForOneIdempotencyKey() {
        var admin = world.with(Scope.ADMIN).with("Idempotency-Key", "make-1");

        var first = admin.post("/v1/keys", "{\"name\":\"once\",\"scopes\":[\"read\"]}");
        var again = admin.post("/v1/keys", "{ \"scopes\" : [\"read\"], \"name\" : \"once\" }");

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(admin.post("/v1/keys", "{\"name\":\"twice\",\"scopes\":[\"read\"]}")
                        .code())
                .isEqualTo("idempotency_mismatch");
        assertThat(world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.ADMIN)
                        .with("Idempotency-Key", "make-1")
                        .post("/v1/keys", "{\"name\":\"theirs\",\"scopes\":[\"read\"]}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    @DisplayName("K2: a request that was refused leaves its key free")
    void keepsNothingOfARefusedRequest() {
        var admin = world.with(Scope.ADMIN).with("Idempotency-Key", "make-2");

        assertThat(admin.post("/v1/keys", "{\"name\":\"once\"}").code()).isEqualTo("missing_field");
        assertThat(admin.post("/v1/keys", "{\"name\":\"once\",\"scopes\":[\"read\"]}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void refusesUnusableIdempotencyKeys() {
        var body = "{\"name\":\"x\",\"scopes\":[\"read\"]}";
        for (var key : new String[] {"", "a".repeat(256), "tab\there"}) {
            assertThat(world.with(Scope.ADMIN)
                            .with("Idempotency-Key", key)
                            .post("/v1/keys", body)
                            .code())
                    .as(key)
                    .isEqualTo("invalid_idempotency_key");
        }
    }

    @Test
    void pagesThroughAllKeysOnce() {
        var admin = world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.ADMIN, Scope.BULK);
        for (var i = 0; i < 5; i++) {
            admin.post("/v1/keys", "{\"name\":\"page " + i + "\",\"scopes\":[\"read\"]}");
        }
        var seen = new java.util.HashSet<String>();
        var next = "";
        do {
            var page = admin.get("/v1/keys?limit=2&after=" + next).body();
            page.path("data")
                    .forEach(
                            key -> assertThat(seen.add(key.path("id").asText())).isTrue());
            next = page.path("next").isNull() ? "" : page.path("next").asText();
        } while (!next.isEmpty());

        assertThat(seen).hasSizeGreaterThanOrEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"scopes":["read"]}                                                          | missing_field | name
            {"name":"","scopes":["read"]}                                                | invalid_field | name
            {"name":7,"scopes":["read"]}                                                 | invalid_field | name
            {"name":"x"}                                                                 | missing_field | scopes
            {"name":"x","scopes":["all"]}                                                | invalid_field | scopes
            {"name":"x","scopes":"read"}                                                 | invalid_field | scopes
            {"name":"x","scopes":["read"],"ranges":["1.2.3.4/33"]}                       | invalid_field | ranges[0]
            {"name":"x","scopes":["read"],"ranges":["10.0.0.1/8"]}                       | invalid_field | ranges[0]
            {"name":"x","scopes":["read"],"rate_per_minute":0}                           | invalid_field | rate_per_minute
            {"name":"x","scopes":["read"],"rate_per_minute":9223372036854775808}         | invalid_field | rate_per_minute
            {"name":"x","scopes":["read"],"rate_per_minute":1.5}                         | invalid_field | rate_per_minute
            {"name":"x","scopes":["read"],"expires_at":"tomorrow"}                       | invalid_field | expires_at
            {"name":"x","scopes":["read"],"origins":["https://acme.io"]}                 | invalid_field | origins
            {"name":"x","mode":"pub"}                                                    | missing_field | origins
            {"name":"x","mode":"pub","origins":["https://acme.io/path"]}                 | invalid_field | origins[0]
            {"name":"x","mode":"pub","origins":["*"]}                                    | invalid_field | origins[0]
            {"name":"x","mode":"pub","origins":["https://acme.io"],"scopes":["verify"]}  | invalid_field | scopes
            {"name":"x","scopes":["read"],"colour":"red"}                                | unknown_field | colour
            """)
    void refusesAWrongFieldByName(String body, String code, String field) {
        var answer = world.with(Scope.ADMIN).post("/v1/keys", body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.field()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({"limit=0, limit", "limit=101, limit", "limit=x, limit", "limit=1&limit=2, limit", "colour=red, colour"})
    void refusesAWrongParameterByName(String query, String field) {
        var answer = world.with(Scope.ADMIN).get("/v1/keys?" + query);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.field()).isEqualTo(field);
    }

    @Test
    void refusesAMistypedKeyAndOtherSchemes() {
        var key = world.key(Workspaces.MAIN, KeyKind.LIVE, Scope.READ);
        var typo = key.substring(0, 20) + (key.charAt(20) == 'a' ? 'b' : 'a') + key.substring(21);

        assertThat(world.client()
                        .with("Authorization", "Bearer " + typo)
                        .get("/v1/me")
                        .code())
                .isEqualTo("invalid_key");
        assertThat(world.client()
                        .with("Authorization", "Basic " + key)
                        .get("/v1/me")
                        .code())
                .isEqualTo("missing_key");
    }
}
