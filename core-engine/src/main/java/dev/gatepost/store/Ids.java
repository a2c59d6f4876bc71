package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Makes ids that are unique without asking anybody and sort by the time they were made: 48 bits of milliseconds since
 * 1970 and 80 random bits, as 26 characters of Crockford's base 32 in lower case. Ids of one instance grow strictly, also
 * within a millisecond and when the clock is set back. Safe for any thread.
 */
public final class Ids {
    /** Length of an id in characters. */
    public static final int LENGTH = 26;

    /** Digits without i, l, o and u: Douglas Crockford, "Base 32", read 2026-11-23. */
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int DIGIT_BITS = 5;
    private static final int HIGH_RANDOM_BITS = 16;
    private static final long HIGH_RANDOM_MASK = (1L << HIGH_RANDOM_BITS) - 1;

    private final InstantSource clock;
    private final RandomGenerator random;
    private long millis = -1;
    private long high;
    private long low;

    public Ids(InstantSource clock, RandomGenerator random) {
        this.clock = requireNonNull(clock, "clock");
        this.random = requireNonNull(random, "random");
    }

    /** The next id. */
    public synchronized String next() {
        var now = clock.millis();
        if (now > millis) {
            millis = now;
            high = random.nextLong() & HIGH_RANDOM_MASK;
            low = random.nextLong();
        } else {
            countUp();
        }
        return text((millis << HIGH_RANDOM_BITS) | high, low);
    }

    /** Smaller than every id of this millisecond or later, and greater than every earlier one. */
    public static String lowest(Instant at) {
        return text(at.toEpochMilli() << HIGH_RANDOM_BITS, 0);
    }

    private void countUp() {
        low++;
        if (low != 0) {
            return;
        }
        high = (high + 1) & HIGH_RANDOM_MASK;
        if (high == 0) {
            millis++;
        }
    }

    private static String text(long upper, long lower) {
        var digits = new char[LENGTH];
        var restUpper = upper;
        var restLower = lower;
        for (int i = LENGTH - 1; i >= 0; i--) {
            digits[i] = DIGITS.charAt((int) (restLower & (DIGITS.length() - 1)));
            restLower = (restLower >>> DIGIT_BITS) | (restUpper << (Long.SIZE - DIGIT_BITS));
            restUpper >>>= DIGIT_BITS;
        }
        return new String(digits);
    }
}
