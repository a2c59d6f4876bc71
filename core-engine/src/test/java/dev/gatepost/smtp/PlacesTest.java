package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Places towards one organisation")
final class PlacesTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    /** Long enough for what comes at once, on any loaded machine. */
    private static Deadline inTime() {
        return Deadline.in(Duration.ofSeconds(30));
    }

    /** For what there is at once or not at all. */
    private static Deadline atOnce() {
        return Deadline.in(Duration.ZERO);
    }

    /** Waits behind those that wait already. */
    private Thread waits(Places places, Haste haste, String name) {
        var thread = Thread.ofVirtual().start(() -> {
            try {
                if (places.enter(inTime(), haste)) {
                    order.add(name);
                    places.leave(haste);
                }
            } catch (InterruptedException _) {
                order.add(name + " told to stop");
            }
        });
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return thread;
    }

    @Test
    void letNoMoreInThanThereAre() throws Exception {
        var places = new Places(2, clock);
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isFalse();
        assertThat(places.enter(atOnce(), Haste.AWAITED)).isFalse();
        assertThat(places.free()).isZero();
        places.leave(Haste.PATIENT);
        assertThat(places.enter(atOnce(), Haste.AWAITED)).isTrue();
    }

    @Test
    void goToWhoeverIsAwaitedBeforeThoseWhoCameEarlier() throws Exception {
        var places = new Places(1, clock);
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
        var waiting = List.of(
                waits(places, Haste.PATIENT, "list 1"),
                waits(places, Haste.PATIENT, "list 2"),
                waits(places, Haste.AWAITED, "call 1"),
                waits(places, Haste.AWAITED, "call 2"));

        places.leave(Haste.PATIENT);

        for (var thread : waiting) {
            thread.join();
        }
        assertThat(order).containsExactly("call 1", "call 2", "list 1", "list 2");
    }

    @Test
    void goToOneOfAListNowAndThenHoweverManyAreAwaited() throws Exception {
        var places = new Places(1, clock);
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
        var waiting = new ArrayList<Thread>();
        waiting.add(waits(places, Haste.PATIENT, "list"));
        for (int i = 0; i < 2 * Places.AWAITED_IN_A_ROW_MAX; i++) {
            waiting.add(waits(places, Haste.AWAITED, "call"));
        }

        places.leave(Haste.PATIENT);

        for (var thread : waiting) {
            thread.join();
        }
        assertThat(order.indexOf("list")).isEqualTo(Places.AWAITED_IN_A_ROW_MAX);
    }

    @Test
    void areKeptForTheNextWhoIsAwaitedWhileThereWereSomeLately() throws Exception {
        var places = new Places(2, clock);
        assertThat(places.enter(atOnce(), Haste.AWAITED)).isTrue();
        places.leave(Haste.AWAITED);

        assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
        assertThat(places.enter(atOnce(), Haste.PATIENT))
                .as("the last one is kept")
                .isFalse();
        assertThat(places.enter(atOnce(), Haste.AWAITED)).isTrue();
        places.leave(Haste.AWAITED);

        clock.forward(Places.EXPECTED);
        assertThat(places.enter(atOnce(), Haste.PATIENT))
                .as("nobody is expected any more")
                .isTrue();
    }

    @Test
    void areAllForListsWhileNobodyWasAwaited() throws Exception {
        var places = new Places(4, clock);
        for (int i = 0; i < 4; i++) {
            assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
        }
    }

    @Test
    void areNotKeptTwiceForSomebodyWhoIsInside() throws Exception {
        var places = new Places(2, clock);
        assertThat(places.enter(atOnce(), Haste.AWAITED)).isTrue();
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
    }

    @Test
    void areNotKeptWhereThereIsOneOnly() throws Exception {
        var places = new Places(1, clock);
        assertThat(places.keepsNoneForAwaited()).isFalse();
        assertThat(places.enter(atOnce(), Haste.AWAITED)).isTrue();
        places.leave(Haste.AWAITED);

        assertThat(places.keepsNoneForAwaited()).isTrue();
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
    }

    @Test
    void becomeFewerAndMore() throws Exception {
        var places = new Places(2, clock);
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
        places.resize(1);
        assertThat(places.free()).isEqualTo(-1);
        places.leave(Haste.PATIENT);
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isFalse();

        var waiting = waits(places, Haste.PATIENT, "list");
        places.resize(2);

        waiting.join();
        assertThat(order).containsExactly("list");
    }

    @Test
    void areNotLostToThoseWhoGiveUp() throws Exception {
        var places = new Places(1, clock);
        assertThat(places.enter(atOnce(), Haste.PATIENT)).isTrue();
        var stopped = waits(places, Haste.AWAITED, "call");
        stopped.interrupt();
        stopped.join();

        places.leave(Haste.PATIENT);

        assertThat(order).containsExactly("call told to stop");
        assertThat(places.isWaitedFor()).isFalse();
        assertThat(places.free()).isEqualTo(1);
    }
}
