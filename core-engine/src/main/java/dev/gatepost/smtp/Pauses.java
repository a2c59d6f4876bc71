package dev.gatepost.smtp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Smtputf8Unsupported;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which organisations are left alone for a while, since they refuse us rather than an address (reliability: M4). A
 * refused connection pauses that one address only: a closed port says nothing about its provider's other machines. Safe
 * for any thread.
 */
final class Pauses {
    /** Blocks of us in a row after which an organisation is left alone. Verification contract, section 3. */
    static final int BLOCKS_MAX = 3;

    /** How long a block pauses. */
    private static final Duration BLOCK = Duration.ofHours(24);

    /** The first pause after "busy" or a refused connection; each further one is twice as long. */
    private static final Duration BACK_OFF_MIN = Duration.ofMinutes(15);

    private static final Duration BACK_OFF_MAX = Duration.ofHours(24);

    /** How long a bad past counts: two of the longest pauses. */
    private static final Duration KEPT = Duration.ofDays(2);

    private static final int RECORDS_MAX = 50_000;

    private static final Pattern MAIL_ADDRESS = Pattern.compile("[^\\s<>]+@[^\\s<>]+");

    private static final Reply NOTHING = new Reply(0, "", "");

    private static final Logger LOG = LoggerFactory.getLogger(Pauses.class);

    private final SmtpIdentity identity;
    private final InstantSource clock;
    private final UnaryOperator<String> groupOf;
    private final SharedMemory memory;
    private final Cache<String, Treatment> pasts;

    /**
     * Begins with what the memory holds, and goes on with what other nodes add.
     *
     * @param groupOf whose pauses count for a host, by its name
     */
    Pauses(SmtpIdentity identity, InstantSource clock, UnaryOperator<String> groupOf, SharedMemory memory) {
        this.memory = memory;
        this.identity = identity;
        this.groupOf = groupOf;
        this.clock = clock;
        pasts = Caffeine.newBuilder()
                .expireAfterWrite(KEPT)
                .maximumSize(RECORDS_MAX)
                .ticker(() -> clock.millis() * 1_000_000)
                .build();
        memory.watch(treatments -> treatments.forEach(this::remember));
    }

    /** Of two that know of a pause, the one with the longer pause knows more. */
    private void remember(Treatment told) {
        pasts.asMap().merge(told.whom(), told, (own, other) -> {
            boolean longer = other.pause().until().isAfter(own.pause().until());
            return longer ? other : own;
        });
    }

    /** What to answer for this host without asking it; empty when it may be asked. */
    Optional<Outcome> standing(Target target) {
        return standing(groupKey(groupOf.apply(target.host()))).or(() -> standing(addressKey(target)));
    }

    private Optional<Outcome> standing(String key) {
        return Optional.ofNullable(pasts.getIfPresent(key))
                .filter(this::isPaused)
                .map(Treatment::answer);
    }

    private boolean isPaused(Treatment past) {
        return past.isPausedAt(clock.instant());
    }

    /** All that last, the longest first. */
    List<Pause> all() {
        return pasts.asMap().values().stream()
                .filter(this::isPaused)
                .map(Treatment::pause)
                .sorted(Comparator.comparing(Pause::until).reversed())
                .toList();
    }

    /** Somebody answered at this address. */
    void connected(Target target) {
        forget(addressKey(target));
    }

    /** Nobody listens at this address. */
    void refusedConnection(Target target) {
        backOff(addressKey(target), target.host(), new NoAnswer(target.host(), Trouble.CONNECTION_REFUSED), NOTHING);
    }

    /** Draws the consequences of what a host said. */
    void learn(Outcome outcome) {
        var said = said(outcome);
        if (said.isEmpty()) {
            return;
        }
        var answer = said.get();
        var group = groupOf.apply(answer.host());
        switch (Attitude.of(outcome)) {
            case CLEAN -> forget(groupKey(group));
            case PUTS_OFF -> backOff(groupKey(group), group, answer, answer.reply());
            case BLOCKS -> blocked(group, answer);
            case TOO_FAST, NONE -> {
                // The group's own limits see to it.
            }
        }
    }

    /** The outcome as it is given to later probes, which have said nothing of their addresses. */
    private static Optional<SenderRefused> said(Outcome outcome) {
        return switch (outcome) {
            case Answered(var host, var reply, var meaning, var _) ->
                Optional.of(new SenderRefused(host, Stage.RCPT, anonymous(reply), meaning));
            case SenderRefused(var host, var stage, var reply, var meaning) ->
                Optional.of(new SenderRefused(host, stage, anonymous(reply), meaning));
            case NoAnswer _, Smtputf8Unsupported _ -> Optional.empty();
        };
    }

    /** A good answer makes up for what was, but ends no pause: it was under way when that began. */
    private void forget(String key) {
        pasts.asMap().computeIfPresent(key, (_, past) -> {
            if (isPaused(past)) {
                return past;
            }
            memory.forget(past);
            return null;
        });
    }

    /** Later probes are about other addresses. */
    private static Reply anonymous(Reply reply) {
        return new Reply(reply.code(), reply.enhancedCode(), anonymous(reply.text()));
    }

    private static String anonymous(String text) {
        return MAIL_ADDRESS.matcher(text).replaceAll("[address]");
    }

    private void backOff(String key, String group, Outcome answer, Reply reply) {
        pasts.asMap().compute(key, (_, old) -> {
            if (old != null && isPaused(old)) {
                return old; // what was still under way when the pause began
            }
            var time = old == null || old.backOff().isZero()
                    ? BACK_OFF_MIN
                    : old.backOff().multipliedBy(2);
            var capped = time.compareTo(BACK_OFF_MAX) > 0 ? BACK_OFF_MAX : time;
            int blocks = old == null ? 0 : old.blocks();
            return kept(new Treatment(key, blocks, capped, pause(group, capped, reply), answer));
        });
    }

    private void blocked(String group, SenderRefused answer) {
        pasts.asMap().compute(groupKey(group), (key, old) -> {
            if (old != null && isPaused(old)) {
                return old;
            }
            int blocks = old == null ? 1 : old.blocks() + 1;
            var backOff = old == null ? Duration.ZERO : old.backOff();
            var pause = blocks < BLOCKS_MAX
                    ? pause(group, Duration.ZERO, answer.reply())
                    : pause(group, BLOCK, answer.reply());
            return kept(new Treatment(key, blocks, backOff, pause, answer));
        });
    }

    private Treatment kept(Treatment treatment) {
        memory.keep(treatment);
        return treatment;
    }

    private Pause pause(String group, Duration time, Reply reply) {
        var cause = reply.code() == 0 ? RefusalCause.CONNECTION_REFUSED : RefusalCause.of(reply);
        var now = clock.instant();
        var mend = cause.mend(identity, reply);
        if (time.isPositive()) {
            LOG.warn("nothing is asked of {} for {}: {}. {}", group, time, cause.word(), mend);
        }
        return new Pause(group, now, now.plus(time), cause, mend, withoutAddresses(reply));
    }

    private static String withoutAddresses(Reply reply) {
        var words = List.of(reply.code() == 0 ? "" : "" + reply.code(), reply.enhancedCode(), reply.text());
        return anonymous(String.join(" ", words).strip().replaceAll(" +", " "));
    }

    private static String groupKey(String group) {
        return "group:" + group;
    }

    private static String addressKey(Target target) {
        return "address:" + target.address().getHostAddress();
    }
}
