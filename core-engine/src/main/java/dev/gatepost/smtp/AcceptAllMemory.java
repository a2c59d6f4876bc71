package dev.gatepost.smtp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Which domains take any local part. A domain is asked about one random address a day (reliability: M5); while its
 * answer settles nothing, a later probe asks for that same address, as greylisting wants it. Safe for any thread.
 */
final class AcceptAllMemory {
    /** How long an answer holds. Verification contract, section 4: 24 hours to 7 days. */
    private static final Duration KEPT = Duration.ofHours(24);

    /** Domains remembered: about 20 MB. */
    private static final int DOMAINS_MAX = 100_000;

    private static final int LOCAL_PART_CHARS_MIN = 16;

    private static final int LOCAL_PART_CHARS_MAX = 20;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

    private static final String LETTERS_AND_DIGITS = LETTERS + "0123456789";

    private final Cache<Domain, Question> questions;
    private final RandomGenerator random;

    /** The address nobody has, and what was said to it. */
    record Question(EmailAddress address, AcceptAll answer) {
        boolean isOpen() {
            return answer != AcceptAll.YES && answer != AcceptAll.NO;
        }
    }

    AcceptAllMemory(InstantSource clock, RandomGenerator random) {
        this.random = random;
        questions = Caffeine.newBuilder()
                .expireAfterWrite(KEPT)
                .maximumSize(DOMAINS_MAX)
                .ticker(() -> clock.millis() * 1_000_000)
                .build();
    }

    Question about(Domain domain) {
        return questions.get(
                domain, _ -> new Question(new EmailAddress(randomLocalPart(), domain), AcceptAll.NOT_ASKED));
    }

    void learn(Question asked, AcceptAll answer) {
        questions.put(asked.address().domain(), new Question(asked.address(), answer));
    }

    private String randomLocalPart() {
        int length = random.nextInt(LOCAL_PART_CHARS_MIN, LOCAL_PART_CHARS_MAX + 1);
        var local = new StringBuilder(length);
        local.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        while (local.length() < length) {
            local.append(LETTERS_AND_DIGITS.charAt(random.nextInt(LETTERS_AND_DIGITS.length())));
        }
        return local.toString();
    }
}
