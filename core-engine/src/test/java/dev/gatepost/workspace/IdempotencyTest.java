package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.Idempotency.Turn;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class IdempotencyTest {
    private static final Asked ASKED = new Asked(Workspaces.MAIN, "POST /v1/things", "k1", "hash");

    private final WorkspaceStore world;
    private final Idempotency kept;

    IdempotencyTest(Dialect dialect) {
        world = new WorkspaceStore(dialect);
        kept = new Idempotency(world.secrets, world.clock);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Turn take(Asked asked) {
        return world.store.database().write(handle -> kept.take(handle, asked, "ref"));
    }

    @Test
    @DisplayName("K2: first, then running, then the stored answer")
    void tellsTheFirstFromThoseAfterIt() {
        assertThat(take(ASKED)).isEqualTo(new Turn.First());
        assertThat(take(ASKED)).isEqualTo(new Turn.Running("ref"));
        world.store.database().write(handle -> {
            kept.done(handle, ASKED, 201, "{\"key\":\"secret\"}");
            return 0;
        });
        assertThat(take(ASKED)).isEqualTo(new Turn.Answered(201, "{\"key\":\"secret\"}"));
        assertThat(world.store
                        .database()
                        .<String>read(handle -> handle.createQuery("select body from idempotency")
                                .mapTo(String.class)
                                .one()))
                .doesNotContain("secret");
    }

    @Test
    @DisplayName("K1: a key counts for one workspace and one route; K2: for one request")
    void keepsKeysApart() {
        take(ASKED);

        assertThat(take(new Asked("other", ASKED.route(), "k1", "hash"))).isEqualTo(new Turn.First());
        assertThat(take(new Asked(Workspaces.MAIN, "POST /v1/others", "k1", "hash")))
                .isEqualTo(new Turn.First());
        assertThat(take(new Asked(Workspaces.MAIN, ASKED.route(), "k1", "else")))
                .isEqualTo(new Turn.Different());
    }

    @Test
    void isFreeAgainAfterItWasWithdrawn() {
        take(ASKED);
        world.store.database().write(handle -> {
            kept.withdraw(handle, ASKED);
            return 0;
        });

        assertThat(take(ASKED)).isEqualTo(new Turn.First());
    }

    @Test
    @DisplayName("K3: an answer is kept 72 hours; a running request never expires")
    void purgesAnswersAfter72HoursAndNothingThatRuns() {
        take(ASKED);
        var running = new Asked(Workspaces.MAIN, ASKED.route(), "k2", "hash");
        take(running);
        world.store.database().write(handle -> {
            kept.done(handle, ASKED, 200, "{}");
            return 0;
        });

        world.pass(Duration.ofDays(3));
        assertThat(purge()).isZero();
        world.pass(Duration.ofMillis(1));
        assertThat(purge()).isEqualTo(1);
        assertThat(take(ASKED)).isEqualTo(new Turn.First());
        assertThat(take(running)).isEqualTo(new Turn.Running("ref"));
    }

    private int purge() {
        return world.store.database().<Integer>write(handle -> kept.purge(handle, 100));
    }
}
