package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.connector.Answer;
import dev.gatepost.store.Dialect;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that sends more than it may. */
@ParameterizedClass
@EnumSource(Dialect.class)
class IntakeRateTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final PipelineWorld world;
    private final FakeCrm crm;

    IntakeRateTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        world.grant(100);
        for (int i = 1; i <= 12; i++) {
            crm.emails.put(String.valueOf(i), "p" + i + "@example.org");
        }
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Answer deliver(int first, int last) {
        return world.accept(IntStream.rangeClosed(first, last)
                .mapToObj(i -> "1 CREATED " + i + " e" + i)
                .toArray(String[]::new));
    }

    @Test
    @DisplayName(
            "I5: above its rate a connection is answered 429 with Retry-After, and nothing of the delivery is stored")
    void turnsAway() {
        world.choose(Map.of("intake_per_second", "1"));
        assertThat(deliver(1, 9).status()).isEqualTo(200);

        var refused = deliver(10, 11);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers().get("Retry-After")).matches("[1-9]|1[01]");
        assertThat(world.query("select id from event")).hasSize(9);
        assertThat(world.troubles()
                        .health(world.connection().id())
                        .orElseThrow()
                        .turnedAway())
                .isEqualTo(1);
        assertThat(deliver(12, 12).status()).as("one more has room").isEqualTo(200);
        world.pass(Duration.ofSeconds(11));
        assertThat(deliver(10, 11).status()).as("as its sender repeats it").isEqualTo(200);
        assertThat(world.query("select id from event")).hasSize(12);
    }

    @Test
    @DisplayName("I8: what was turned away and is never sent again is found by looking, once, for one credit each")
    void losesNothing() {
        world.choose(Map.of("intake_per_second", "1"));
        world.start();
        await().atMost(SOON).until(() -> !crm.listings.isEmpty());
        crm.tellsChanges = true;
        assertThat(deliver(1, 10).status()).isEqualTo(200);

        assertThat(deliver(11, 12).status()).isEqualTo(429);

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(crm.written).hasSize(12);
            assertThat(world.balance()).isEqualTo("88 0 12");
        });
        assertThat(world.verified).doesNotHaveDuplicates();
    }

    @Test
    void hindersNobodyUnlessItIsLowered() {
        for (int i = 0; i < 50; i++) {
            assertThat(deliver(1, 12).status()).isEqualTo(200);
        }
    }

    @Test
    void countsOnlyWhatIsAuthentic() {
        world.choose(Map.of("intake_per_second", "1"));
        for (int i = 0; i < 30; i++) {
            assertThat(world.accept("bad signature").status()).isEqualTo(401);
        }
        assertThat(deliver(1, 10).status()).isEqualTo(200);
    }
}
