package dev.gatepost.egress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When a failed call to somebody else is tried again (reliability W4): ever longer waits over about 77 hours, then no more. */
public final class RetryPlan {
    private static final List<Duration> DELAYS = List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    /** The longest wait the other side may impose on us. */
    private static final Duration IMPOSED_MAX = Duration.ofHours(24);

    /** A fifth to either side, so that rows that failed together do not come back together. */
    private static final double JITTER = 0.2;

    private RetryPlan() {}

    /**
     * The wait after the {@code failures}th failure, at least what the other side asked for; empty when it has failed for good.
     *
     * @param failures 1 or more
     * @param asked the least wait it asked for, zero when it named none
     */
    public static Optional<Duration> after(int failures, Duration asked, RandomGenerator random) {
        if (failures > DELAYS.size()) {
            return Optional.empty();
        }
        var own = jittered(DELAYS.get(failures - 1), random);
        var imposed = asked.compareTo(IMPOSED_MAX) > 0 ? IMPOSED_MAX : asked;
        return Optional.of(own.compareTo(imposed) > 0 ? own : imposed);
    }

    /** A wait that the other side imposes on everybody and that uses up no attempt; never less than a second. */
    public static Duration free(Duration asked) {
        var least = Duration.ofSeconds(1);
        var bounded = asked.compareTo(IMPOSED_MAX) > 0 ? IMPOSED_MAX : asked;
        return bounded.compareTo(least) < 0 ? least : bounded;
    }

    private static Duration jittered(Duration delay, RandomGenerator random) {
        return Duration.ofMillis(Math.round(delay.toMillis() * random.nextDouble(1 - JITTER, 1 + JITTER)));
    }
}
