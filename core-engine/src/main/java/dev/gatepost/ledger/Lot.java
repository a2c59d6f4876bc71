package dev.gatepost.ledger;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Credits that expire at the same time. A workspace has lots only once it was granted credits that expire; then their rests
 * add up to what was available when they were last brought up to date.
 *
 * @param seq of the grant's entry; {@link #LASTING} for all credits that never expire
 * @param expiresAt null for credits that never expire
 * @param rest credits of it that were not used, not negative
 */
public record Lot(long seq, @Nullable Instant expiresAt, long rest) {
    /** The lot of all credits that never expire. */
    static final long LASTING = 0;

    boolean isLasting() {
        return seq == LASTING;
    }

    boolean isDue(Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    private Lot withRest(long newRest) {
        return new Lot(seq, expiresAt, newRest);
    }

    /**
     * The lots as they are when {@code available} credits are left. What was used comes out of what expires first. What was
     * given back stays with what never expires: nobody loses by it, and no charge need remember its lot. Pure.
     *
     * @param lots the one that expires first at the beginning, the lasting one at the end
     */
    static List<Lot> attributed(List<Lot> lots, long available) {
        requireNonNull(lots, "lots");
        if (lots.isEmpty()) {
            return List.of();
        }
        long used = lots.stream().mapToLong(Lot::rest).sum() - available;
        var result = new ArrayList<Lot>();
        for (var lot : lots) {
            long taken = used > 0 ? Math.min(used, lot.rest()) : lot.isLasting() ? used : 0;
            used -= taken;
            result.add(lot.withRest(lot.rest() - taken));
        }
        if (used != 0) {
            throw new IllegalStateException("lots do not add up: " + used + " credits are in none of " + lots);
        }
        return List.copyOf(result);
    }
}
