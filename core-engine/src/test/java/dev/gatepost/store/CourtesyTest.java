package dev.gatepost.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Times are of a clock that moves only while somebody waits. */
@DisplayName("J4: bulk work beside calls")
class CourtesyTest {
    private static final int PROCESSORS = 2;

    private static final List<Integer> MANY =
            IntStream.range(0, 3 * Courtesy.SHORT + 1).boxed().toList();

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Courtesy courtesy = new Courtesy(nanos::get, nanos::addAndGet, PROCESSORS);

    @Test
    void leavesAllInOnePieceWhileNobodyCalls() {
        assertThat(courtesy.portions(MANY)).containsExactly(MANY);
    }

    @Test
    void cutsShortPiecesWhileSomebodyCalls() {
        call();

        var cut = courtesy.portions(MANY);

        assertThat(cut).extracting(List::size).containsExactly(Courtesy.SHORT, Courtesy.SHORT, Courtesy.SHORT, 1);
        assertThat(cut.stream().flatMap(List::stream)).containsExactlyElementsOf(MANY);
    }

    @Test
    void expectsTheNextCallForAWhile() {
        call();
        nanos.addAndGet(Courtesy.EXPECTED.toNanos() - 1);
        assertThat(courtesy.portions(MANY)).hasSize(4);

        nanos.addAndGet(1);

        assertThat(courtesy.portions(MANY)).containsExactly(MANY);
    }

    @Test
    void makesNoPieceOfNothing() {
        assertThat(courtesy.portions(List.of())).isEmpty();
        call();
        assertThat(courtesy.portions(List.of())).isEmpty();
    }

    @Test
    void doesNotWaitForATurnWhileNobodyCalls() {
        assertThat(waited(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        courtesy.awaitTurn(Courtesy.SHORT);
                    }
                }))
                .isZero();
    }

    @Test
    void keepsToItsPaceWhileSomebodyCalls() {
        int begun = Courtesy.CONTACTS_PER_SECOND_AND_PROCESSOR * PROCESSORS;

        var took = waited(() -> {
            for (int i = 0; i < begun; i++) {
                call();
                courtesy.awaitTurn(1);
            }
        });

        assertThat(took).isBetween(Duration.ofMillis(990), Duration.ofMillis(1_010));
    }

    @Test
    void givesTheFirstAfterAWhileItsTurnAtOnce() {
        call();
        courtesy.awaitTurn(Courtesy.SHORT);
        nanos.addAndGet(Courtesy.TURN_WAIT_MAX.toNanos());
        call();

        assertThat(waited(() -> courtesy.awaitTurn(1))).isZero();
    }

    @Test
    void letsNobodyWaitForLong() {
        call();
        courtesy.awaitTurn(1_000_000);

        assertThat(waited(() -> courtesy.awaitTurn(1))).isEqualTo(Courtesy.TURN_WAIT_MAX);
    }

    @Test
    void standsBackUntilTheCallWaitsForSomebodyElse() {
        try (var onItsWay = courtesy.callBegins()) {
            onItsWay.step();

            assertThat(waited(() -> courtesy.awaitTurn(1))).isEqualTo(Courtesy.STEP_MAX);
        }
    }

    @Test
    void standsBackForItsPatienceAtMost() {
        var onItsWay = new AtomicReference<Courtesy.Call>();
        var busy = new Courtesy(
                nanos::get,
                pause -> {
                    nanos.addAndGet(pause);
                    requireNonNull(onItsWay.get()).step();
                },
                PROCESSORS);
        onItsWay.set(busy.callBegins());

        assertThat(waited(() -> busy.awaitTurn(1))).isEqualTo(Courtesy.PATIENCE);
    }

    private void call() {
        courtesy.callBegins().close();
    }

    private Duration waited(Runnable what) {
        var before = nanos.get();
        what.run();
        return Duration.ofNanos(nanos.get() - before);
    }
}
