package dev.gatepost.dns;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Remembers answers for as long as they may be kept, within bounds of our own. Safe for any thread. */
final class AnswerCache {
    /** Shortest time an answer is kept: a bulk list asks for the same five domains most of the time. */
    static final Duration TTL_MIN = Duration.ofSeconds(30);

    /** Longest time records are kept. */
    static final Duration POSITIVE_TTL_MAX = Duration.ofHours(1);

    /** Longest time a "no" is kept. */
    static final Duration NEGATIVE_TTL_MAX = Duration.ofMinutes(15);

    /** How long a name whose servers fail is left alone, so that a list full of it does not wait for each. */
    static final Duration FAILURE_TTL = Duration.ofSeconds(30);

    /** Octets the whole cache may hold, as {@link #weight} counts them; about 100,000 usual answers. */
    private static final long OCTETS_MAX = 32L << 20;

    /** What an entry costs beside its text, in octets; measured roughly on a 64-bit machine. */
    private static final int ENTRY_OCTETS = 200;

    private static final int RECORD_OCTETS = 80;

    private final Cache<Question, Answer> answers;

    AnswerCache(InstantSource clock) {
        this.answers = Caffeine.newBuilder()
                .ticker(() -> nanos(clock.instant()))
                .executor(Runnable::run)
                .maximumWeight(OCTETS_MAX)
                .weigher(AnswerCache::weight)
                .expireAfter(Expiry.creating((Question _, Answer answer) -> lifeOf(answer)))
                .build();
    }

    Optional<Answer> get(Question question) {
        return Optional.ofNullable(answers.getIfPresent(question));
    }

    void put(Question question, Answer answer) {
        if (lifeOf(answer).isPositive()) {
            answers.put(question, answer);
        }
    }

    /** How long an answer is kept; zero for what says nothing about the name. */
    static Duration lifeOf(Answer answer) {
        return switch (answer) {
            case Answer.Found(var _, var ttl, var _) -> clamp(ttl, POSITIVE_TTL_MAX);
            case Answer.NoData(var ttl) -> clamp(ttl, NEGATIVE_TTL_MAX);
            case Answer.NoSuchName(var ttl) -> clamp(ttl, NEGATIVE_TTL_MAX);
            case Answer.Failed(var cause) ->
                switch (cause) {
                    case TIMEOUT, SERVFAIL, REFUSED, MALFORMED -> FAILURE_TTL;
                    // Our own network or budget; it may be mended the next moment.
                    case UNREACHABLE, BUDGET -> Duration.ZERO;
                };
        };
    }

    private static Duration clamp(Duration ttl, Duration max) {
        return ttl.compareTo(TTL_MIN) < 0 ? TTL_MIN : ttl.compareTo(max) > 0 ? max : ttl;
    }

    private static int weight(Question question, Answer answer) {
        int octets = ENTRY_OCTETS + question.name().length();
        if (answer instanceof Answer.Found(var records, var _, var _)) {
            for (var record : records) {
                octets += RECORD_OCTETS + (record instanceof Answer.TextData(var text) ? 2 * text.length() : 0);
            }
        }
        return octets;
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }
}
