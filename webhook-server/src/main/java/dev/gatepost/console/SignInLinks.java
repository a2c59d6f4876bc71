package dev.gatepost.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One-time links for the owner: good for one sign-in within {@link #GOOD_FOR}. Kept in memory, only as hashes. */
public final class SignInLinks {

    /** Reliability: X1. */
    public static final Duration GOOD_FOR = Duration.ofMinutes(30);

    /** Links open at a time; making another takes the place of one that was never used. */
    private static final int OPEN_MAX = 20;

    private final Map<String, Instant> endsByHash = new ConcurrentHashMap<>();
    private final Tokens tokens;
    private final InstantSource clock;

    public SignInLinks(Tokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /** A new link below {@code publicUrl}. */
    public synchronized String make(String publicUrl) {
        endsByHash.values().removeIf(end -> !end.isAfter(clock.instant()));
        if (endsByHash.size() >= OPEN_MAX) {
            endsByHash.clear();
        }
        var token = tokens.draw();
        endsByHash.put(Tokens.hash(token), clock.instant().plus(GOOD_FOR));
        return publicUrl + "/sign-in?token=" + token;
    }

    /** Uses a link up; false when it was used before, is too old, or never was. */
    boolean redeem(String token) {
        var end = endsByHash.remove(Tokens.hash(token));
        return end != null && end.isAfter(clock.instant());
    }
}
