package dev.gatepost.hook;

import dev.gatepost.store.Database;
import dev.gatepost.store.Database.Work;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * What every round works with.
 *
 * @param reads places of {@link #read}
 */
record HookTools(
        Database database,
        Subscriptions subscriptions,
        HookCall call,
        InstantSource clock,
        RandomGenerator random,
        Semaphore reads) {
    /** Rounds that read at once on this node. There may be a thousand rounds, and everybody shares the few readers. */
    private static final int READS_MAX = 2;

    HookTools(
            Database database,
            Subscriptions subscriptions,
            HookCall call,
            InstantSource clock,
            RandomGenerator random) {
        this(database, subscriptions, call, clock, random, new Semaphore(READS_MAX, true));
    }

    /** Reads when it is its turn. */
    <T> T read(Work<T> work) {
        reads.acquireUninterruptibly();
        try {
            return database.read(work);
        } finally {
            reads.release();
        }
    }
}
