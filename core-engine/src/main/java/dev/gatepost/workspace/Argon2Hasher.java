package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id (RFC 9106), stored as PHC strings: {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. Safe for any thread. */
public final class Argon2Hasher implements PasswordHasher {
    /** Reliability X4; the same as OWASP's "Password Storage Cheat Sheet", read 2026-11-25. */
    public static final Cost COST = new Cost(19 * 1024, 2, 1);

    /** Passwords hashed at a time: 2 × 19 MiB fit beside everything else into a heap of 256 MiB. */
    private static final int AT_ONCE_MAX = 2;

    /** Longest wait for a turn: at some 50 ms each, a hundred others are ahead. */
    private static final Duration TURN_WAIT_MAX = Duration.ofSeconds(5);

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    /** More than we ever write; a stored text that asks for more memory than this is not ours. */
    private static final int MEMORY_KIB_MAX = 1024 * 1024;

    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    private final Cost cost;
    private final SecureRandom random;
    private final Semaphore turns = new Semaphore(AT_ONCE_MAX, true);

    /**
     * What hashing one password takes.
     *
     * @param memory in KiB
     * @param passes over the memory
     * @param lanes computed side by side
     */
    public record Cost(int memory, int passes, int lanes) {
        String words() {
            return "m=" + memory + ",t=" + passes + ",p=" + lanes;
        }
    }

    public Argon2Hasher(Cost cost, SecureRandom random) {
        this.cost = requireNonNull(cost, "cost");
        this.random = requireNonNull(random, "random");
    }

    @Override
    public String hash(String password) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return phc(cost, salt, compute(password, salt, cost, HASH_BYTES));
    }

    @Override
    public boolean matches(String password, String stored) {
        var parts = Parts.of(stored);
        var found = compute(password, parts.salt(), parts.cost(), parts.hash().length);
        return MessageDigest.isEqual(found, parts.hash());
    }

    /** Of random bytes: a password that matches them would be a find of 2^-256. */
    @Override
    public String unmatchable() {
        var salt = new byte[SALT_BYTES];
        var hash = new byte[HASH_BYTES];
        random.nextBytes(salt);
        random.nextBytes(hash);
        return phc(cost, salt, hash);
    }

    @Override
    public boolean isOutdated(String stored) {
        var old = Parts.of(stored).cost();
        return old.memory() < cost.memory() || old.passes() < cost.passes();
    }

    private byte[] compute(String password, byte[] salt, Cost at, int length) {
        takeTurn();
        try {
            var generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withSalt(salt)
                    .withMemoryAsKB(at.memory())
                    .withIterations(at.passes())
                    .withParallelism(at.lanes())
                    .build());
            var hash = new byte[length];
            var bytes = password.getBytes(StandardCharsets.UTF_8);
            generator.generateBytes(bytes, hash);
            Arrays.fill(bytes, (byte) 0);
            return hash;
        } finally {
            turns.release();
        }
    }

    private void takeTurn() {
        try {
            if (!turns.tryAcquire(TURN_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TooManyAtOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TooManyAtOnce();
        }
    }

    private static String phc(Cost cost, byte[] salt, byte[] hash) {
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$" + cost.words() + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    @SuppressWarnings("ArrayRecordComponent") // read once, compared by nobody
    private record Parts(Cost cost, byte[] salt, byte[] hash) {
        static Parts of(String stored) {
            var match = PHC.matcher(stored);
            if (!match.matches() || Integer.parseInt(match.group(1)) > MEMORY_KIB_MAX) {
                throw new IllegalStateException("a stored password is no Argon2id text of ours");
            }
            var cost = new Cost(
                    Integer.parseInt(match.group(1)),
                    Integer.parseInt(match.group(2)),
                    Integer.parseInt(match.group(3)));
            return new Parts(
                    cost,
                    Base64.getDecoder().decode(match.group(4)),
                    Base64.getDecoder().decode(match.group(5)));
        }
    }
}
