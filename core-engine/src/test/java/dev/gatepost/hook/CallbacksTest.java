package dev.gatepost.hook;

import static dev.gatepost.hook.HookWorld.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.store.Dialect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class CallbacksTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final HookWorld world;

    CallbacksTest(Dialect dialect) {
        world = new HookWorld(dialect);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void postsTheAnswerOnceHoweverOftenItIsGiven() {
        world.hooks.start();
        expect("v1", world.url("/back"));

        answered("v1", "{\"id\":\"v1\"}");
        answered("v1", "{\"id\":\"other\"}");
        expect("v1", world.url("/other"));

        await().atMost(SOON).until(() -> state("v1").equals("ended 200 delivered"));
        assertThat(world.bodies("/back")).containsExactly("{\"id\":\"v1\"}");
        assertThat(world.seen.getFirst().id()).isEqualTo("v1");
        assertThat(world.seen).hasSize(1);
        assertThat(body("v1")).as("the address is not kept").isEmpty();
    }

    @Test
    void tellsNobodyBeforeThereIsAnAnswerOrAfterItWasWithdrawn() {
        world.hooks.start();
        expect("v1", world.url("/never"));
        expect("v2", world.url("/never"));
        expect("v3", world.url("/back"));
        write(handle -> world.outbox.callbacks().withdraw(handle, "v2"));
        answered("v2", "{}");
        answered("v4", "{}");

        answered("v3", "{}");

        await().atMost(SOON).until(() -> world.seen.size() == 1);
        assertThat(world.bodies("/never")).isEmpty();
        assertThat(state("v1")).isEqualTo("open 0 ");
    }

    @Test
    @DisplayName("T3: an answer stored before a kill is posted after the next start")
    void survivesAKillBeforeItWasSent() {
        expect("v1", world.url("/back"));
        answered("v1", "{}");
        assertThat(world.seen).isEmpty();

        world.hooks.start();

        await().atMost(SOON).until(() -> world.bodies("/back").size() == 1);
    }

    @Test
    @DisplayName("T3: a call that a kill broke off is not repeated")
    void isNotRepeatedAfterAKillDuringTheCall() {
        expect("v1", world.url("/back"));
        answered("v1", "{}");
        world.later(Callbacks.ANSWER_FIRST);
        var now = Instant.now().plus(Callbacks.ANSWER_FIRST);
        assertThat(world.store.database().<List<Callbacks.Row>>write(handle -> Callbacks.take(handle, now, 10)))
                .hasSize(1);
        assertThat(world.store.database().<List<Callbacks.Row>>write(handle -> Callbacks.take(handle, now, 10)))
                .as("a second node")
                .isEmpty();

        world.later(Callbacks.HELD);
        world.hooks.start();

        await().atMost(SOON).until(() -> state("v1").equals("ended 0 broken off here; it may have arrived"));
        assertThat(world.seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 301, 400, 401, 404, 408, 410, 422, 500, 502, 504})
    void isNotRepeatedWhenTheReceiverMayHaveIt(int status) {
        world.receivers.put("/back", answering(status, "Location", world.url("/elsewhere")));
        world.hooks.start();
        expect("v1", world.url("/back"));
        answered("v1", "{}");

        await().atMost(SOON).until(() -> state("v1").startsWith("ended " + status));
        world.later(Duration.ofDays(2));
        expect("v2", world.url("/last"));
        answered("v2", "{}");
        await().atMost(SOON).until(() -> world.bodies("/last").size() == 1);
        assertThat(world.bodies("/back")).hasSize(1);
        assertThat(world.bodies("/elsewhere")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {425, 429, 503})
    void isRepeatedWhenTheReceiverSaysThatItDidNothing(int status) {
        var calls = new AtomicInteger();
        world.receivers.put("/back", exchange -> {
            if (calls.incrementAndGet() == 1) {
                exchange.getResponseHeaders().add("Retry-After", "0");
                exchange.sendResponseHeaders(status, -1);
            } else {
                exchange.sendResponseHeaders(200, -1);
            }
        });
        world.hooks.start();
        expect("v1", world.url("/back"));
        answered("v1", "{}");

        await().atMost(SOON).until(() -> state("v1").equals("waiting " + status + " answered " + status));
        assertThat(calls).hasValue(1);
        world.later(Duration.ofMinutes(2));
        await().atMost(SOON).until(() -> state("v1").equals("ended 200 delivered"));
        assertThat(calls).hasValue(2);
    }

    @Test
    void isNotRepeatedWhenTheConnectionBreaksAfterItWasSent() {
        world.receivers.put("/back", _ -> {
            throw new IOException("closed without an answer");
        });
        world.hooks.start();
        expect("v1", world.url("/back"));
        answered("v1", "{}");

        await().atMost(SOON).until(() -> state("v1").startsWith("ended 0 no answer"));
        assertThat(world.bodies("/back")).hasSize(1);
    }

    @Test
    void isRepeatedWhenNobodyListened() throws IOException {
        world.hooks.start();
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        expect("v1", "http://127.0.0.1:" + port + "/back");
        answered("v1", "{}");

        await().atMost(SOON).until(() -> state("v1").startsWith("waiting 0 no connection"));
        assertThat(body("v1")).isEqualTo("{}");
    }

    @Test
    @DisplayName("E5: a host that is not Zapier's is refused when it is dialled too")
    void isNotPostedElsewhere() {
        world.hooks.start();
        expect("v1", "https://zapier.com.example.net/back");
        answered("v1", "{}");

        await().atMost(SOON).until(() -> state("v1").startsWith("ended 0 "));
        assertThat(state("v1")).contains("zapier.com");
        assertThat(world.seen).isEmpty();
    }

    @Test
    void forgetsWhatEndedAndWhatNobodyWaitsFor() {
        expect("v1", world.url("/back"));
        expect("v2", world.url("/back"));
        answered("v2", "{}");
        write(handle -> world.outbox.erase(handle, "main", "v2"));
        var later = Instant.now().plus(Duration.ofDays(29));
        assertThat(purge(later)).isZero();
        assertThat(purge(later.plus(Duration.ofDays(2)))).isEqualTo(1);
        assertThat(states()).isEmpty();
    }

    private int purge(Instant now) {
        return world.store.database().write(handle -> Callbacks.purge(handle, now.minusSeconds(1), now, 10));
    }

    private void expect(String id, String url) {
        write(handle -> world.outbox.callbacks().expect(handle, "main", id, url));
    }

    private void answered(String id, String body) {
        write(handle -> world.outbox.callbacks().answered(handle, id, body));
    }

    private void write(Consumer<Handle> work) {
        world.store.database().write(handle -> {
            work.accept(handle);
            return true;
        });
    }

    private String state(String id) {
        return column("state || ' ' || status || ' ' || outcome", id);
    }

    private String body(String id) {
        return column("body", id);
    }

    private String column(String expression, String id) {
        return world.store
                .database()
                .read(handle -> handle.createQuery(
                                "select " + expression + " from hook_callback where verification_id = :id")
                        .bind("id", id)
                        .mapTo(String.class)
                        .findOne()
                        .orElse("none"));
    }

    private List<String> states() {
        return world.store
                .database()
                .read(handle -> handle.createQuery("select state from hook_callback")
                        .mapTo(String.class)
                        .list());
    }
}
