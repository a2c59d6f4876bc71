package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.CallBudget.Counting;
import dev.gatepost.connector.CallBudget.Turn;
import dev.gatepost.connector.CallBudget.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several processes that call one account, or one after the other; the store's board is tested with the store. */
class CallSharesTest {
    private static final Turn GRANTED = new Turn.Granted();
    private static final Window TEN_SECONDS = new Window(100, Duration.ofSeconds(10));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-02T09:30:00Z"));
    private final Board nodes = new Board(true);

    private Instant now() {
        return requireNonNull(now.get());
    }

    /** A board in memory. */
    private static final class Board implements CallBoard {
        private final Map<String, Map<String, Mark>> marks = new TreeMap<>();
        private final boolean isShared;
        private boolean isBroken;

        Board(boolean isShared) {
            this.isShared = isShared;
        }

        @Override
        public boolean isShared() {
            return isShared;
        }

        @Override
        public List<Mark> read(String budget) {
            if (isBroken) {
                throw new IllegalStateException("the board is gone");
            }
            return List.copyOf(marks.getOrDefault(budget, Map.of()).values());
        }

        @Override
        public Optional<Mark> change(String budget, String node, Function<List<Mark>, Optional<Mark>> own) {
            var mine = own.apply(read(budget));
            var all = marks.computeIfAbsent(budget, _ -> new TreeMap<>());
            mine.ifPresentOrElse(mark -> all.put(node, mark), () -> all.remove(node));
            return mine;
        }
    }

    private CallBudgets node(CallBoard board, String name) {
        return node(board, name, Duration.ZERO);
    }

    private CallBudgets node(CallBoard board, String name, Duration clockAhead) {
        return new CallBudgets(() -> now().plus(clockAhead), board, name);
    }

    private static boolean calls(CallBudgets node, Window... windows) throws InterruptedException {
        return node.of("crm:1", List.of(windows))
                .enter(Urgency.REAL_TIME, Duration.ZERO)
                .equals(GRANTED);
    }

    /** As many calls as are granted just now. */
    private static int burst(CallBudgets node, Window... windows) throws InterruptedException {
        int count = 0;
        while (calls(node, windows)) {
            count++;
        }
        return count;
    }

    private void pass(Duration time, CallBudgets... nodes) {
        for (var left = time; left.isPositive(); left = left.minus(CallShares.TICK)) {
            now.updateAndGet(at -> at.plus(CallShares.TICK));
            for (var node : nodes) {
                node.tick();
            }
        }
    }

    @Test
    void givesAllToWhoIsAlone() throws InterruptedException {
        assertThat(burst(node(nodes, "a"), new Window(4, Duration.ofSeconds(1))))
                .isEqualTo(4);
    }

    @Test
    void givesTwoNodesHalfEachOnceTheFirstHasMadeRoom() throws InterruptedException {
        var four = new Window(4, Duration.ofSeconds(1));
        var a = node(nodes, "a");
        var b = node(nodes, "b");
        assertThat(burst(a, four)).isEqualTo(4);
        assertThat(burst(b, four)).as("nobody said it may").isZero();

        pass(Duration.ofSeconds(2), a, b);

        assertThat(burst(a, four)).isEqualTo(2);
        assertThat(burst(b, four)).isEqualTo(2);
    }

    @Test
    void givesAllBackWhenTheOtherHasNothingToDoAnyMore() throws InterruptedException {
        var four = new Window(4, Duration.ofSeconds(1));
        var a = node(nodes, "a");
        var b = node(nodes, "b");
        calls(a, four);
        calls(b, four);
        pass(Duration.ofSeconds(2), a, b);
        assertThat(burst(b, four)).isEqualTo(2);
        for (int i = 0; i < 20; i++) {
            calls(a, four);
            pass(CallShares.TICK, a, b);
        }
        pass(Duration.ofSeconds(1), a, b);

        assertThat(burst(a, four)).isEqualTo(4);
    }

    @Test
    void givesAllBackSomeTimeAfterTheOtherWasCutOff() throws InterruptedException {
        var four = new Window(4, Duration.ofSeconds(1));
        var a = node(nodes, "a");
        var b = node(nodes, "b");
        calls(a, four);
        calls(b, four);
        pass(Duration.ofSeconds(2), a, b);
        for (int i = 0; i < 12; i++) {
            calls(a, four);
            pass(CallShares.TICK, a);
        }
        pass(Duration.ofSeconds(1), a);

        assertThat(burst(a, four)).isEqualTo(4);
    }

    @Test
    void makesNoCallsWhileTheOthersCannotBeSeen() throws InterruptedException {
        var a = node(nodes, "a");
        assertThat(calls(a, TEN_SECONDS)).isTrue();
        nodes.isBroken = true;
        pass(Duration.ofSeconds(2), a);
        assertThat(calls(a, TEN_SECONDS)).as("the share still lasts").isTrue();
        pass(CallShares.TICK, a);
        assertThat(calls(a, TEN_SECONDS)).isFalse();

        nodes.isBroken = false;
        pass(CallShares.TICK, a);
        assertThat(calls(a, TEN_SECONDS)).isTrue();
    }

    @Test
    void makesTooManyNodesWaitUntilAnotherLeaves() throws InterruptedException {
        var two = new Window(2, Duration.ofSeconds(1));
        var all = List.of(node(nodes, "a"), node(nodes, "b"), node(nodes, "c"));
        for (var node : all) {
            calls(node, two);
        }
        pass(Duration.ofSeconds(3), all.toArray(CallBudgets[]::new));
        int granted = 0;
        for (var node : all) {
            granted += burst(node, two);
        }

        assertThat(granted).isEqualTo(2);
    }

    @Test
    void obeysAWaitThatTheCrmImposedOnAnotherNodeOrAnEarlierRun() throws InterruptedException {
        var a = node(nodes, "a");
        var b = node(nodes, "b");
        calls(a, TEN_SECONDS);
        calls(b, TEN_SECONDS);
        pass(Duration.ofSeconds(2), a, b);
        a.of("crm:1", List.of(TEN_SECONDS)).close(Duration.ofMinutes(10));
        pass(Duration.ofSeconds(1), a, b);

        assertThat(calls(b, TEN_SECONDS)).isFalse();
        pass(Duration.ofMinutes(1));
        var later = node(nodes, "later");
        assertThat(calls(later, TEN_SECONDS)).isFalse();
        assertThat(later.of("crm:1", List.of(TEN_SECONDS)).untilFree()).isGreaterThan(Duration.ofMinutes(8));
    }

    @Test
    void assumesAfterARestartThatAllWasUsedUntilTheWindowHasPassed() throws InterruptedException {
        var single = new Board(false);
        var before = node(single, "run 1");
        assertThat(calls(before, TEN_SECONDS)).isTrue();

        now.updateAndGet(at -> at.plusSeconds(3));
        var killed = node(single, "run 2");
        assertThat(calls(killed, TEN_SECONDS)).isFalse();
        assertThat(killed.of("crm:1", List.of(TEN_SECONDS)).untilFree())
                .as("ten seconds from when the first run may have made its last call")
                .isEqualTo(Duration.ofSeconds(9));

        pass(Duration.ofSeconds(9), killed);
        assertThat(calls(killed, TEN_SECONDS)).isTrue();
        assertThat(killed.of("crm:2", List.of(TEN_SECONDS)).enter(Urgency.REAL_TIME, Duration.ZERO))
                .as("nobody called this account")
                .isEqualTo(GRANTED);
    }

    @Test
    void assumesLessAfterAnOrderlyEnd() throws InterruptedException {
        var first = node(nodes, "run 1");
        assertThat(calls(first, TEN_SECONDS)).isTrue();
        first.close();
        assertThat(calls(first, TEN_SECONDS)).isFalse();

        now.updateAndGet(at -> at.plusSeconds(4));
        var second = node(nodes, "run 2");
        assertThat(calls(second, TEN_SECONDS)).isFalse();
        pass(Duration.ofSeconds(7), second);
        assertThat(calls(second, TEN_SECONDS)).isTrue();
    }

    @Test
    void forgetsWhatLiesLongBack() throws InterruptedException {
        var first = node(nodes, "run 1");
        assertThat(calls(first, TEN_SECONDS)).isTrue();

        now.updateAndGet(at -> at.plusSeconds(60));
        assertThat(burst(node(nodes, "run 2"), TEN_SECONDS)).isGreaterThan(40);
    }

    /** Nodes come, call when they like, are slow, end, are cut off, look at odd times, and their clocks differ. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverExceedsTheAccountsLimitsWhateverNodesDo(long seed) throws InterruptedException {
        var random = new Random(seed);
        var windows = new Window[] {
            new Window(4, Duration.ofSeconds(1)),
            new Window(25, Duration.ofSeconds(10)),
            new Window(5, Duration.ofSeconds(1), Counting.ON_THE_WAY)
        };
        var alive = new ArrayList<CallBudgets>();
        var sent = new ArrayDeque<Instant>();
        int runs = 0;
        int all = 0;
        for (int step = 0; step < 40_000; step++) {
            now.updateAndGet(at -> at.plusMillis(random.nextInt(40)));
            while (!sent.isEmpty() && !sent.getFirst().plusSeconds(10).isAfter(now())) {
                sent.removeFirst();
            }
            if (alive.isEmpty() || (alive.size() < 4 && random.nextInt(2_000) == 0)) {
                var clockAhead = Duration.ofMillis(random.nextInt((int) CallShares.CLOCKS_APART.toMillis()));
                alive.add(node(nodes, "run " + runs++, clockAhead));
            } else if (random.nextInt(3_000) == 0) {
                alive.remove(random.nextInt(alive.size()));
            } else if (random.nextInt(3_000) == 0) {
                alive.remove(random.nextInt(alive.size())).close();
            }
            if (!alive.isEmpty() && random.nextInt(8) == 0) {
                alive.get(random.nextInt(alive.size())).tick();
            }
            if (!alive.isEmpty()) {
                var node = alive.get(random.nextInt(alive.size()));
                if (calls(node, windows)) {
                    sent.addLast(now());
                    all++;
                    node.of("crm:1", List.of(windows)).answered();
                }
            }
            var second = now().minusSeconds(1);
            assertThat(sent.stream().filter(second::isBefore).count())
                    .as("seed %s, step %s", seed, step)
                    .isLessThanOrEqualTo(4);
            assertThat(sent.size()).as("seed %s, step %s", seed, step).isLessThanOrEqualTo(25);
        }
        assertThat(all).as("seed %s: and the account is used", seed).isGreaterThan(500);
    }
}
