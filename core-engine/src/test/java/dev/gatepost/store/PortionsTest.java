package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortionsTest {
    private static final List<Integer> MANY =
            IntStream.range(0, 3 * Portions.SHORT + 1).boxed().toList();

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final Portions portions = new Portions(nanos::get);

    @Test
    void leavesWorkWholeWhileNobodyWaits() {
        assertThat(portions.of(MANY)).containsExactly(MANY);
    }

    @Test
    void cutsWorkShortWhileSomebodyWaits() {
        portions.awaited();

        var cut = portions.of(MANY);

        assertThat(cut).extracting(List::size).containsExactly(Portions.SHORT, Portions.SHORT, Portions.SHORT, 1);
        assertThat(cut.stream().flatMap(List::stream)).containsExactlyElementsOf(MANY);
    }

    @Test
    void leavesWorkWholeAgainWhenNobodyHasWaitedForAWhile() {
        portions.awaited();
        nanos.addAndGet(Portions.EXPECTED.toNanos() - 1);
        assertThat(portions.of(MANY)).hasSize(4);

        nanos.incrementAndGet();

        assertThat(portions.of(MANY)).containsExactly(MANY);
    }

    @Test
    void makesNothingOfNothing() {
        assertThat(portions.of(List.of())).isEmpty();
        portions.awaited();
        assertThat(portions.of(List.of())).isEmpty();
    }
}
