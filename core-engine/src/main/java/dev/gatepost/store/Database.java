package dev.gatepost.store;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The product's store. Safe for any thread. */
public final class Database implements AutoCloseable {
    private final Dialect dialect;
    private final Writer writer;
    private final HikariDataSource readers;
    private final Jdbi reading;

    private final Consumer<Path> backup;
    private final LongSupplier logBytes;
    private final Runnable truncateLog;
    private final @Nullable DataSource shared;
    private final Courtesy courtesy;

    private Database(Dialect dialect, Writer writer, HikariDataSource readers, Own own) {
        this.dialect = dialect;
        this.writer = writer;
        this.courtesy = own.courtesy();
        this.readers = readers;
        this.reading = dialect.jdbi(readers::getConnection);
        this.backup = own.backup();
        this.logBytes = own.logBytes();
        this.truncateLog = own.truncateLog();
        this.shared = own.shared();
    }

    /** What each kind of database does in its own way. */
    private record Own(
            Consumer<Path> backup,
            LongSupplier logBytes,
            Runnable truncateLog,
            @Nullable DataSource shared,
            Courtesy courtesy) {}

    /**
     * Opens the database, bringing its schema up to date first.
     *
     * @throws StoreUnusable when it cannot be reached, would not be durable, or is newer than this program
     */
    public static Database open(DatabaseSettings settings) {
        return switch (settings) {
            case DatabaseSettings.Sqlite sqlite -> open(sqlite);
            case DatabaseSettings.Postgres postgres -> open(postgres);
        };
    }

    private static Database open(DatabaseSettings.Sqlite settings) {
        var file = new SqliteFile(settings.folder().database());
        settings.folder().refuseIfDatabaseIsMissing();
        Migrations.sqlite(file, settings.folder()).bringUpToDate();
        var courtesy = Courtesy.here();
        var writer = new SqliteWriter(file, settings.queueUnitsMax(), courtesy, System::nanoTime);
        try {
            settings.folder().rememberDatabase();
            return new Database(
                    Dialect.SQLITE,
                    writer,
                    file.reading(settings.readers()),
                    new Own(new SqliteBackup(file)::to, file::logBytes, file::truncateLog, null, courtesy));
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    private static Database open(DatabaseSettings.Postgres settings) {
        var pool = PostgresPools.writing(settings);
        try {
            PostgresPools.requireDurable(pool, settings.fsync());
            Migrations.postgres(pool).bringUpToDate();
            return new Database(
                    Dialect.POSTGRESQL,
                    new PostgresWriter(pool, settings.queueUnitsMax()),
                    PostgresPools.reading(settings),
                    new Own(Database::refuseBackup, () -> 0, () -> {}, pool, Courtesy.here()));
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** Which database this is; for the few statements that differ. */
    public Dialect dialect() {
        return dialect;
    }

    /**
     * Runs {@code work} in a writing transaction and returns its result once the commit is durable. On SQLite the one
     * writer thread runs it, in one commit with whatever else is queued; a unit that throws is rolled back alone, and what
     * it threw is thrown here. On PostgreSQL the work may run again after a deadlock, so it has no effects but on the
     * handle.
     *
     * @throws StoreBusy when too much work waits; nothing was stored
     */
    public <T> T write(Work<T> work) {
        return writer.write(work);
    }

    /**
     * As {@link #write}, before all work that was not given so: for what somebody waits for on the other side of a
     * connection. Work of both kinds may come in another order than it was given in.
     */
    public <T> T writeFirst(Work<T> work) {
        return writer.writeFirst(work);
    }

    /**
     * As {@link #write} for each of these, in their order, where none needs to be stored with another: they share a commit as far
     * as nobody comes in between who waits. When one fails, its failure is thrown after the others are through.
     */
    public <T> List<T> writeEach(List<Work<T>> works) {
        return writer.writeEach(works);
    }

    /**
     * Cuts bulk work into pieces, all members in their order: a single piece while nobody calls, and short ones while there are
     * {@linkplain #callBegins() calls} now and then, which go in between. For work that need not be stored all or none.
     */
    public <T> List<List<T>> portions(List<T> all) {
        return courtesy.portions(all);
    }

    /**
     * Waits for the turn of the next piece of bulk work, a quarter of a second at most, and not at all while nobody calls. To be
     * asked for before each of the {@link #portions}.
     *
     * @param contacts how many are in it
     */
    public void awaitTurn(int contacts) {
        courtesy.awaitTurn(contacts);
    }

    /**
     * Somebody's call is on its way, for which bulk work stands back until it is closed. What it stores itself goes by {@link
     * #writeFirst}.
     */
    public Courtesy.Call callBegins() {
        return courtesy.callBegins();
    }

    /** As {@link #write}, without waiting; the future completes only after the commit. */
    public <T> Future<T> submit(Work<T> work) {
        return writer.submit(work);
    }

    /**
     * Runs {@code work} in a reading transaction, at most a second long, on a connection that cannot write. It sees one
     * state of the database, not older than the last {@link #write} that returned.
     *
     * @throws StoreBusy when no connection became free in time
     */
    public <T> T read(Work<T> work) {
        try {
            return reading.inTransaction(work::on);
        } catch (ConnectionException e) {
            throw e.getCause() instanceof SQLTransientConnectionException
                    ? new StoreBusy("no free connection for reading", e)
                    : e;
        }
    }

    /**
     * Connections that db-scheduler may keep its table with, where all nodes see it: PostgreSQL only.
     *
     * @throws IllegalStateException on SQLite, whose one writing connection is not to be shared
     */
    public DataSource jobs() {
        if (shared == null) {
            throw new IllegalStateException("jobs of a SQLite store lie in a file of their own");
        }
        return shared;
    }

    /** Units of writing work accepted and not yet answered. */
    public int waiting() {
        return writer.waiting();
    }

    /** Size of SQLite's write-ahead log, for an alarm above 256 MiB; 0 on PostgreSQL. */
    public long logBytes() {
        return logBytes.getAsLong();
    }

    /**
     * Empties SQLite's write-ahead log, so that nothing that was overwritten can be read from it; waits up to 50 seconds
     * for readers. Nothing to do on PostgreSQL.
     *
     * @throws StoreBusy when some reader was in the way all the time
     */
    public void truncateLog() {
        truncateLog.run();
    }

    /**
     * Writes a consistent copy of the embedded database to {@code target}, checked and on disk before it gets its name; a
     * file of that name is replaced. Work goes on meanwhile.
     *
     * @throws StoreUnusable on PostgreSQL, which has its own tools for it, or when the copy fails
     */
    public void backup(Path target) {
        backup.accept(target);
    }

    private static void refuseBackup(Path target) {
        throw new StoreUnusable("backup_postgresql", "Back up PostgreSQL with its own pg_dump.");
    }

    /** Finishes what was accepted, then closes. */
    @Override
    public void close() {
        writer.close();
        readers.close();
    }

    /** A piece of work inside one transaction. No network I/O in it. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Handle handle);
    }
}
