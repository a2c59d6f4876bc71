package dev.gatepost.activecampaign.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Delivers webhooks: one event a request, form-encoded, never repeated. An answer of 410 switches the webhook off for good.
 * Plays ActiveCampaign, so our own egress rules are not asked; writes to loopback only.
 */
final class HookSender implements AutoCloseable {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final int CONCURRENT_MAX = 16;
    private static final MediaType FORM = MediaType.get("application/x-www-form-urlencoded");

    private final OkHttpClient http = new OkHttpClient.Builder()
            .callTimeout(ANSWER_TIMEOUT)
            .followRedirects(false)
            .build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore concurrent = new Semaphore(CONCURRENT_MAX);
    private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();

    /** Sends it once; {@code gone} runs when the answer is 410. */
    void send(String url, Map<String, String> pairs, Runnable gone) {
        var target = HttpUrl.parse(url);
        if (target == null || !List.of("localhost", "127.0.0.1", "::1").contains(target.host())) {
            throw new IllegalArgumentException("the sandbox delivers to loopback only, not to " + url);
        }
        threads.execute(() -> {
            try {
                concurrent.acquire();
                try {
                    int status = post(target, pairs);
                    answers.computeIfAbsent(status, _ -> new AtomicInteger()).incrementAndGet();
                    if (status == 410) {
                        gone.run();
                    }
                } finally {
                    concurrent.release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the sandbox closes
            }
        });
    }

    /** How many deliveries were answered so; 0 stands for no answer. */
    Map<Integer, Integer> answers() {
        return answers.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().get()));
    }

    static String form(Map<String, String> pairs) {
        return pairs.entrySet().stream()
                .map(pair -> URLEncoder.encode(pair.getKey(), UTF_8) + "=" + URLEncoder.encode(pair.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private int post(HttpUrl target, Map<String, String> pairs) {
        var request = new Request.Builder()
                .url(target)
                .post(RequestBody.create(form(pairs).getBytes(UTF_8), FORM))
                .build();
        try (var response = http.newCall(request).execute()) {
            return response.code();
        } catch (IOException e) {
            return 0; // lost: ActiveCampaign never repeats
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
