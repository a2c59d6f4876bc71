package dev.gatepost.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody waits for a final answer, as the Zapier step <em>Verify Email and Wait</em> does, and the server is killed. */
class CallbackKillTest {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final JsonMapper JSON = new JsonMapper();

    /** The mail host puts strangers off for 20 s. */
    private static final String PUT_OFF = "jane@greylists.sandbox-mail.com";

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private HttpServer receiver;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            received.add(JSON.readTree(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    @DisplayName(
            "T3: killed while a verification waits to be final, it calls back once after the next start, and never again")
    void callsBackOnceAfterAKill() throws Exception {
        try (var server = new ServerProcess(
                folder,
                Map.of(
                        "GATEPOST_EGRESS_ALLOW",
                        "smtp=127.77.0.0/16,dns=127.0.0.0/8,hook=127.0.0.0/8",
                        "GATEPOST_SMTP_RECHECK",
                        "9s,9s,9s,9s,9s,9s"))) {
            server.run("credits", "grant", "10");
            var key = server.run("key", "create", "--name", "zapier");
            var id = ask(server, key, PUT_OFF).path("id").asText();
            await().atMost(SOON)
                    .until(() -> call(server, key, "/v1/verifications/" + id)
                            .path("reason")
                            .asText()
                            .equals("greylisted"));
            server.kill();
            assertThat(received).isEmpty();

            server.start();

            await().atMost(SOON).until(() -> received.size() == 1);
            var told = received.getFirst();
            assertThat(told.path("id").asText()).isEqualTo(id);
            assertThat(told.path("final").asBoolean()).isTrue();
            assertThat(told.path("status").asText()).isEqualTo("valid");
            assertThat(told.path("billing").asText()).isEqualTo("charged");

            server.kill();
            server.start();
            ask(server, key, "no address");
            await().atMost(SOON).until(() -> received.size() > 1);
            assertThat(received).extracting(each -> each.path("email").asText()).containsExactly(PUT_OFF, "no address");
            assertThat(server.run("ledger", "verify")).startsWith("sound");
        }
    }

    private JsonNode ask(ServerProcess server, String key, String address) throws IOException, InterruptedException {
        var body = JSON.createObjectNode()
                .put("email", address)
                .put("callback_url", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/back");
        var request = HttpRequest.newBuilder(server.at("/v1/verify"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body());
    }

    private JsonNode call(ServerProcess server, String key, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(server.at(path))
                .header("Authorization", "Bearer " + key)
                .build();
        return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    }
}
