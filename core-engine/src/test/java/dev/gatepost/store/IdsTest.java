package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class IdsTest {
    private Instant now = Instant.parse("2026-11-23T21:00:00Z");
    private final InstantSource clock = () -> now;

    @Test
    void makes26DigitsOfTimeAndRandomness() {
        RandomGenerator ones = () -> -1L;
        now = Instant.ofEpochMilli((1L << 48) - 1);

        assertThat(new Ids(clock, ones).next()).isEqualTo("7" + "z".repeat(25));
        now = Instant.EPOCH;
        assertThat(new Ids(clock, () -> 0L).next()).isEqualTo("0".repeat(26));
        assertThat(new Ids(clock, () -> 33L).next()).isEqualTo("0".repeat(12) + "gg" + "0".repeat(10) + "11");
    }

    @Test
    void growsStrictlyWithinAMillisecond() {
        var ids = new Ids(clock, new Random(1));
        var made = new ArrayList<String>();
        for (int i = 0; i < 10_000; i++) {
            made.add(ids.next());
        }

        assertThat(made).isSorted().doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-hjkmnp-tv-z]{26}"));
    }

    @Test
    void growsAlsoWhenTheRandomBitsAreUsedUp() {
        var ids = new Ids(clock, () -> -1L);

        assertThat(ids.next()).isLessThan(ids.next());
    }

    @Test
    void growsAlsoWhenTheClockIsSetBack() {
        var ids = new Ids(clock, new Random(1));
        var before = ids.next();
        now = now.minusSeconds(3600);

        assertThat(ids.next()).isGreaterThan(before);
    }

    @Test
    void sortsByTime() {
        var earlier = new Ids(clock, () -> -1L).next();
        now = now.plusMillis(1);

        assertThat(new Ids(clock, () -> 0L).next()).isGreaterThan(earlier);
    }
}
