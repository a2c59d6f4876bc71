package dev.gatepost.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Calls the API and holds every exchange to the OpenAPI description. */
public final class ApiClient {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    /** No body. */
    static final byte[] NOTHING = {};

    private static final JsonMapper JSON = new JsonMapper();
    private static final Contract CONTRACT = new Contract();

    private final int port;
    private final List<Map.Entry<String, String>> headers;

    ApiClient(int port, List<Map.Entry<String, String>> headers) {
        this.port = port;
        this.headers = List.copyOf(headers);
    }

    /** An answer that kept the contract. */
    public record Answer(int status, JsonNode body, HttpResponse<byte[]> response) {

        /** A header's first value, or nothing. */
        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The problem's code; empty when it is none. */
        public String code() {
            return body.path("code").asText();
        }

        /** The field the problem is about. */
        public String field() {
            return body.path("field").asText();
        }
    }

    /** The same client with one more header. */
    public ApiClient with(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new ApiClient(port, more);
    }

    public Answer get(String path) {
        return send("GET", path, NOTHING, "");
    }

    public Answer delete(String path) {
        return send("DELETE", path, NOTHING, "");
    }

    /**
     * Posts a body.
     *
     * @param json need not be JSON
     */
    public Answer post(String path, String json) {
        return send("POST", path, json.getBytes(UTF_8), Reply.JSON);
    }

    public Answer put(String path, String json) {
        return send("PUT", path, json.getBytes(UTF_8), Reply.JSON);
    }

    /** Any request. */
    public Answer send(String method, String path, byte[] body, String contentType) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach(header -> request.header(header.getKey(), header.getValue()));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        try {
            var response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            CONTRACT.check(method, path.replaceAll("\\?.*", ""), body, response);
            return new Answer(response.statusCode(), parsed(response), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode parsed(HttpResponse<byte[]> response) throws IOException {
        var isJson = response.headers().firstValue("Content-Type").orElse("").contains("json");
        return isJson ? JSON.readTree(response.body()) : JSON.missingNode();
    }
}
