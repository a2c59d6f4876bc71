package dev.gatepost.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.batch.ShardRun.Places;
import dev.gatepost.store.Dialect;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Work on one part of a list, without those who say whose turn it is. */
@ParameterizedClass
@EnumSource(Dialect.class)
class ShardRunTest {
    private static final String DOMAIN = "acme.io";

    /** Three portions while somebody calls. */
    private static final int ROWS = 20;

    private static final int PLACES = 2 * ROWS;

    private final BatchWorld world;
    private final Semaphore places = new Semaphore(PLACES);

    ShardRunTest(Dialect dialect) {
        world = new BatchWorld(dialect);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Batch list() {
        return world.hand("email\n"
                + IntStream.range(0, ROWS)
                        .mapToObj(i -> "jane" + i + "@" + DOMAIN)
                        .collect(Collectors.joining("\n")));
    }

    private void run(Batch batch) throws InterruptedException {
        var parts = world.parts();
        var name = new ShardName(batch.id(), BatchRows.shard(DOMAIN));
        var table = new BatchTable(parts.outbox(), parts.database().dialect().forUpdate());
        new ShardRun(parts, table, name, batch, new Places(places, () -> false)).run();
    }

    @Test
    void givesBackThePlacesOfRowsThatDidNotBegin() throws InterruptedException {
        world.grant(ROWS);
        var batch = list();
        int lookUps = 0; // of the workflow: one before all portions, and one in each
        try (var _ = world.store.database().callBegins()) {
            for (var begun : List.of("0", "0", "8", "16")) {
                world.untilCrash.set(lookUps++);
                assertThatThrownBy(() -> run(batch)).hasMessageContaining("the process ends here");
                assertThat(world.column("select count(*) from batch_row where starts > 0"))
                        .containsExactly(begun);
                assertThat(places.availablePermits())
                        .as("after it failed with %s rows begun", begun)
                        .isEqualTo(PLACES);
            }
        }

        run(batch);

        assertThat(world.now(batch).state()).isEqualTo(BatchState.FINISHED);
        assertThat(places.availablePermits()).isEqualTo(PLACES);
        assertThat(world.balance()).isEqualTo("0 0 " + ROWS);
    }
}
