package dev.gatepost.smtp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatepost.address.Domain;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How many addresses of a domain are asked about in one group of commands: fewer where many are refused, or where the host
 * takes its time for each, since whoever asks waits for the whole group. Safe for any thread.
 */
final class GroupSizes {
    /** Time that the replies to one group may take. */
    static final Duration GROUP_TIME_MAX = Duration.ofSeconds(2);

    /** How long what was seen of a domain counts: lists last minutes. */
    private static final Duration KEPT = Duration.ofHours(1);

    private static final int DOMAINS_MAX = 50_000;

    private static final Seen NOTHING = new Seen(RefusalRate.UNKNOWN, Duration.ZERO);

    private final Cache<Domain, Seen> seen;

    /**
     * What was seen of a domain.
     *
     * @param each time of one reply in a group; zero before the first
     */
    private record Seen(RefusalRate rate, Duration each) {}

    GroupSizes(InstantSource clock) {
        seen = Caffeine.newBuilder()
                .expireAfterWrite(KEPT)
                .maximumSize(DOMAINS_MAX)
                .ticker(() -> clock.millis() * 1_000_000)
                .build();
    }

    /**
     * Most addresses of the domain in the next group, at least 1.
     *
     * @param refusals what the connection has gathered before
     */
    int most(Domain domain, int refusals) {
        var known = seen.asMap().getOrDefault(domain, NOTHING);
        int byRate = known.rate().groupMax(refusals);
        long byTime = known.each().isZero() ? byRate : GROUP_TIME_MAX.dividedBy(known.each());
        return (int) Math.max(1, Math.min(byRate, byTime));
    }

    /**
     * Remembers how a group was answered.
     *
     * @param asked addresses that were answered, whatever the answer
     * @param refused how many of them were
     * @param took time of the whole group
     */
    void learn(Domain domain, int asked, int refused, Duration took) {
        if (asked == 0) {
            return;
        }
        seen.asMap().compute(domain, (_, old) -> {
            var known = old == null ? NOTHING : old;
            // A single reply's time is the way there and back, which a group needs but once.
            return new Seen(known.rate().and(asked, refused), asked == 1 ? known.each() : took.dividedBy(asked));
        });
    }
}
