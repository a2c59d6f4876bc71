package dev.gatepost.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Opens connections to one SQLite file, each set up as the product needs it. */
final class SqliteFile {
    /** How long a statement waits for a lock that another connection holds. */
    static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

    /** Tries to empty the log, each as long as the busy timeout: erasure is to end within 60 s (reliability L4). */
    private static final int TRUNCATIONS_MAX = 10;

    /** How long a reader waits for a free connection before the store counts as busy. */
    private static final Duration READER_WAIT_MAX = Duration.ofSeconds(5);

    /**
     * Pages in the write-ahead log before the writer itself copies into the file what {@link LogCopier} has not, and begins
     * the log anew: 64 MiB of 4 KiB pages.
     */
    static final int CHECKPOINT_PAGES = 16_384;

    /** What the log file is cut back to after a checkpoint. */
    private static final long LOG_BYTES_KEPT = 64L << 20;

    /** What {@code pragma synchronous} answers for FULL: every commit waits for the disk. */
    private static final int SYNCHRONOUS_FULL = 2;

    private final Path file;

    SqliteFile(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** The one connection that writes. Refuses to go on when commits would not be durable. */
    Connection writing() throws SQLException {
        var connection = DriverManager.getConnection(url());
        try {
            set(
                    connection,
                    "journal_mode=wal",
                    "synchronous=full",
                    "foreign_keys=on",
                    "busy_timeout=" + BUSY_TIMEOUT.toMillis(),
                    "trusted_schema=off",
                    "secure_delete=on",
                    "wal_autocheckpoint=" + CHECKPOINT_PAGES,
                    "journal_size_limit=" + LOG_BYTES_KEPT);
            requireDurable(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Reads the settings back, since SQLite ignores without a word what it cannot do. */
    static void requireDurable(Connection connection) throws SQLException {
        var journal = pragma(connection, "journal_mode");
        if (!journal.equalsIgnoreCase("wal")) {
            throw new StoreUnusable(
                    "journal_mode",
                    "SQLite keeps its journal in mode " + journal
                            + " instead of wal here; put the data folder on a local disk.");
        }
        var synchronous = pragma(connection, "synchronous");
        if (!synchronous.equals(String.valueOf(SYNCHRONOUS_FULL))) {
            throw new StoreUnusable(
                    "synchronous",
                    "SQLite answers synchronous = " + synchronous + " instead of " + SYNCHRONOUS_FULL
                            + " (full); commits would not survive a power loss.");
        }
    }

    /** A pool of connections that cannot write. Its size bounds how many threads are inside SQLite at once. */
    HikariDataSource reading(int connections) {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
        var source = new TrustingNoSchema(config);
        source.setUrl(url());

        var pool = new HikariConfig();
        pool.setPoolName("gatepost-readers");
        pool.setDataSource(source);
        pool.setReadOnly(true);
        pool.setMaximumPoolSize(connections);
        pool.setMinimumIdle(connections);
        pool.setConnectionTimeout(READER_WAIT_MAX.toMillis());
        pool.setMaxLifetime(0);
        return new HikariDataSource(pool);
    }

    /** A connection for the migrations, before any other is open. */
    SQLiteDataSource migrating() {
        var config = new SQLiteConfig();
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
        config.enforceForeignKeys(true);
        var source = new SQLiteDataSource(config);
        source.setUrl(url());
        return source;
    }

    /** Size of the write-ahead log now; 0 when there is none. */
    long logBytes() {
        return new File(file + "-wal").length();
    }

    /**
     * Brings everything into the database and empties the log, waiting for others.
     *
     * @throws StoreBusy when some reader was in the way each time
     */
    void truncateLog() {
        try (var connection = migrating().getConnection()) {
            for (int i = 0; i < TRUNCATIONS_MAX; i++) {
                if (pragma(connection, "wal_checkpoint(truncate)").equals("0")) {
                    return;
                }
            }
            throw new StoreBusy("the write-ahead log could not be emptied: it is being read all the time");
        } catch (SQLException e) {
            throw new StoreBusy("the write-ahead log could not be emptied", e);
        }
    }

    String url() {
        return "jdbc:sqlite:" + file;
    }

    static String pragma(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("pragma " + name)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    /** Copies what readers let it; returns the pages that the log has. */
    static long copyLog(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("pragma wal_checkpoint(passive)")) {
            return row.next() ? row.getLong(2) : 0;
        }
    }

    private static void set(Connection connection, String... pragmas) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var pragma : List.of(pragmas)) {
                statement.execute("pragma " + pragma);
            }
        }
    }

    /** Sets for readers what the driver's own settings have no name for. */
    private static final class TrustingNoSchema extends SQLiteDataSource {
        TrustingNoSchema(SQLiteConfig config) {
            super(config);
        }

        @Override
        public Connection getConnection() throws SQLException {
            var connection = super.getConnection();
            set(connection, "trusted_schema=off");
            return connection;
        }
    }
}
