package dev.gatepost.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.api.ApiClient.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What tests of lists ask of the API. */
final class ListCalls {
    static final Duration SOON = Duration.ofSeconds(60);
    static final JsonMapper JSON = new JsonMapper();

    private ListCalls() {}

    static Answer hand(ApiClient client, String query, String type, String list) {
        return client.send("POST", "/v1/batches" + query, list.getBytes(UTF_8), type);
    }

    static String handed(ApiClient client, String type, String list) {
        var answer = hand(client, "", type, list);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
        return answer.body().path("id").asText();
    }

    static JsonNode awaitEnd(ApiClient client, String id) {
        await().atMost(SOON)
                .until(() -> client.get("/v1/batches/" + id)
                        .body()
                        .path("state")
                        .asText()
                        .equals("finished"));
        return client.get("/v1/batches/" + id).body();
    }

    static List<String> csv(ApiClient client, String id) {
        var answer = client.get("/v1/batches/" + id + "/results");
        assertThat(answer.status()).isEqualTo(200);
        return List.of(new String(answer.response().body(), UTF_8).split("\r\n", -1));
    }

    static List<JsonNode> lines(ApiClient client, String id) {
        var answer = client.get("/v1/batches/" + id + "/results?format=ndjson");
        var lines = new ArrayList<JsonNode>();
        try {
            for (var line : new String(answer.response().body(), UTF_8).split("\n", 0)) {
                lines.add(JSON.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }
}
