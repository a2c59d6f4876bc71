package dev.gatepost.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatepost.http.HttpServer;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Ids;
import dev.gatepost.store.Stores;
import dev.gatepost.workspace.ApiKeys;
import dev.gatepost.workspace.Idempotency;
import dev.gatepost.workspace.MasterKey;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Secrets;
import dev.gatepost.workspace.Workspaces;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Work of many transactions that is done under an Idempotency-Key. */
class OnceTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-26T07:00:00Z"));
    private final InstantSource clock = now::get;
    private final Stores store = Stores.fresh(Dialect.SQLITE);
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicReference<Supplier<String>> work = new AtomicReference<>(() -> "done");
    private final HttpServer http;
    private final int port;

    OnceTest() {
        var database = store.database();
        new Workspaces(database, clock).ensureMain();
        var random = new SecureRandom();
        var ids = new Ids(clock, new Random(1));
        var key = MasterKey.parse(Base64.getEncoder()
                .encodeToString("a key for tests, 32 bytes long..".getBytes(StandardCharsets.UTF_8)));
        var kept = new Idempotency(Secrets.open(database, key, random), clock);
        var once = new Once(database, kept, ids, Duration.ofMillis(5));
        var owner = new Caller.ByPerson("ann", Workspaces.MAIN, Role.OWNER);
        Resource things = () -> List.of(Route.post(
                "/v1/things",
                Permit.people(Role.OWNER),
                call -> once.around(
                        call,
                        () -> {
                            runs.incrementAndGet();
                            return requireNonNull(work.get()).get();
                        },
                        (_, done) ->
                                Reply.ok(JsonNodeFactory.instance.objectNode().put("is", done)))));
        var callers = new Callers(new ApiKeys(database, ids, clock, random), _ -> Optional.of(owner), clock);
        http = new HttpServer(
                new HttpServer.Bind("127.0.0.1", 0, false), List.of(new Api(List.of(things), callers, clock)));
        port = http.start();
    }

    @AfterEach
    void close() {
        http.close();
        store.close();
    }

    private HttpResponse<String> call() throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/things"))
                        .header("Idempotency-Key", "k")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private static boolean isReplayed(HttpResponse<String> answer) {
        return answer.headers().firstValue("Idempotency-Replayed").isPresent();
    }

    private void assertStillRunning() throws Exception {
        var answer = call();
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("still_running");
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    @DisplayName("K2, K3: however long the first works, the same request is told so, and then given its answer")
    void tellsThatTheFirstStillWorks() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        work.set(() -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "done";
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(this::call);
            begun.await();
            for (int i = 0; i < 3; i++) {
                assertStillRunning();
                pass(Idempotency.HELD.minusSeconds(1));
                await().atMost(LONG).until(this::isHeldFromNowOn);
            }
            end.countDown();
            assertThat(first.get().statusCode()).isEqualTo(200);
            assertThat(isReplayed(first.get())).isFalse();
            var second = call();
            assertThat(isReplayed(second)).isTrue();
            assertThat(second.body()).isEqualTo(first.get().body());
        }
        assertThat(runs).hasValue(1);
    }

    private boolean isHeldFromNowOn() {
        var until = requireNonNull(now.get()).plus(Idempotency.HELD).toEpochMilli();
        return store.database()
                .<Boolean>read(handle -> handle.createQuery("select held_until = :until from idempotency")
                        .bind("until", until)
                        .mapTo(Boolean.class)
                        .one());
    }

    @Test
    @DisplayName(
            "K3: when the process dies in the middle, the same request begins anew a minute later, not in three days")
    void beginsAnewAfterADeath() throws Exception {
        work.set(() -> {
            throw new Died();
        });
        assertThat(call().statusCode()).isEqualTo(500);
        work.set(() -> "done");
        assertStillRunning();
        pass(Idempotency.HELD.minusMillis(1));
        assertStillRunning();

        pass(Duration.ofMillis(1));
        var again = call();
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(isReplayed(again)).isFalse();
        assertThat(isReplayed(call())).isTrue();
        assertThat(runs).hasValue(2);
    }

    /** Nothing of ours catches it, so that it leaves what the end of a process leaves. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    @DisplayName("K2: work that fails keeps nothing, and the same request begins anew at once")
    void beginsAnewAfterAFailure() throws Exception {
        work.set(() -> {
            throw new IllegalStateException("fails");
        });
        assertThat(call().statusCode()).isEqualTo(500);
        work.set(() -> "done");

        assertThat(call().statusCode()).isEqualTo(200);
        assertThat(isReplayed(call())).isTrue();
        assertThat(runs).hasValue(2);
    }
}
