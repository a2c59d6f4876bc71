package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jdbi.v3.core.Handle;

/**
 * Slows guessing down: after {@link #FREE} failures of one account from one network each further try has to wait longer,
 * up to {@link #WAIT_MAX}. Nobody is locked out for good, and nobody elsewhere is locked out at all (reliability: X4).
 * Unknown accounts are slowed just the same. Safe for any thread.
 */
final class SignInBrake {
    /** Failures that cost no wait: people mistype. */
    static final int FREE = 5;

    /** Longest wait: short enough for somebody who remembers the password at last, 96 guesses a day. */
    static final Duration WAIT_MAX = Duration.ofMinutes(15);

    /** Failures are forgotten when none came for this long. */
    static final Duration MEMORY = Duration.ofHours(24);

    private static final int CLEARED_MAX = 100;
    private static final int DOUBLINGS_MAX = 10;

    private final Database database;
    private final SecretKey key;
    private final InstantSource clock;

    SignInBrake(Database database, SecretKey key, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.key = requireNonNull(key, "key");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Takes a try, which counts as a failure until {@link #release}: so that many at once are slowed like one after the
     * other.
     *
     * @return how long to wait; zero when the try may go on now
     */
    Duration take(String account, String origin) {
        var who = who(account, origin);
        var now = clock.instant();
        return database.write(handle -> {
            clear(handle, now);
            // Written first, so that tries on several nodes follow each other.
            handle.createUpdate("""
                            insert into sign_in_failure (who, failures, last_at, free_at) values (:who, 0, :now, 0)
                            on conflict (who) do update set last_at = sign_in_failure.last_at""").bind("who", who).bind("now", now).execute();
            var seen = handle.createQuery("select failures, free_at from sign_in_failure where who = :who")
                    .bind("who", who)
                    .map((row, context) ->
                            new Seen(row.getInt("failures"), Instant.ofEpochMilli(row.getLong("free_at"))))
                    .one();
            if (seen.freeAt().isAfter(now)) {
                return Duration.between(now, seen.freeAt());
            }
            count(handle, who, seen.failures() + 1, now);
            return Duration.ZERO;
        });
    }

    private record Seen(int failures, Instant freeAt) {}

    private static void count(Handle handle, String who, int failures, Instant now) {
        handle.createUpdate("""
                        update sign_in_failure set failures = :failures, last_at = :now, free_at = :free
                        where who = :who""")
                .bind("failures", failures)
                .bind("now", now)
                .bind("free", now.plus(waitAfter(failures)))
                .bind("who", who)
                .execute();
    }

    /** None up to five failures, then 1 s, 2 s, 4 s … */
    static Duration waitAfter(int failures) {
        if (failures < FREE) {
            return Duration.ZERO;
        }
        var wait = Duration.ofSeconds(1L << Math.min(failures - FREE, DOUBLINGS_MAX));
        return wait.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : wait;
    }

    /** The try was no failure: forgets all of this account from this network. */
    void release(String account, String origin) {
        var who = who(account, origin);
        database.write(handle -> handle.createUpdate("delete from sign_in_failure where who = :who")
                .bind("who", who)
                .execute());
    }

    private static void clear(Handle handle, Instant now) {
        handle.createUpdate("""
                        delete from sign_in_failure where who in (
                            select who from sign_in_failure where last_at < :old order by last_at limit :most)""")
                .bind("old", now.minus(MEMORY))
                .bind("most", CLEARED_MAX)
                .execute();
    }

    /** Keyed, since an address would be found again by trying. */
    private String who(String account, String origin) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            var text = account + "\0" + Networks.of(origin);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
