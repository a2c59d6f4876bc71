package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Counts the requests of each key, or of each visitor with a key, in windows of a minute that begin with the first one. Counts of this node alone, and
 * not kept over a restart: they protect the machine, they are no price. Safe for any thread.
 */
final class RateLimits {

    /** One minute. */
    static final Duration WINDOW = Duration.ofMinutes(1);

    /** Keys counted at a time; the least used is forgotten first. */
    private static final int COUNTED_MAX = 10_000;

    private final Cache<String, Window> windows =
            Caffeine.newBuilder().maximumSize(COUNTED_MAX).build();
    private final String policy;
    private final InstantSource clock;

    private record Window(Instant began, int used) {}

    /** @param policy what is counted, in one word */
    RateLimits(String policy, InstantSource clock) {
        this.policy = requireNonNull(policy, "policy");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * How a request stands to the limit.
     *
     * @param name what is counted
     * @param quota requests a window
     * @param left requests left in this window, 0 when this one was too many or the last
     * @param resetSeconds until the window ends, at least 1
     */
    record Count(String name, boolean isWithin, int quota, int left, long resetSeconds) {

        /** The {@code RateLimit-Policy} field of draft-ietf-httpapi-ratelimit-headers-10, section 3. */
        String policy() {
            return "\"" + name + "\";q=" + quota + ";w=" + WINDOW.toSeconds();
        }

        /** The {@code RateLimit} field, section 4 of the same. */
        String limit() {
            return "\"" + name + "\";r=" + left + ";t=" + resetSeconds;
        }
    }

    /** Counts one request of {@code who}. */
    Count count(String who, int quota) {
        var now = clock.instant();
        var window = requireNonNull(windows.asMap()
                .compute(
                        who,
                        (_, last) -> last == null
                                        || now.isBefore(last.began())
                                        || !now.isBefore(last.began().plus(WINDOW))
                                ? new Window(now, 1)
                                : new Window(last.began(), Math.min(last.used() + 1, quota + 1))));
        var left = Duration.between(now, window.began().plus(WINDOW));
        return new Count(
                policy,
                window.used() <= quota,
                quota,
                Math.max(0, quota - window.used()),
                Math.max(1, left.plusMillis(999).toSeconds()));
    }
}
