package dev.gatepost.store;

import java.util.concurrent.Future;

/** The way all changes go. Safe for any thread. */
sealed interface Writer extends AutoCloseable permits SqliteWriter, PostgresWriter {
    /** Waits until the commit is durable. */
    <T> T write(Database.Work<T> work);

    /** As {@link #write}, before what waits otherwise. */
    <T> T writeFirst(Database.Work<T> work);

    /** Does not wait; the future completes after the commit. */
    <T> Future<T> submit(Database.Work<T> work);

    /** Units accepted and not yet answered. */
    int waiting();

    /** Finishes what was accepted, refuses what comes after. */
    @Override
    void close();
}
