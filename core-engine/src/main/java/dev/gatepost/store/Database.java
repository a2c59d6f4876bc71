package dev.gatepost.store;

import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;

/** The product's store. Safe for any thread. */
public final class Database implements AutoCloseable {
    private Database() {}

    /** Which database this is; for the few statements that differ. */
    public Dialect dialect() {
        throw placeholder();
    }

    /**
     * Runs {@code work} in a writing transaction and returns its result once the commit is durable. On SQLite the one
     * writer thread runs it, in one commit with whatever else is queued; a unit that throws is rolled back alone.
     */
    public <T> T write(Work<T> work) {
        throw placeholder();
    }

    /** As {@link #write}, without waiting; the future completes only after the commit. */
    public <T> Future<T> submit(Work<T> work) {
        throw placeholder();
    }

    /** Runs {@code work} in a short reading transaction on a read-only connection. */
    public <T> T read(Work<T> work) {
        throw placeholder();
    }

    @Override
    public void close() {}

    /** A piece of work inside one transaction. No network I/O in it. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Handle handle);
    }

    private static RuntimeException placeholder() {
        return new IllegalStateException("placeholder");
    }
}
