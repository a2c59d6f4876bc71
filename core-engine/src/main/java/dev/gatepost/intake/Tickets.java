package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Random words that stand for something remembered, each good once, for a short time and for one visitor. In memory, as the
 * sessions they are bound to. Safe for any thread.
 */
final class Tickets {
    private static final int OCTETS = 16;
    private static final Duration LIFE_MAX = Duration.ofHours(1);

    /** More than any number of admins has open; beyond it the oldest are lost. */
    private static final int OPEN_MAX = 1_000;

    private final RandomGenerator random;
    private final InstantSource clock;
    private final Map<String, Ticket> open = new ConcurrentHashMap<>();

    private record Ticket(String visitor, String remembered, Instant until) {}

    Tickets(RandomGenerator random, InstantSource clock) {
        this.random = requireNonNull(random, "random");
        this.clock = requireNonNull(clock, "clock");
    }

    String issue(String visitor, String remembered, Duration life) {
        var now = clock.instant();
        open.values().removeIf(ticket -> !ticket.until().isAfter(now));
        if (open.size() >= OPEN_MAX) {
            open.entrySet().stream()
                    .min((a, b) -> a.getValue().until().compareTo(b.getValue().until()))
                    .ifPresent(oldest -> open.remove(oldest.getKey()));
        }
        var octets = new byte[OCTETS];
        random.nextBytes(octets);
        var word = HexFormat.of().formatHex(octets);
        open.put(word, new Ticket(visitor, remembered, now.plus(life.compareTo(LIFE_MAX) > 0 ? LIFE_MAX : life)));
        return word;
    }

    Optional<String> redeem(String visitor, String word) {
        return Optional.ofNullable(open.remove(word))
                .filter(ticket -> ticket.visitor().equals(visitor))
                .filter(ticket -> ticket.until().isAfter(clock.instant()))
                .map(Ticket::remembered);
    }
}
