package dev.gatepost.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.gatepost.ledger.Grant;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the Zapier app was written for is what the server says. */
class ZapierContractTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Path APP = Path.of("../connector-zapier/zapier-app/src");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SAMPLE_LINE = Pattern.compile("^ {2}(\\w+): (.+),$", Pattern.MULTILINE);
    private static final Pattern FIELD =
            Pattern.compile("key: '(\\w+)', label: '[^']+', type: '(\\w+)'(, list: true)?");

    /** One call to the receiver. */
    private record Seen(String method, String body) {}

    private final List<Seen> received = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private ApiWorld world;
    private ApiClient client;

    @BeforeEach
    void start() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            received.add(new Seen(exchange.getRequestMethod(), body));
            paths.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        world = new ApiWorld(List.of(), Map.of("GATEPOST_EGRESS_ALLOW", "smtp=127.77.0.0/16,hook=127.0.0.0/8"));
        client = world.with(Scope.VERIFY, Scope.READ);
        world.books().credits().grant(Workspaces.MAIN, Grant.of("grant", 5, "test"));
    }

    @AfterEach
    void stop() {
        world.close();
        receiver.stop(0);
    }

    @Test
    @DisplayName(
            "T001: answer, list, hook, its sample, the app's sample and its output fields have the same keys and types")
    void hasTheSameKeysEverywhere() throws Exception {
        var hook = client.post("/v1/hooks", hook("verification.completed")).body();
        var answer = client.post("/v1/verify", "{\"email\":\"jane.miller@works.sandbox-mail.com\"}")
                .body();
        await().atMost(SOON).until(() -> received.size() == 1);
        client.send("POST", "/v1/hooks/" + hook.path("id").asText() + "/test", ApiClient.NOTHING, "");
        var wanted = shape(answer);

        assertThat(shape(client.get("/v1/verifications?limit=1")
                        .body()
                        .path("data")
                        .get(0)))
                .as("list")
                .isEqualTo(wanted);
        assertThat(JSON.readTree(received.get(0).body())).as("hook").isEqualTo(answer);
        assertThat(shape(JSON.readTree(received.get(1).body())))
                .as("hook's sample")
                .isEqualTo(wanted);
        assertThat(appSample()).as("the app's sample").isEqualTo(wanted);
        assertThat(appFields()).as("the app's output fields").isEqualTo(wanted);
    }

    @Test
    void listsWhatATriggerWouldHaveBeenTold() {
        client.post("/v1/verify", "{\"email\":\"jane.miller@works.sandbox-mail.com\"}");
        client.post("/v1/verify", "{\"email\":\"no address\"}");

        assertThat(emails("decision=reject&final=true")).containsExactly("no address");
        assertThat(emails("decision=accept&final=true&label=valid&workflow=standard"))
                .containsExactly("jane.miller@works.sandbox-mail.com");
        assertThat(emails("final=false")).isEmpty();
        assertThat(emails("email=no%20address")).containsExactly("no address");
        assertThat(emails("email=other%20text")).isEmpty();
        assertThat(client.get("/v1/verifications?final=yes").field()).isEqualTo("final");
        assertThat(client.get("/v1/verifications?decision=refuse").field()).isEqualTo("decision");
    }

    @Test
    void namesTheWorkspaceForTheConnectionsLabel() {
        assertThat(client.get("/v1/me").body().path("workspace_name").asText()).isEqualTo("Main");
    }

    @Test
    @DisplayName("A revoked key ends its subscriptions, and Zapier is told by DELETE; other receivers are not")
    void tellsZapierThatAKeyIsRevoked() {
        client.post("/v1/hooks", hook("credits.low").replace("}", ",\"consumer\":\"zapier\"}"));
        client.post("/v1/hooks", hook("email.rejected"));
        var id = client.get("/v1/me").body().path("key_id").asText();

        var admin = world.with(Scope.ADMIN);
        assertThat(admin.delete("/v1/keys/" + id).status()).isEqualTo(204);

        await().atMost(SOON).until(() -> !received.isEmpty());
        await().atMost(SOON)
                .until(() -> admin.get("/v1/hooks").body().path("data").isEmpty());
        assertThat(received).containsExactly(new Seen("DELETE", ""));
    }

    @Test
    @DisplayName("A Zap that a person removes is told by DELETE; one that is switched off knows")
    void tellsZapierThatAPersonRemovedIt() {
        var zap = hook("credits.low").replace("}", ",\"consumer\":\"zapier\"}");
        var switchedOff = client.post("/v1/hooks", zap).body().path("id").asText();
        var taken = client.post("/v1/hooks", zap.replace("/in", "/taken"))
                .body()
                .path("id")
                .asText();
        var last = client.post("/v1/hooks", zap.replace("/in", "/last"))
                .body()
                .path("id")
                .asText();

        client.delete("/v1/hooks/" + switchedOff);
        world.as(ApiWorld.OTHER, Role.OWNER).delete("/v1/hooks/" + taken);
        world.as(Workspaces.MAIN, Role.OWNER).delete("/v1/hooks/" + taken);
        await().atMost(SOON).until(() -> paths.equals(List.of("/taken")));
        world.with(Scope.ADMIN).delete("/v1/hooks/" + last);

        await().atMost(SOON).until(() -> paths.equals(List.of("/taken", "/last")));
        assertThat(received).containsOnly(new Seen("DELETE", ""));
        assertThat(client.get("/v1/hooks").body().path("data").isEmpty()).isTrue();
    }

    private List<String> emails(String query) {
        return client.get("/v1/verifications?" + query).body().path("data").findValuesAsText("email");
    }

    private String hook(String event) {
        return "{\"url\":\"http://127.0.0.1:%d/in\",\"events\":[\"%s\"]}"
                .formatted(receiver.getAddress().getPort(), event);
    }

    private static Map<String, String> shape(JsonNode object) {
        var shape = new LinkedHashMap<String, String>();
        object.properties().forEach(each -> shape.put(each.getKey(), type(each.getKey(), each.getValue())));
        return shape;
    }

    private static String type(String key, JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> "boolean";
            case ARRAY -> "list";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> key.equals("verified_at") || key.equals("valid_until") ? "datetime" : "string";
        };
    }

    private static Map<String, String> appSample() throws Exception {
        var text = Files.readString(APP.resolve("verification.ts"));
        var from = text.indexOf("export const sample = {");
        var lines = SAMPLE_LINE.matcher(text.substring(from, text.indexOf("};", from)));
        var shape = new LinkedHashMap<String, String>();
        while (lines.find()) {
            var value = JSON.readTree(lines.group(2).replace('\'', '"'));
            shape.put(lines.group(1), type(lines.group(1), value));
        }
        return shape;
    }

    private static Map<String, String> appFields() throws Exception {
        var fields = FIELD.matcher(Files.readString(APP.resolve("verification.ts")));
        var shape = new LinkedHashMap<String, String>();
        while (fields.find()) {
            shape.put(fields.group(1), fields.group(3) == null ? fields.group(2) : "list");
        }
        return shape;
    }
}
