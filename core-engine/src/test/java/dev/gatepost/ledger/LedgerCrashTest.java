package dev.gatepost.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.store.Database;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many short stories of a workspace, each cut off at one of its commits: just before it, so that nothing is stored, or just
 * after it, so that everything is stored and nobody knows. Whoever was cut off comes back and tries the same again.
 */
class LedgerCrashTest {
    private static final int STEPS = 8;
    private static final int STORIES_AT_ONCE = 64;

    @ParameterizedTest(name = "{0}: {1} stories, reopened {2} times")
    @CsvSource({"SQLITE, 10000, 8", "POSTGRESQL, 1000, 2"})
    @DisplayName("T2, C2, C3: a crash at any commit changes nothing in the end")
    void aCrashAtAnyCommitChangesNothingInTheEnd(Dialect dialect, int stories, int reopenings) throws Exception {
        try (var store = Stores.fresh(dialect)) {
            var entries = new AtomicLong();
            for (int part = 0; part < reopenings; part++) {
                tell(store.database(), part * stories / reopenings, (part + 1) * stories / reopenings, entries);
                store.reopen();
            }

            var ledger = new Ledger(store.database(), LedgerTest.KEY, Instant::now);
            assertThat(ledger.check())
                    .isInstanceOfSatisfying(
                            LedgerCheck.Sound.class,
                            sound -> assertThat(sound.entries()).isEqualTo(entries.get()));
        }
    }

    private static void tell(Database database, int from, int to, AtomicLong entries) throws Exception {
        database.write(handle -> {
            var batch = handle.prepareBatch("insert into workspace (id, name, created_at) values (?, '', 0)");
            IntStream.range(from, to).forEach(i -> batch.bind(0, "w" + i).add());
            return batch.execute();
        });
        try (var threads =
                Executors.newFixedThreadPool(STORIES_AT_ONCE, Thread.ofVirtual().factory())) {
            var told = IntStream.range(from, to)
                    .mapToObj(i -> threads.submit(() -> entries.addAndGet(new Story(database, i).tell())))
                    .toList();
            for (var each : told) {
                each.get();
            }
        }
    }

    /** One workspace's story; its number is its seed. */
    private static final class Story {
        private final Database database;
        private final int number;
        private final String workspace;
        private final Random random;
        private Instant now = Instant.EPOCH;
        private final LedgerModel model = new LedgerModel();

        Story(Database database, int number) {
            this.database = database;
            this.number = number;
            this.workspace = "w" + number;
            this.random = new Random(number);
        }

        long tell() {
            int cutAt = number % (2 * STEPS);
            for (int i = 0; i < STEPS; i++) {
                now = now.plus(Duration.ofMinutes(random.nextInt(90)));
                model.timeIs(now);
                var step = step(i);
                if (cutAt == 2 * i) {
                    post(step, new Crash());
                }
                var expected = step.on(model);
                if (cutAt == 2 * i + 1) {
                    post(step, null); // its answer never arrived
                    post(step, null);
                } else {
                    assertThat(post(step, null))
                            .as("story %d, step %d", number, i)
                            .isEqualTo(expected);
                }
                assertThat(ledger().balance(workspace))
                        .as("story %d, step %d", number, i)
                        .isEqualTo(model.balance());
            }
            return model.entries();
        }

        private Step step(int i) {
            var key = "k" + random.nextInt(4);
            return switch (i == 0 ? 0 : random.nextInt(10)) {
                case 0 -> grant("g" + i, random.nextInt(4) + 1, null);
                case 1 -> grant("g" + i, random.nextInt(4) + 1, now.plus(Duration.ofMinutes(random.nextInt(99) + 1)));
                case 2, 3, 4 -> posting -> posting.reserve(key, key);
                case 5, 6 -> posting -> posting.settle(key);
                case 7 -> posting -> posting.release(key);
                case 8 -> Ledger.Posting::expire;
                default -> reverse();
            };
        }

        private static Step grant(String key, long amount, @Nullable Instant expiresAt) {
            return posting -> posting.grant(new Grant(key, amount, "", expiresAt));
        }

        private Step reverse() {
            var settlements = model.settlements();
            long seq = settlements.isEmpty() ? 1 : settlements.get(random.nextInt(settlements.size()));
            return posting -> posting.reverse(seq, "");
        }

        /** By a ledger that knows nothing but what is stored. */
        private Object post(Step step, @Nullable Crash crash) {
            var answers = new ArrayList<Object>();
            try {
                database.write(handle -> {
                    answers.clear();
                    answers.add(ledger().<Object>post(handle, workspace, step::on));
                    if (crash != null) {
                        throw crash;
                    }
                    return true;
                });
            } catch (Crash expected) {
                assertThat(expected).isSameAs(crash);
            }
            return List.copyOf(answers).getFirst();
        }

        private Ledger ledger() {
            return new Ledger(database, LedgerTest.KEY, () -> now);
        }
    }

    private interface Step {
        Object on(Ledger.Posting posting);
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
