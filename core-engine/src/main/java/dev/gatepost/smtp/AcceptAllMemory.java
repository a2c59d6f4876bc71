package dev.gatepost.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Which domains take any local part. A domain is asked about one random address a day (reliability: M5), whichever node
 * asks and however often the process is restarted: the address follows from the domain, the day and a seed that all nodes
 * share. While its answer settles nothing, a later probe asks for that same address, as greylisting wants it. Safe for any
 * thread.
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

    private static final String DRAW = "HmacSHA256";

    private final Cache<Domain, Question> questions;
    private final InstantSource clock;
    private final SharedMemory memory;
    private final SecretKeySpec seed;

    /**
     * The address nobody has, and what was said to it.
     *
     * @param until how long that counts
     */
    record Question(EmailAddress address, AcceptAll answer, Instant until) {
        boolean isOpen() {
            return answer != AcceptAll.YES && answer != AcceptAll.NO;
        }
    }

    AcceptAllMemory(InstantSource clock, SharedMemory memory) {
        this.clock = clock;
        this.memory = memory;
        seed = new SecretKeySpec(memory.seed(), DRAW);
        questions = Caffeine.newBuilder()
                .expireAfter(Expiry.writing((Domain _, Question question) -> left(question)))
                .maximumSize(DOMAINS_MAX)
                .ticker(() -> clock.millis() * 1_000_000)
                .build();
    }

    private Duration left(Question question) {
        var left = Duration.between(clock.instant(), question.until());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** The shared memory is asked once for a domain; what it says is kept here. */
    Question about(Domain domain) {
        return questions.get(domain, this::remembered);
    }

    private Question remembered(Domain domain) {
        var now = clock.instant();
        return memory.domain(domain)
                .map(habit ->
                        new Question(habit.asked(), habit.answer(), habit.at().plus(KEPT)))
                .filter(question -> now.isBefore(question.until()))
                .orElseGet(() -> new Question(nobodyAt(domain, now), AcceptAll.NOT_ASKED, now.plus(KEPT)));
    }

    void learn(Question asked, AcceptAll answer) {
        var now = clock.instant();
        questions.put(asked.address().domain(), new Question(asked.address(), answer, now.plus(KEPT)));
        memory.keep(new DomainHabit(asked.address(), answer, now));
    }

    private EmailAddress nobodyAt(Domain domain, Instant now) {
        long day = now.getEpochSecond() / Duration.ofDays(1).toSeconds();
        var drawn = drawn(domain.ascii() + " " + day);
        int choices = LOCAL_PART_CHARS_MAX - LOCAL_PART_CHARS_MIN + 1;
        int length = LOCAL_PART_CHARS_MIN + Byte.toUnsignedInt(drawn[0]) % choices;
        var local = new StringBuilder(length);
        for (int i = 1; i <= length; i++) {
            var from = i == 1 ? LETTERS : LETTERS_AND_DIGITS;
            local.append(from.charAt(Byte.toUnsignedInt(drawn[i]) % from.length()));
        }
        return new EmailAddress(local.toString(), domain);
    }

    private byte[] drawn(String text) {
        try {
            var mac = Mac.getInstance(DRAW);
            mac.init(seed);
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + DRAW, e);
        }
    }
}
