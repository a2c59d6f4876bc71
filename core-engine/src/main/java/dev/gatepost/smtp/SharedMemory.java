package dev.gatepost.smtp;

import dev.gatepost.address.Domain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What must outlive the process and be known to every node about mail hosts: the seam between asking them and the store.
 * Nothing here throws for what the store is like; what it cannot tell counts as unknown, and what it cannot grant is not
 * granted. Safe for any thread.
 */
public interface SharedMemory {
    /** Where there is no store: what a process knows stays with it, and its own limits are the only ones. */
    static SharedMemory none(RandomGenerator random) {
        return new OwnMemory(random);
    }

    /** Draws the names nobody has: the same on every node, and not to be guessed by a mail host. */
    byte[] seed();

    /** What is remembered of a domain; empty when nothing is. At most one quick read; the caller keeps the answer. */
    Optional<DomainHabit> domain(Domain domain);

    /** Remembers it, within a second after this returns. */
    void keep(DomainHabit habit);

    /** Remembers how hosts have treated us, within moments after this returns. A pause that lasts is never shortened. */
    void keep(Treatment treatment);

    /** Forgets it, unless it is a pause that lasts. */
    void forget(Treatment treatment);

    /**
     * Tells what is remembered of the last two days, at once and on this thread; later, from time to time and on another
     * thread, the pauses that last, whichever node they began on.
     */
    void watch(Consumer<List<Treatment>> watcher);

    /**
     * Takes turns out of what all nodes together may ask about. They count as used from then on, whatever becomes of them.
     *
     * @param turns how many, at least 1; fewer may be granted
     */
    Future<Grant> take(Quota quota, int turns);

    /** Gives turns back that were taken and never used; the last that is heard of them. */
    void giveBack(Map<Quota, Integer> turns);
}
