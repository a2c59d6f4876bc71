package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaddedTest {
    @Test
    void repeatsTheLastUntilTheLengthIsAPowerOfTwo() {
        assertThat(Padded.parts(List.of("a", "b", "c"))).containsExactly(List.of("a", "b", "c", "c"));
        assertThat(Padded.parts(List.of("a"))).containsExactly(List.of("a"));
        assertThat(Padded.parts(List.of("a", "a", "b"))).containsExactly(List.of("a", "b"));
        assertThat(Padded.parts(List.of())).isEmpty();
    }

    @Test
    void losesNoneHoweverManyThereAre() {
        for (int count = 1; count < 3 * Padded.PART_MAX; count++) {
            var values = IntStream.range(0, count).boxed().toList();
            var parts = Padded.parts(values);

            assertThat(parts).allSatisfy(part -> {
                assertThat(part.size()).isLessThanOrEqualTo(Padded.PART_MAX);
                assertThat(Integer.bitCount(part.size())).isOne();
            });
            assertThat(parts.stream().flatMap(List::stream).toList()).containsAll(values);
            assertThat(new HashSet<>(parts.stream().flatMap(List::stream).toList()))
                    .hasSize(count);
        }
    }
}
