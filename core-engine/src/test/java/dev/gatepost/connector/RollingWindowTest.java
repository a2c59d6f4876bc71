package dev.gatepost.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollingWindowTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(20);

    /** A clock that stands still until it is moved. */
    private static final class HandMovedClock implements InstantSource {
        private Instant now = Instant.parse("2026-11-02T09:30:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        void move(Duration by) {
            now = now.plus(by);
        }
    }

    private final HandMovedClock clock = new HandMovedClock();
    private final RollingWindow window = new RollingWindow(100, TEN_SECONDS, clock);

    private void use(int calls) {
        for (int i = 0; i < calls; i++) {
            assertThat(window.book(LONG)).isPresent();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverLetsMoreThanItsBudgetIntoAnyTenSeconds(long seed) {
        var random = new Random(seed);
        List<Instant> calls = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            clock.move(Duration.ofMillis(random.nextInt(10) == 0 ? random.nextInt(4_000) : random.nextInt(20)));
            window.book(LONG).ifPresent(wait -> calls.add(clock.instant().plus(wait)));
        }
        assertThat(calls).hasSizeGreaterThan(1_000).isSorted();
        for (int i = 100; i < calls.size(); i++) {
            assertThat(Duration.between(calls.get(i - 100), calls.get(i))).isGreaterThanOrEqualTo(TEN_SECONDS);
        }
    }

    @Test
    void letsTheWholeBudgetGoAtOnce() {
        for (int i = 0; i < 100; i++) {
            assertThat(window.book(Duration.ZERO)).contains(Duration.ZERO);
        }
        assertThat(window.book(Duration.ZERO)).isEmpty();
    }

    @Test
    void letsCallersWaitUntilTheOldestCallIsTenSecondsOld() {
        use(100);
        clock.move(Duration.ofSeconds(4));
        assertThat(window.book(LONG)).contains(Duration.ofSeconds(6));
    }

    @Test
    void booksNothingForWhomItIsTooLong() {
        use(100);
        assertThat(window.book(Duration.ofSeconds(9))).isEmpty();
        assertThat(window.untilFree()).isEqualTo(TEN_SECONDS);
        clock.move(TEN_SECONDS);
        assertThat(window.untilFree()).isZero();
        use(100);
    }

    @Test
    void countsWhatTheCrmSawBeforeARestart() {
        use(1);
        window.learn(110, 40, 10);
        use(30); // the CRM counted 70, of which it had booked one
        assertThat(window.book(Duration.ZERO)).isEmpty();
    }

    @Test
    void countsNothingTwice() {
        use(50);
        window.learn(110, 60, 10);
        window.learn(110, 60, 10);
        for (int i = 0; i < 50; i++) {
            assertThat(window.book(Duration.ZERO)).isPresent();
        }
    }

    @Test
    void keepsBelowASmallerLimitItHearsOf() {
        window.learn(100, 100, 10);
        for (int i = 0; i < 90; i++) {
            assertThat(window.book(Duration.ZERO)).isPresent();
        }
        assertThat(window.book(Duration.ZERO)).isEmpty();
    }

    @Test
    void keepsItsOwnBudgetUnderALargerLimit() {
        window.learn(190, 190, 10);
        use(100);
        assertThat(window.book(Duration.ZERO)).isEmpty();
    }

    @Test
    void survivesAClockThatIsSetBack() {
        use(100);
        clock.move(Duration.ofHours(-1));
        assertThat(window.book(LONG)).contains(TEN_SECONDS);
    }
}
