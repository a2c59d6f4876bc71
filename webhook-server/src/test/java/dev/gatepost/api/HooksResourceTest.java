package dev.gatepost.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.gatepost.hook.Consumer;
import dev.gatepost.hook.HookEvent;
import dev.gatepost.hook.SubscriptionDraft;
import dev.gatepost.hook.Subscriptions;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HooksResourceTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final List<String> received = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private ApiWorld world;

    @BeforeEach
    void start() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        world = new ApiWorld(List.of(), Map.of("GATEPOST_EGRESS_ALLOW", "smtp=127.77.0.0/16,hook=127.0.0.0/8"));
    }

    @AfterEach
    void stop() {
        world.close();
        receiver.stop(0);
    }

    @Test
    void tellsAReceiverWhatHappens() {
        var admin = world.with(Scope.ADMIN);
        var made = admin.post("/v1/hooks", subscription("credits.low"));
        var id = made.body().path("id").asText();
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().path("secret").asText()).startsWith("whsec_");
        admin.post("/v1/credits/grants", "{\"amount\":5}");

        world.books()
                .database()
                .<Object>write(handle ->
                        world.books().ledger().post(handle, Workspaces.MAIN, posting -> posting.reserve("a", "v1")));

        await().atMost(SOON).until(() -> received.size() == 1);
        var alarm = admin.get("/v1/credits/alarms").body().path("data").get(0);
        assertThat(received.getFirst()).as("same keys as the list").isEqualTo(alarm.toString());
        await().atMost(SOON)
                .until(() -> admin.get("/v1/hooks/" + id + "/deliveries")
                        .body()
                        .toString()
                        .contains("delivered"));
        var delivery =
                admin.get("/v1/hooks/" + id + "/deliveries").body().path("data").get(0);
        assertThat(delivery.path("status").asInt()).isEqualTo(204);

        admin.send(
                "POST",
                "/v1/hooks/" + id + "/deliveries/" + delivery.path("id").asText() + "/redeliver",
                ApiClient.NOTHING,
                "");
        await().atMost(SOON).until(() -> received.size() == 2);
    }

    @Test
    void listsTestsRotatesAndRemoves() {
        var admin = world.with(Scope.ADMIN);
        var one = admin.post("/v1/hooks", subscription("credits.low")).body();
        admin.post("/v1/hooks", subscription("email.rejected"));
        var path = "/v1/hooks/" + one.path("id").asText();

        assertThat(admin.get("/v1/hooks").body().path("data")).hasSize(2);
        assertThat(admin.get("/v1/hooks").body().toString()).doesNotContain("whsec_");
        assertThat(admin.send("POST", path + "/test", ApiClient.NOTHING, "")
                        .body()
                        .toString())
                .isEqualTo("{\"delivered\":true,\"status\":204,\"outcome\":\"delivered\"}");
        assertThat(received.getFirst()).contains("\"threshold\":100");
        assertThat(admin.send("POST", path + "/rotate", ApiClient.NOTHING, "")
                        .body()
                        .path("secret")
                        .asText())
                .startsWith("whsec_")
                .isNotEqualTo(one.path("secret").asText());
        assertThat(world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.ADMIN)
                        .delete(path)
                        .status())
                .isEqualTo(204);
        assertThat(admin.get(path).status()).as("another workspace's").isEqualTo(200);
        assertThat(admin.delete(path).status()).isEqualTo(204);
        assertThat(admin.delete(path).status()).as("again").isEqualTo(204);
        assertThat(admin.get(path).status()).isEqualTo(404);
        assertThat(admin.get("/v1/hooks").body().path("data")).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {"url":"https://10.0.0.7/x","events":["credits.low"]}                            | url
            {"url":"https://example.com/x#y","events":["credits.low"]}                       | url
            {"url":"https://a:b@example.com/x","events":["credits.low"]}                     | url
            {"url":"https://example.com/x","events":["credits.low"],"consumer":"zapier"}     | url
            {"url":"https://hooks.zapier.com/x","events":["credits.low"],"consumer":"slack"} | consumer
            {"url":"https://example.com/x","events":[]}                                      | events
            {"url":"https://example.com/x"}                                                  | events
            {"url":"https://example.com/x","events":["credits.low","nonsense"]}              | events
            {"url":"https://example.com/x","events":["credits.low"],"label":"lovely"}        | label
            """)
    @DisplayName("Bad input: targets, events and filters are refused with the field's name")
    void refuses(String body, String field) {
        var refused = world.with(Scope.ADMIN).post("/v1/hooks", body);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.field()).isEqualTo(field);
    }

    @Test
    @DisplayName("Bad input: the 10,001st subscription of a workspace is refused with what to do")
    void refusesMoreSubscriptionsThanAWorkspaceMayHave() {
        var hooks = world.product.hooks();
        world.books().database().<Object>write(handle -> {
            for (int i = 0; i < Subscriptions.PER_WORKSPACE_MAX; i++) {
                hooks.subscribe(
                        handle,
                        By.COMMAND.in(Workspaces.MAIN),
                        new SubscriptionDraft(
                                Workspaces.MAIN,
                                "https://hooks.zapier.com/" + i,
                                Set.of(HookEvent.CREDITS_LOW),
                                "",
                                Set.of(),
                                Consumer.ZAPIER,
                                ""));
            }
            return true;
        });
        hooks.changed();
        var admin = world.with(Scope.ADMIN);

        var refused = admin.post("/v1/hooks", subscription("credits.low"));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("detail").asText())
                .contains("at most 10000 webhook subscriptions", "remove some");
        var first = admin.get("/v1/hooks?limit=1").body().path("data").get(0);
        assertThat(admin.delete("/v1/hooks/" + first.path("id").asText()).status())
                .isEqualTo(204);
        assertThat(admin.post("/v1/hooks", subscription("credits.low")).status())
                .isEqualTo(201);
        assertThat(world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.ADMIN)
                        .post("/v1/hooks", subscription("credits.low"))
                        .status())
                .as("another workspace")
                .isEqualTo(201);
    }

    @Test
    void endsASubscriptionWithTheKeyThatMadeIt() {
        var admin = world.with(Scope.ADMIN);
        world.with(Scope.READ).post("/v1/hooks", subscription("credits.low"));
        admin.post("/v1/hooks", subscription("email.rejected"));
        var keys = admin.get("/v1/keys").body().path("data");
        keys.forEach(key -> {
            if (key.path("scopes").toString().equals("[\"read\"]")) {
                admin.delete("/v1/keys/" + key.path("id").asText());
            }
        });

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(admin.get("/v1/hooks").body().path("data")).hasSize(1));
        assertThat(admin.get("/v1/hooks").body().toString()).contains("email.rejected");
    }

    private String subscription(String event) {
        return "{\"url\":\"http://127.0.0.1:" + receiver.getAddress().getPort() + "/in\",\"events\":[\"" + event
                + "\"]}";
    }
}
