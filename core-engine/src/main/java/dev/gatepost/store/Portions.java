package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Cuts long pieces of writing work: left whole while nobody waits for the store, since each commit costs a sync of the disk;
 * in short ones while somebody does, who then waits for one of these and not for all. Safe for any thread.
 */
final class Portions {
    /** Contacts, say, in a short one: a millisecond of the writer, about what its sync of the disk takes. */
    static final int SHORT = 8;

    /** How long after somebody waited the next one is expected: several calls a second count as a steady flow. */
    static final Duration EXPECTED = Duration.ofSeconds(1);

    private final LongSupplier nanos;
    private volatile long expectedUntil;

    /** Nobody has waited yet. */
    Portions(LongSupplier nanos) {
        this.nanos = requireNonNull(nanos, "nanos");
        this.expectedUntil = nanos.getAsLong();
    }

    /** Somebody waits for the store. */
    void awaited() {
        expectedUntil = nanos.getAsLong() + EXPECTED.toNanos();
    }

    /** Cuts; what comes out has all members in their order, and is empty only when there are none. */
    <T> List<List<T>> of(List<T> all) {
        int most = nanos.getAsLong() - expectedUntil < 0 ? SHORT : Math.max(1, all.size());
        var portions = new ArrayList<List<T>>();
        for (int i = 0; i < all.size(); i += most) {
            portions.add(List.copyOf(all.subList(i, Math.min(all.size(), i + most))));
        }
        return portions;
    }
}
