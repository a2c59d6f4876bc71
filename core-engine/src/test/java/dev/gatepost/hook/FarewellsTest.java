package dev.gatepost.hook;

import static dev.gatepost.hook.HookWorld.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.store.Dialect;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Dialect.class)
@DisplayName("W4: that a key was revoked is told to its Zaps by DELETE")
class FarewellsTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    /** All tries of W4 lie within it, whatever their random part. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(29);

    private final HookWorld world;

    FarewellsTest(Dialect dialect) {
        world = new HookWorld(dialect);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void tellsEachZapOnceAndNoOtherReceiver() {
        subscribe("/zap/1", Consumer.ZAPIER, "revoked");
        subscribe("/zap/2", Consumer.ZAPIER, "revoked");
        subscribe("/program", Consumer.GENERIC, "revoked");
        subscribe("/command", Consumer.ZAPIER, "");

        world.hooks.start();

        await().atMost(SOON).until(() -> world.seen.size() == 2 && waiting() == 0);
        assertThat(world.seen).extracting(HookWorld.Seen::method).containsOnly("DELETE");
        assertThat(world.seen).extracting(HookWorld.Seen::path).containsExactlyInAnyOrder("/zap/1", "/zap/2");
        assertThat(world.hooks.page("main", "", 10))
                .extracting(each -> each.draft().url())
                .containsExactly(world.url("/command"));
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{}");
        await().atMost(SOON).until(() -> world.bodies("/command").equals(List.of("{}")));
        assertThat(world.seen).hasSize(3);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {200, 204, 404, 410, 400})
    void takesWhatIsNoFailureForTheEnd(int status) {
        world.receivers.put("/zap", answering(status));
        subscribe("/zap", Consumer.ZAPIER, "revoked");

        world.hooks.start();

        await().atMost(SOON).until(() -> world.seen.size() == 1 && waiting() == 0);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {429, 401, 500, 503})
    void triesAgainAfterAFailureAlsoOnceStartedAnew(int status) {
        world.receivers.put("/zap", answering(status));
        subscribe("/zap", Consumer.ZAPIER, "revoked");
        world.hooks.start();
        await().atMost(SOON).until(() -> attempts() == 1);
        assertThat(world.hooks.page("main", "", 10)).as("ended all the same").isEmpty();

        world.receivers.put("/zap", answering(200));
        world.later(Duration.ofMinutes(13));
        world.startAnew();

        await().atMost(SOON).until(() -> world.seen.size() == 2 && waiting() == 0);
    }

    @Test
    @DisplayName("T3: one that a kill broke off is told again after the next start")
    void isToldAgainAfterAKillDuringTheCall() {
        var held = world.later(Duration.ZERO).plus(Farewells.HELD);
        write("insert into hook_farewell (subscription_id, url, attempts, due_at) values ('killed', '"
                + world.url("/killed") + "', 0, " + held.toEpochMilli() + ")");
        subscribe("/other", Consumer.ZAPIER, "revoked");

        world.hooks.start();
        await().atMost(SOON).until(() -> world.seen.size() == 1);
        assertThat(world.seen.getFirst().path())
                .as("while it may still be under way")
                .isEqualTo("/other");
        world.later(Farewells.HELD);

        await().atMost(SOON).until(() -> world.seen.size() == 2 && waiting() == 0);
        assertThat(world.seen.getLast().path()).isEqualTo("/killed");
    }

    @Test
    void givesUpAfterTheLastTry() {
        var calls = new AtomicInteger();
        world.receivers.put("/zap", exchange -> {
            calls.incrementAndGet();
            answering(503).answer(exchange);
        });
        subscribe("/zap", Consumer.ZAPIER, "revoked");
        world.hooks.start();

        for (int tries = 1; tries <= 12; tries++) {
            int made = tries;
            await().atMost(SOON).until(() -> attempts() == made);
            world.later(LONGEST_WAIT);
        }

        await().atMost(SOON).until(() -> waiting() == 0);
        assertThat(calls).hasValue(13);
    }

    private void subscribe(String path, Consumer consumer, String keyId) {
        world.subscribe(new SubscriptionDraft(
                "main", world.url(path), Set.of(HookEvent.VERIFICATION_COMPLETED), "", Set.of(), consumer, keyId));
    }

    private void write(String sql) {
        world.store.database().write(handle -> handle.execute(sql));
    }

    private int attempts() {
        return world.store
                .database()
                .<Integer>read(handle -> handle.createQuery("select coalesce(max(attempts), 0) from hook_farewell")
                        .mapTo(Integer.class)
                        .one());
    }

    private int waiting() {
        return world.store
                .database()
                .<Integer>read(handle -> handle.createQuery("select count(*) from hook_farewell")
                        .mapTo(Integer.class)
                        .one());
    }
}
