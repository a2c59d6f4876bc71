package dev.gatepost.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who is signed in (reliability: X5). In memory, only as hashes: a restart signs everybody out. Safe for any thread. */
public final class Sessions {

    /** A session ends after this long without a page. */
    static final Duration IDLE_MAX = Duration.ofMinutes(30);

    /** A session ends after this long whatever happens. */
    static final Duration AGE_MAX = Duration.ofHours(12);

    /** Sessions at a time; only a link from this machine makes one, so this many are never reached in earnest. */
    private static final int OPEN_MAX = 1_000;

    private final Map<String, Session> byHash = new ConcurrentHashMap<>();
    private final Tokens tokens;
    private final InstantSource clock;

    private record Session(Instant began, Instant seen) {

        boolean isLive(Instant now) {
            return now.isBefore(seen.plus(IDLE_MAX)) && now.isBefore(began.plus(AGE_MAX));
        }
    }

    public Sessions(Tokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Begins a session; the answer is the cookie's value. */
    String begin() {
        var now = clock.instant();
        byHash.values().removeIf(session -> !session.isLive(now));
        if (byHash.size() >= OPEN_MAX) {
            byHash.clear();
        }
        var token = tokens.draw();
        byHash.put(Tokens.hash(token), new Session(now, now));
        return token;
    }

    /** Whether the session is live; a page that was asked for keeps it so. */
    boolean touch(String token) {
        var now = clock.instant();
        return byHash.computeIfPresent(
                        Tokens.hash(token),
                        (_, session) -> session.isLive(now) ? new Session(session.began(), now) : null)
                != null;
    }

    /** Whether the session is live; looking does not keep it so. */
    boolean isLive(String token) {
        var session = byHash.get(Tokens.hash(token));
        return session != null && session.isLive(clock.instant());
    }

    void end(String token) {
        byHash.remove(Tokens.hash(token));
    }
}
