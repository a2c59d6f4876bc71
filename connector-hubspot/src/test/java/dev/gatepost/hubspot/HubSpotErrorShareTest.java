package dev.gatepost.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.hubspot.HubSpotRun.Trouble;
import dev.gatepost.hubspot.sandbox.Fault;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HubSpot wants fewer than 5 % errors among its answers to an app ("Usage guidelines"). Counted by the sandbox, over a run
 * of many contacts, in each kind of trouble HubSpot may have or we may cause.
 */
class HubSpotErrorShareTest {
    private static final int CONTACTS = 20_000;
    private static final double SHARE_MAX = 0.05;
    private static final Duration HOUR = Duration.ofHours(1);

    private static Trouble forTheFirst(Duration time, Fault fault) {
        return (hubSpot, _, since) -> {
            if (since.compareTo(time) < 0) {
                hubSpot.fail(fault, 1);
            }
        };
    }

    private static Trouble everyCallOf(int calls, Fault fault) {
        return (hubSpot, call, _) -> {
            if (call % calls == 0) {
                hubSpot.fail(fault, 1);
            }
        };
    }

    static Stream<Arguments> troubles() {
        return Stream.of(
                Arguments.of("none", (Trouble) (_, _, _) -> {}),
                Arguments.of("the limit of ten seconds, for an hour", forTheFirst(HOUR, Fault.BURST)),
                Arguments.of("the limit of ten seconds, now and then", everyCallOf(40, Fault.BURST)),
                // NOW is half past ten in the portal.
                Arguments.of("the limit of the day, until midnight", forTheFirst(HOUR.multipliedBy(13), Fault.DAILY)),
                Arguments.of("500 for an hour", forTheFirst(HOUR, Fault.SERVER_ERROR)),
                Arguments.of("500 now and then", everyCallOf(40, Fault.SERVER_ERROR)),
                Arguments.of("502 of a proxy for an hour", forTheFirst(HOUR, Fault.BAD_GATEWAY)),
                Arguments.of("423 for an hour", forTheFirst(HOUR, Fault.LOCKED)),
                Arguments.of("477 for six hours", forTheFirst(HOUR.multipliedBy(6), Fault.MIGRATING)),
                Arguments.of("409 now and then", everyCallOf(40, Fault.CONFLICT)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("troubles")
    void keepsTheShareOfErrorsUnderFivePercent(String name, Trouble trouble) {
        try (var run = new HubSpotRun(HubSpotApi.CALLS_IN_WINDOW_MAX, trouble)) {
            run.send(CONTACTS, 0);

            assertThat(run.written).isEqualTo(CONTACTS);
            assertThat(run.hubSpot().writtenOfCrowd()).isEqualTo(CONTACTS);
            assertThat(run.shareOfErrors()).as("%s: %s", name, run.answers()).isLessThan(SHARE_MAX);
        }
    }

    @Test
    void staysBelowALimitThatIsLowerThanWeWereTold() {
        try (var run = new HubSpotRun(30, (_, _, _) -> {})) {
            run.send(CONTACTS, 0);

            assertThat(run.written).isEqualTo(CONTACTS);
            assertThat(run.shareOfErrors()).as("%s", run.answers()).isLessThan(SHARE_MAX);
        }
    }

    @Test
    void stopsAskingWithATokenThatIsDead() {
        Trouble revoked = (hubSpot, call, _) -> {
            if (call >= 100 && call < 160) { // far more calls than may be made before a person connects again
                hubSpot.fail(Fault.UNAUTHORIZED, 1);
            }
        };
        try (var run = new HubSpotRun(HubSpotApi.CALLS_IN_WINDOW_MAX, (hubSpot, call, since) -> {
            if (since.compareTo(HOUR) < 0) {
                revoked.strike(hubSpot, call, since);
            }
        })) {
            run.send(CONTACTS, 0);

            assertThat(run.connectedAgain).isEqualTo(1);
            assertThat(run.written).isEqualTo(CONTACTS);
            assertThat(run.shareOfErrors()).as("%s", run.answers()).isLessThan(SHARE_MAX);
        }
    }

    @Test
    void asksForContactsThatDoNotExistWithoutErrors() {
        try (var run = new HubSpotRun(HubSpotApi.CALLS_IN_WINDOW_MAX, (_, _, _) -> {})) {
            run.send(CONTACTS, 50);

            assertThat(run.written).isEqualTo(CONTACTS / 2);
            assertThat(run.skipped).isEqualTo(CONTACTS / 2);
            assertThat(run.shareOfErrors()).as("%s", run.answers()).isLessThan(SHARE_MAX);
        }
    }

    @ParameterizedTest(name = "{0} of a thousand")
    @ValueSource(ints = {1, 10, 25})
    void findsThoseARuleForbidsToWriteToAndWritesAllOthers(int ofAThousand) {
        int contacts = 8_000;
        try (var run = new HubSpotRun(HubSpotApi.CALLS_IN_WINDOW_MAX, (_, _, _) -> {})) {
            run.hubSpot().forbidWrites(id -> isForbidden(id, ofAThousand));
            run.send(contacts, 0);

            assertThat(run.written + run.givenUp).isEqualTo(contacts);
            assertThat(run.hubSpot().writtenOfCrowd()).isEqualTo(run.written);
            assertThat(run.givenUp).isBetween(1, contacts * ofAThousand / 500);
            assertThat(run.shareOfErrors()).as("%s", run.answers()).isLessThan(SHARE_MAX);
        }
    }

    private static boolean isForbidden(String id, int ofAThousand) {
        return new Random(Long.parseLong(id) * 31).nextInt(1_000) < ofAThousand;
    }
}
