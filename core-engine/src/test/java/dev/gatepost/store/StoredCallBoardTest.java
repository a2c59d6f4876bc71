package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.connector.CallBoard;
import dev.gatepost.connector.CallBoard.Mark;
import dev.gatepost.connector.CallBoard.Part;
import dev.gatepost.connector.CallBudget;
import dev.gatepost.connector.CallBudget.Turn;
import dev.gatepost.connector.CallBudget.Window;
import dev.gatepost.connector.CallBudgets;
import dev.gatepost.connector.Urgency;
import dev.gatepost.store.StoredCallBoard.Sharing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class StoredCallBoardTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Turn GRANTED = new Turn.Granted();
    private static final Instant AT = Instant.parse("2026-11-02T09:30:00Z");

    private final Stores store;
    private final CallBoard nodes;

    StoredCallBoardTest(Dialect dialect) {
        store = Stores.fresh(dialect);
        nodes = new StoredCallBoard(store.database(), Sharing.NODES);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Mark mark(String node, Instant at) {
        return new Mark(node, Part.SHARE, 3, at, at.plusSeconds(5));
    }

    @Test
    void keepsWhatEachProcessSaysOfEachAccount() {
        nodes.change("crm:1", "a", _ -> Optional.of(mark("a", AT)));
        nodes.change("crm:1", "b", marks -> {
            assertThat(marks).containsExactly(mark("a", AT));
            return Optional.of(new Mark("b", Part.NONE, 1, AT, Instant.EPOCH));
        });
        nodes.change("crm:2", "a", _ -> Optional.of(mark("a", AT)));
        nodes.change("crm:1", "a", _ -> Optional.of(mark("a", AT.plusSeconds(1))));

        assertThat(nodes.read("crm:1"))
                .containsExactly(mark("a", AT.plusSeconds(1)), new Mark("b", Part.NONE, 1, AT, Instant.EPOCH));
        assertThat(nodes.read("crm:2")).containsExactly(mark("a", AT));

        nodes.change("crm:1", "a", _ -> Optional.empty());
        assertThat(nodes.read("crm:1")).hasSize(1);
        assertThat(nodes.read("crm:3")).isEmpty();
    }

    @Test
    void forgetsMarksOfRunsLongGoneUnlessTheCrmAskedToWaitLonger() {
        nodes.change("crm:1", "old", _ -> Optional.of(mark("old", AT)));
        nodes.change(
                "crm:1", "shut", _ -> Optional.of(new Mark("shut", Part.SHARE, 1, AT, AT.plus(Duration.ofHours(9)))));

        nodes.change("crm:1", "new", _ -> Optional.of(mark("new", AT.plus(Duration.ofHours(2)))));

        assertThat(nodes.read("crm:1")).extracting(Mark::node).containsExactly("new", "shut");
    }

    @Test
    void knowsWhetherThereMayBeOthers() {
        assertThat(new StoredCallBoard(store.database()).isShared())
                .isEqualTo(store.database().dialect() == Dialect.POSTGRESQL);
    }

    /** In real time: ten calls a second, of which no second may see an eleventh. */
    @Test
    void letsTwoNodesShareAnAccountAndKeepsToItsLimit() throws InterruptedException {
        var sent = new ConcurrentLinkedQueue<Long>();
        try (var one = node("one");
                var two = node("two")) {
            var callers = new ArrayList<Thread>();
            var began = System.nanoTime();
            for (var node : List.of(one, two)) {
                callers.add(Thread.ofVirtual().start(() -> call(node, sent, began)));
            }
            for (var caller : callers) {
                caller.join();
            }
        }
        var times = sent.stream().sorted().toList();
        for (int i = 10; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 10))
                    .as("call %s and the tenth before it", i)
                    .isGreaterThan(
                            Duration.ofMillis(900).toNanos()); // the limit, less what a busy machine delays the record
        }
        assertThat(times).hasSizeGreaterThan(20);
    }

    private CallBudgets node(String name) {
        var node = new CallBudgets(InstantSource.system(), nodes, name);
        node.start();
        return node;
    }

    private static void call(CallBudgets node, ConcurrentLinkedQueue<Long> sent, long began) {
        var budget = node.of("crm:1", List.of(new Window(10, Duration.ofSeconds(1))));
        try {
            while (System.nanoTime() - began < Duration.ofSeconds(6).toNanos()) {
                if (budget.enter(Urgency.REAL_TIME, Duration.ofMillis(200)).equals(GRANTED)) {
                    sent.add(System.nanoTime());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void remembersOverARestartWhatWasUsed() throws InterruptedException {
        var board = new StoredCallBoard(store.database());
        var window = List.of(new Window(5, Duration.ofHours(1)));
        var killed = new CallBudgets(InstantSource.system(), board, "run 1");
        assertThat(killed.of("crm:1", window).enter(Urgency.REAL_TIME, Duration.ZERO))
                .isEqualTo(GRANTED);

        try (var next = new CallBudgets(InstantSource.system(), board, "run 2")) {
            next.start();
            assertThat(next.of("crm:1", window).enter(Urgency.REAL_TIME, Duration.ZERO))
                    .isInstanceOf(Turn.Full.class);
            assertThat(next.of("crm:2", window).enter(Urgency.REAL_TIME, Duration.ZERO))
                    .isEqualTo(GRANTED);
        }
    }

    @Test
    void givesASecondNodeItsShareWithoutAnybodysHelp() {
        try (var one = node("one");
                var two = node("two")) {
            var length = Duration.ofMillis(200);
            var window = List.of(new Window(2, length));
            CallBudget first = one.of("crm:1", window);
            CallBudget second = two.of("crm:1", window);

            // Seldom enough that what one had before is over for both, or they would be granted by turns for ever.
            await().atMost(SOON).pollInterval(length.multipliedBy(2)).untilAsserted(() -> {
                var turns = List.of(
                        first.enter(Urgency.REAL_TIME, Duration.ZERO), second.enter(Urgency.REAL_TIME, Duration.ZERO));
                assertThat(turns).containsOnly(GRANTED);
            });
            assertThat(nodes.read("crm:1")).hasSize(2);
        }
    }
}
