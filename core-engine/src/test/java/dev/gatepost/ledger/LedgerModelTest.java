package dev.gatepost.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.store.Dialect;
import dev.gatepost.store.Stores;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random sequences, some of them lost to a crash, against the simplest model of a ledger one can think of. */
class LedgerModelTest {
    private static final int TRANSACTIONS = 150;
    private static final int STEPS_MAX = 8;
    private static final int KEYS = 25;

    @ParameterizedTest(name = "{0}, seed {1}")
    @CsvSource({"SQLITE, 1", "SQLITE, 2", "SQLITE, 3", "POSTGRESQL, 1", "POSTGRESQL, 2", "POSTGRESQL, 3"})
    @DisplayName("T2, C2: agrees with a simple model, also when transactions are lost")
    void agreesWithASimpleModel(Dialect dialect, long seed) {
        var random = new Random(seed);
        try (var store = Stores.fresh(dialect)) {
            store.database()
                    .write(handle ->
                            handle.execute("insert into workspace (id, name, created_at) values ('main', 'main', 0)"));
            var ledger = new Ledger(store.database(), LedgerTest.KEY, InstantSource.fixed(Instant.EPOCH));
            var model = new LedgerModel();
            for (int i = 0; i < TRANSACTIONS; i++) {
                var steps = steps(random);
                if (random.nextInt(4) == 0) {
                    crashDuring(store, ledger, steps);
                } else {
                    var seen = store.database()
                            .<List<Object>>write(handle -> ledger.post(
                                    handle,
                                    "main",
                                    posting -> steps.stream()
                                            .map(step -> step.on(posting))
                                            .toList()));
                    assertThat(seen)
                            .isEqualTo(
                                    steps.stream().map(step -> step.on(model)).toList());
                }
                assertThat(ledger.balance("main")).isEqualTo(model.balance());
            }
            assertThat(ledger.check())
                    .isEqualTo(new LedgerCheck.Sound(model.entries(), Map.of("main", model.balance())));
        }
    }

    private static void crashDuring(Stores store, Ledger ledger, List<Step> steps) {
        try {
            store.database().write(handle -> {
                ledger.post(
                        handle,
                        "main",
                        posting -> steps.stream().map(step -> step.on(posting)).toList());
                throw new Crash();
            });
        } catch (Crash expected) {
            assertThat(expected).isNotNull();
        }
    }

    private static List<Step> steps(Random random) {
        var steps = new ArrayList<Step>();
        for (int i = random.nextInt(STEPS_MAX) + 1; i > 0; i--) {
            var key = "k" + random.nextInt(KEYS);
            steps.add(
                    switch (random.nextInt(7)) {
                        case 0 -> grant("g" + random.nextInt(KEYS), random.nextInt(3) + 1);
                        case 1, 2, 3 -> posting -> posting.reserve(key, key);
                        case 4, 5 -> posting -> posting.settle(key);
                        default -> posting -> posting.release(key);
                    });
        }
        return steps;
    }

    private static Step grant(String key, long amount) {
        return posting -> posting.grant(Grant.of(key, amount, ""));
    }

    private interface Step {
        Object on(Ledger.Posting posting);
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
