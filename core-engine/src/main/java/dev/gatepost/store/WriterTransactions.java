package dev.gatepost.store;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Tells Jdbi that the writer, and nobody else, begins and ends transactions. A unit of work that tries to would end the
 * transaction of its neighbours in the same commit, so it is refused; {@code inTransaction} just runs inside.
 */
final class WriterTransactions implements TransactionHandler {
    private static final String REFUSAL = "the writer alone begins and ends transactions";

    @Override
    public void begin(Handle handle) {
        throw new IllegalStateException(REFUSAL);
    }

    @Override
    public void commit(Handle handle) {
        throw new IllegalStateException(REFUSAL);
    }

    @Override
    public void rollback(Handle handle) {
        throw new IllegalStateException(REFUSAL);
    }

    /** False, so that Jdbi lets a unit's handle be closed before the commit it is part of. */
    @Override
    public boolean isInTransaction(Handle handle) {
        return false;
    }

    @Override
    public void savepoint(Handle handle, String name) {
        throw new IllegalStateException(REFUSAL);
    }

    @Override
    public void rollbackToSavepoint(Handle handle, String name) {
        throw new IllegalStateException(REFUSAL);
    }

    @Override
    public void releaseSavepoint(Handle handle, String name) {
        throw new IllegalStateException(REFUSAL);
    }

    @Override
    public <R, X extends Exception> R inTransaction(Handle handle, HandleCallback<R, X> callback) throws X {
        return callback.withHandle(handle);
    }

    @Override
    public <R, X extends Exception> R inTransaction(
            Handle handle, TransactionIsolationLevel level, HandleCallback<R, X> callback) throws X {
        return callback.withHandle(handle);
    }
}
