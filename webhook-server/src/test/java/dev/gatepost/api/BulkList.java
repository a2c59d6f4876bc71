package dev.gatepost.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A list handed in to {@code POST /v1/batches}, and taken back when it is told to stop. */
final class BulkList implements BulkWork {
    /** More than are verified until it is taken back. */
    private static final int ADDRESSES = 20_000;

    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern DONE = Pattern.compile("\"done\":(\\d+)");

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger people = new AtomicInteger();
    private final URI batches;
    private final String key;
    private final String domain;
    private String id = "";

    BulkList(int port, String key, String domain) {
        this.batches = URI.create("http://127.0.0.1:" + port + "/v1/batches");
        this.key = key;
        this.domain = domain;
    }

    @Override
    public String name() {
        return "a list";
    }

    @Override
    public int done() throws IOException, InterruptedException {
        return Integer.parseInt(found(DONE, ask(HttpRequest.newBuilder(URI.create(batches + "/" + id)))));
    }

    @Override
    public AutoCloseable begin() throws IOException, InterruptedException {
        var list = IntStream.range(0, ADDRESSES)
                .mapToObj(_ -> "\"member%d@%s\"".formatted(people.incrementAndGet(), domain))
                .collect(Collectors.joining("\n"));
        id = found(
                ID,
                ask(HttpRequest.newBuilder(batches)
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString(list))));
        return () -> ask(HttpRequest.newBuilder(URI.create(batches + "/" + id)).DELETE());
    }

    private String ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer =
                client.send(request.header("Authorization", "Bearer " + key).build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static String found(Pattern pattern, String text) throws IOException {
        var match = pattern.matcher(text);
        if (!match.find()) {
            throw new IOException(text);
        }
        return match.group(1);
    }
}
