package dev.gatepost.ledger;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Credits to be given to a workspace.
 *
 * @param key the same at every attempt; the same key twice grants once. Kept as a keyed hash only
 * @param amount 1 to {@link #AMOUNT_MAX}
 * @param note an operator's words, or empty; never an address, since the ledger outlives every erasure
 * @param expiresAt when what is left of it is taken back, or null for never
 */
public record Grant(
        String key, long amount, String note, @Nullable Instant expiresAt) {
    /** Credits of one grant; far above any real one, and far below where sums could overflow. */
    public static final long AMOUNT_MAX = 1_000_000_000_000L;

    /** Longest note, in characters: a reason and a reference, not a letter. */
    public static final int NOTE_CHARACTERS_MAX = 200;

    /**
     * A grant as it may be posted.
     *
     * @throws IllegalArgumentException when amount or note are not as said above; the message names the field and the mend
     */
    public Grant {
        requireNonNull(key, "key");
        if (amount < 1 || amount > AMOUNT_MAX) {
            throw new IllegalArgumentException(
                    "amount: credits are granted in whole numbers from 1 to " + AMOUNT_MAX + ", not " + amount);
        }
        requireNote(note);
    }

    /** Credits that never expire. */
    public static Grant of(String key, long amount, String note) {
        return new Grant(key, amount, note, null);
    }

    /** Checks the words an operator puts into the ledger for ever. */
    static void requireNote(String note) {
        if (note.length() > NOTE_CHARACTERS_MAX) {
            throw new IllegalArgumentException("note: longer than " + NOTE_CHARACTERS_MAX + " characters");
        }
        if (note.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("note: must be one line of text, without control characters");
        }
        if (note.contains("@")) {
            throw new IllegalArgumentException(
                    "note: must not hold an email address, since the ledger is never erased; write an id instead");
        }
    }
}
