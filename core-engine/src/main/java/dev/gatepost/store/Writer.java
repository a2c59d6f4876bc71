package dev.gatepost.store;

import java.util.List;
import java.util.concurrent.Future;

/** The way all changes go. Safe for any thread. */
sealed interface Writer extends AutoCloseable permits SqliteWriter, PostgresWriter {
    /** Waits until the commit is durable. */
    <T> T write(Database.Work<T> work);

    /** As {@link #write}, before what waits otherwise. */
    <T> T writeFirst(Database.Work<T> work);

    /**
     * Units that may each be stored without the others, in their order; waits until all are durable. When one fails, its
     * failure is thrown after the others are through.
     */
    <T> List<T> writeEach(List<Database.Work<T>> works);

    /** Does not wait; the future completes after the commit. */
    <T> Future<T> submit(Database.Work<T> work);

    /** Units accepted and not yet answered. */
    int waiting();

    /** Finishes what was accepted, refuses what comes after. */
    @Override
    void close();
}
