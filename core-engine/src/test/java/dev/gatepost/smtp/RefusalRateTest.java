package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("M3: a group is as large as the refusals to be expected allow")
final class RefusalRateTest {
    /** Seen of a long list of which every n-th address is refused. */
    private static RefusalRate everyNth(int n) {
        return RefusalRate.UNKNOWN.and(50 * n, 50);
    }

    @Test
    void asksAboutNoMoreThanMayAllBeRefusedWhenNothingIsKnown() {
        for (int refusals = 0; refusals <= 8; refusals++) {
            assertThat(RefusalRate.UNKNOWN.groupMax(refusals)).isEqualTo(8 - refusals);
        }
    }

    @Test
    void staysWithinTheBudgetWhereAllAreRefused() {
        for (int refusals = 0; refusals <= 8; refusals++) {
            assertThat(everyNth(1).groupMax(refusals)).isEqualTo(8 - refusals);
        }
    }

    @Test
    void growsWhereFewAreRefused() {
        assertThat(everyNth(10).groupMax(0)).isBetween(30, 45);
        assertThat(everyNth(10).groupMax(4)).isBetween(12, 24);
        assertThat(everyNth(10).groupMax(7)).isBetween(3, 6);
        assertThat(everyNth(1_000).groupMax(0)).isEqualTo(RefusalRate.GROUP_MAX);
        assertThat(everyNth(2).groupMax(0)).isBetween(8, 12);
    }

    @Test
    void growsFromTheFirstGroupOn() {
        assertThat(RefusalRate.UNKNOWN.and(8, 1).groupMax(1)).isBetween(8, 20);
        assertThat(RefusalRate.UNKNOWN.and(8, 8).groupMax(0)).isEqualTo(8);
    }

    @Test
    void noticesThatAListBecomesWorse() {
        var bad = everyNth(100);
        for (int i = 0; i < 40; i++) {
            bad = bad.and(8, 8);
        }
        assertThat(bad.groupMax(0)).isLessThanOrEqualTo(12);
    }

    @Test
    void knowsTheBetaBinomialDistribution() {
        // With a uniform rate each number of refusals is as likely as any other.
        assertThat(RefusalRate.UNKNOWN.likelihoodOfMore(20, 8)).isCloseTo(12.0 / 21, within(1e-12));
        assertThat(RefusalRate.UNKNOWN.likelihoodOfMore(8, 8)).isZero();
        assertThat(RefusalRate.UNKNOWN.likelihoodOfMore(3, -1)).isEqualTo(1);
        // With much experience it comes close to the binomial one: 1 - 0.9^10.
        assertThat(new RefusalRate(1e6, 9e6).likelihoodOfMore(10, 0)).isCloseTo(1 - Math.pow(0.9, 10), within(1e-6));
    }

    @Test
    @DisplayName("a list with a steady rate is never hung up on, rarely delayed, and needs few connections")
    void keepsItsPromiseOverLongLists() {
        var random = new Random(7);
        for (double share : new double[] {0.01, 0.1, 0.3, 0.6, 1}) {
            var rate = RefusalRate.UNKNOWN;
            int groups = 0;
            int sessions = 0;
            int delayed = 0;
            int refusedInAll = 0;
            for (int asked = 0; asked < 20_000; sessions++) {
                int refusals = 0;
                while (refusals < SmtpSession.REFUSALS_MAX) {
                    int size = rate.groupMax(refusals);
                    int refused = 0;
                    for (int i = 0; i < size; i++) {
                        refused += random.nextDouble() < share ? 1 : 0;
                    }
                    rate = rate.and(size, refused);
                    refusals += refused;
                    asked += size;
                    groups++;
                }
                refusedInAll += refusals;
                delayed += refusals >= 10 ? 1 : 0;
                assertThat(refusals).isLessThan(20);
            }
            assertThat(delayed).as("delayed at %s", share).isLessThanOrEqualTo(sessions / 10);
            assertThat(sessions).isLessThanOrEqualTo(refusedInAll / 8);
            assertThat(groups).isPositive();
        }
    }
}
