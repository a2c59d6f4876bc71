package dev.gatepost.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatepost.connector.CallBudget.Turn;
import dev.gatepost.connector.CallBudget.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CallBudgetTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Turn GRANTED = new Turn.Granted();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-02T09:30:00Z"));
    private final CallBudgets standing = new CallBudgets(now::get);

    private static CallBudget budget(CallBudgets budgets, int calls, Duration length) {
        return budgets.of("crm:1", List.of(new Window(calls, length)));
    }

    @Test
    void isOneForOneAccountWhoeverAsks() throws InterruptedException {
        assertThat(budget(standing, 1, LONG).enter(Urgency.REAL_TIME, Duration.ZERO))
                .isEqualTo(GRANTED);
        assertThat(budget(standing, 1, LONG).enter(Urgency.REAL_TIME, Duration.ZERO))
                .isInstanceOf(Turn.Full.class);
    }

    @Test
    void keepsToEveryWindow() throws InterruptedException {
        var budget = standing.of(
                "crm:1", List.of(new Window(2, Duration.ofSeconds(1)), new Window(3, Duration.ofSeconds(60))));
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(GRANTED);
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(GRANTED);
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(new Turn.Full(Duration.ofSeconds(1)));
        now.updateAndGet(time -> time.plusSeconds(1));
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(GRANTED);
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(new Turn.Full(Duration.ofSeconds(59)));
    }

    @Test
    void obeysAWaitThatTheCrmImposesOnAll() throws InterruptedException {
        var budget = budget(standing, 100, Duration.ofSeconds(10));
        budget.close(Duration.ofSeconds(30));
        budget.close(Duration.ofSeconds(5));

        assertThat(budget.enter(Urgency.REAL_TIME, LONG)).isEqualTo(new Turn.Full(Duration.ofSeconds(30)));
        now.updateAndGet(time -> time.plusSeconds(30));
        assertThat(budget.enter(Urgency.REAL_TIME, LONG)).isEqualTo(GRANTED);
    }

    @Test
    void spreadsBackgroundCallsSoThatRoomIsNeverFar() throws InterruptedException {
        var budget = budget(standing, 10, Duration.ofSeconds(10));
        var granted = new ArrayList<Instant>();
        for (int i = 0; i < 300; i++) {
            if (budget.enter(Urgency.BACKGROUND, Duration.ZERO).equals(GRANTED)) {
                granted.add(now.get());
            }
            now.updateAndGet(time -> time.plusMillis(100));
        }

        assertThat(granted).hasSizeBetween(29, 31);
        for (int i = 3; i < granted.size(); i++) {
            assertThat(Duration.between(granted.get(i - 3), granted.get(i)))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        }
    }

    @Test
    void letsUrgentCallsBurstButKeepsRoomForTheNext() throws InterruptedException {
        var budget = budget(standing, 100, Duration.ofSeconds(10));
        var granted = new ArrayList<Instant>();
        for (int i = 0; i < 3_000; i++) {
            if (budget.enter(Urgency.REAL_TIME, Duration.ZERO).equals(GRANTED)) {
                granted.add(now.get());
            }
            now.updateAndGet(time -> time.plusMillis(10));
        }

        assertThat(Duration.between(granted.getFirst(), granted.get(49)))
                .as("the first half comes at once")
                .isLessThan(Duration.ofSeconds(1));
        for (int i = 1; i < granted.size(); i++) {
            assertThat(Duration.between(granted.get(i - 1), granted.get(i)))
                    .as("nobody waits long for the next call")
                    .isLessThan(Duration.ofSeconds(1));
        }
        assertThat(granted.size()).as("nearly all of it is used").isGreaterThan(280);
    }

    @Test
    void letsTheUrgentGoFirst() throws InterruptedException {
        var budget = budget(new CallBudgets(InstantSource.system()), 1, Duration.ofMillis(300));
        budget.close(Duration.ofSeconds(3)); // long enough for all four to stand and wait
        var order = new ConcurrentLinkedQueue<Urgency>();
        var threads = new ArrayList<Thread>();
        for (var urgency : List.of(Urgency.BACKGROUND, Urgency.BACKGROUND, Urgency.REAL_TIME, Urgency.REAL_TIME)) {
            var thread = Thread.ofPlatform().start(() -> {
                try {
                    if (budget.enter(urgency, LONG).equals(GRANTED)) {
                        order.add(urgency);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            threads.add(thread);
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(order).hasSize(4);
        assertThat(List.copyOf(order).subList(0, 2)).containsOnly(Urgency.REAL_TIME);
    }

    @Test
    void countsByNewLimitsFromThenOn() throws InterruptedException {
        var budget = budget(standing, 2, LONG);
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(GRANTED);

        assertThat(budget(standing, 3, LONG)).isSameAs(budget);
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(GRANTED);
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(GRANTED);

        budget(standing, 1, LONG);
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(new Turn.Full(LONG));
        assertThatThrownBy(() -> budget(standing, 1, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsCallsOnTheirWayUntilASecondAfterTheirAnswer() throws InterruptedException {
        var budget =
                standing.of("crm:1", List.of(new Window(2, Duration.ofSeconds(1), CallBudget.Counting.ON_THE_WAY)));
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(GRANTED);
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(GRANTED);
        now.updateAndGet(time -> time.plusSeconds(5));
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO))
                .as("both may arrive at the CRM only now")
                .isEqualTo(new Turn.Full(Duration.ofSeconds(1)));
        budget.answered();
        now.updateAndGet(time -> time.plusMillis(400));
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(new Turn.Full(Duration.ofMillis(600)));
        now.updateAndGet(time -> time.plusMillis(600));
        assertThat(budget.enter(Urgency.REAL_TIME, Duration.ZERO)).isEqualTo(GRANTED);
    }
}
