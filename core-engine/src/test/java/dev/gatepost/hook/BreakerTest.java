package dev.gatepost.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("W6: a receiver's machine that fails is left alone")
class BreakerTest {
    private static final Instant START = Instant.parse("2026-11-23T21:00:00Z");

    private final Breaker breaker = new Breaker();

    @Test
    void opensAfterFiveFailuresInARow() {
        fail(4, START);
        assertThat(breaker.admits(START)).isTrue();

        fail(1, START);

        assertThat(breaker.admits(START)).isFalse();
        assertThat(breaker.until()).isEqualTo(START.plusSeconds(30));
    }

    @Test
    void opensWhenHalfOfTwentyCallsFail() {
        for (int i = 0; i < 9; i++) {
            breaker.failed(START);
            breaker.succeeded(START);
        }
        breaker.succeeded(START);
        assertThat(breaker.admits(START)).isTrue();
        breaker.failed(START);

        assertThat(breaker.admits(START)).isFalse();
    }

    @Test
    void forgetsWhatIsLongerAgoThanAMinute() {
        for (int i = 0; i < 19; i++) {
            breaker.failed(START);
            breaker.succeeded(START);
            if (i % 3 == 0) {
                breaker.succeeded(START);
            }
        }
        var later = START.plusSeconds(61);
        breaker.failed(later);

        assertThat(new Breaker().admits(later)).isTrue();
    }

    @Test
    void letsOneCallThroughAfterEachPauseWhichDoubles() {
        fail(5, START);
        var now = START.plusSeconds(30);
        assertThat(breaker.admits(now)).isTrue();
        assertThat(breaker.admits(now)).as("one at a time").isFalse();
        breaker.failed(now);
        assertThat(breaker.until()).isEqualTo(now.plusSeconds(60));

        for (int i = 0; i < 10; i++) {
            now = breaker.until();
            assertThat(breaker.admits(now)).isTrue();
            breaker.failed(now);
        }

        assertThat(breaker.until()).isEqualTo(now.plusSeconds(15 * 60));
    }

    @Test
    void closesAfterASuccess() {
        fail(5, START);
        var now = START.plusSeconds(30);
        breaker.admits(now);
        breaker.succeeded(now);

        assertThat(breaker.admits(now)).isTrue();
        assertThat(breaker.admits(now)).isTrue();
    }

    @Test
    void obeysAReceiverThatAsksToBeLeftAlone() {
        breaker.holdUntil(START.plusSeconds(90));

        assertThat(breaker.admits(START.plusSeconds(89))).isFalse();
        assertThat(breaker.admits(START.plusSeconds(90))).isTrue();
    }

    private void fail(int times, Instant at) {
        for (int i = 0; i < times; i++) {
            breaker.failed(at);
        }
    }
}
