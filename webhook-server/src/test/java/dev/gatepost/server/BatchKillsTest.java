package dev.gatepost.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list whose server is killed while it works it off. */
class BatchKillsTest {
    private static final int ADDRESSES = 2_000;
    private static final int KILLS = 4;
    private static final Duration END_MAX = Duration.ofMinutes(4);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    @DisplayName("P3, T3: killed four times among 2,000 addresses of a list, it answers each and charges each once")
    void losesNoRowAndChargesNoneTwiceWhenKilled() throws Exception {
        try (var server = new ServerProcess(folder)) {
            server.run("credits", "grant", Integer.toString(2 * ADDRESSES));
            var key = server.run("key", "create", "--scopes", "bulk");
            var id = hand(server, key);
            for (int kill = 1; kill <= KILLS; kill++) {
                var wanted = kill * ADDRESSES / (KILLS + 2);
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(END_MAX)
                        .until(() -> show(server, key, id).path("done").asInt() >= wanted);
                server.kill();
                server.start();
            }
            await().atMost(END_MAX)
                    .until(() -> show(server, key, id).path("state").asText().equals("finished"));

            var done = show(server, key, id);
            assertThat(done.path("done").asInt()).isEqualTo(ADDRESSES);
            assertThat(done.path("credits_charged").asInt()).isEqualTo(ADDRESSES);
            assertThat(server.run("credits", "--json"))
                    .startsWith("{\"available\":" + ADDRESSES + ",\"reserved\":0,\"spent\":" + ADDRESSES + ",");
            assertThat(server.run("ledger", "verify")).startsWith("sound");
            assertThat(results(server, key, id)).hasSize(ADDRESSES).allMatch(row -> row.contains(",charged,"));
        }
    }

    private String hand(ServerProcess server, String key) throws IOException, InterruptedException {
        var list = IntStream.range(0, ADDRESSES)
                .mapToObj(i -> "person" + i + "@" + ServerProcess.DOMAIN)
                .collect(Collectors.joining("\n", "email\n", "\n"));
        var answer = http.send(
                HttpRequest.newBuilder(server.at("/v1/batches"))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(list))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body()).path("id").asText();
    }

    private JsonNode show(ServerProcess server, String key, String id) throws IOException, InterruptedException {
        return JSON.readTree(get(server, key, "/v1/batches/" + id));
    }

    private List<String> results(ServerProcess server, String key, String id) throws IOException, InterruptedException {
        return get(server, key, "/v1/batches/" + id + "/results")
                .lines()
                .skip(1)
                .toList();
    }

    private String get(ServerProcess server, String key, String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(server.at(path))
                                .header("Authorization", "Bearer " + key)
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
