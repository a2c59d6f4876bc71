package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.intake.ArrivalRates.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ArrivalRatesTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-02T09:30:00Z"));
    private final ArrivalRates rates = new ArrivalRates(now::get);

    private void pass(Duration time) {
        now.updateAndGet(at -> at.plus(time));
    }

    private boolean admits(int count) {
        return rates.admit(List.of(new Load("c1", count, 2))).isEmpty();
    }

    @Test
    void turnsAwayWhatIsAboveTheRateOfTenSecondsAndSaysWhenThereIsRoom() {
        assertThat(admits(15)).isTrue();
        pass(Duration.ofSeconds(4));
        assertThat(admits(5)).isTrue();

        assertThat(rates.admit(List.of(new Load("c1", 1, 2)))).hasValue(Duration.ofMillis(6_100));
        assertThat(rates.admit(List.of(new Load("c1", 16, 2)))).hasValue(Duration.ofMillis(10_100));
        assertThat(rates.admit(List.of(new Load("c2", 20, 2))))
                .as("another connection")
                .isEmpty();

        pass(Duration.ofMillis(6_100));
        assertThat(admits(15)).isTrue();
        assertThat(admits(1)).isFalse();
    }

    @Test
    void countsNothingOfADeliveryThatIsTurnedAway() {
        assertThat(admits(20)).isTrue();
        assertThat(rates.admit(List.of(new Load("c2", 20, 2), new Load("c1", 1, 2))))
                .isPresent();

        assertThat(rates.admit(List.of(new Load("c2", 20, 2)))).isEmpty();
    }

    @Test
    void letsADeliveryPassThatIsLargerThanTheWindowIfNothingCameBefore() {
        assertThat(admits(100)).isTrue();
        assertThat(admits(1)).isFalse();
        pass(Duration.ofMillis(10_100));
        assertThat(admits(100)).isTrue();
    }

    @Test
    void neverLetsMoreThroughInAnyTenSeconds() {
        var random = new Random(7);
        var admitted = new ArrayDeque<Instant>();
        int all = 0;
        for (int i = 0; i < 20_000; i++) {
            pass(Duration.ofMillis(random.nextInt(120)));
            if (admits(1)) {
                all++;
                admitted.addLast(requireNonNull(now.get()));
            }
            while (admitted.getFirst().plus(ArrivalRates.WINDOW).isBefore(requireNonNull(now.get()))) {
                admitted.removeFirst();
            }
            assertThat(admitted).hasSizeLessThanOrEqualTo(20);
        }
        assertThat(all).as("and nearly all the rate allows").isGreaterThan(2_300);
    }

    @Test
    void namesWhoWasTurnedAwayButNotMoreOftenThanOnceAMinute() {
        assertThat(rates.missed()).isEmpty();
        assertThat(admits(20)).isTrue();
        assertThat(admits(1)).isFalse();
        assertThat(rates.missed()).containsExactly("c1");
        assertThat(admits(1)).isFalse();
        assertThat(rates.missed()).isEmpty();

        pass(Duration.ofMinutes(1));
        assertThat(rates.missed()).as("what came after the first look").containsExactly("c1");
        assertThat(rates.missed()).isEmpty();
    }

    @Test
    void startsAnewWhenTheClockIsSetBack() {
        assertThat(admits(20)).isTrue();
        pass(Duration.ofHours(-1));
        assertThat(admits(20)).isTrue();
        assertThat(admits(1)).isFalse();
    }
}
