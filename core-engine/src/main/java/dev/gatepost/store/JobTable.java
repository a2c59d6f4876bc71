package dev.gatepost.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/**
 * db-scheduler's table in a small SQLite file of its own. It holds nothing that our own tables do not say, so it is made
 * anew at every start and need not survive a power loss.
 */
public final class JobTable {
    private static final String DDL = """
            create table if not exists scheduled_tasks (
                task_name text not null,
                task_instance text not null,
                task_data blob,
                execution_time timestamp not null,
                picked boolean not null,
                picked_by text,
                last_success timestamp,
                last_failure timestamp,
                consecutive_failures integer,
                last_heartbeat timestamp,
                version integer not null,
                priority integer,
                primary key (task_name, task_instance)
            )
            """;

    /** Picking, scheduling and heartbeats are a few statements a second. */
    private static final int CONNECTIONS_MAX = 3;

    private JobTable() {}

    /** Makes the file anew. */
    public static HikariDataSource fresh(Path file) {
        try {
            for (var suffix : new String[] {"", "-wal", "-shm"}) {
                Files.deleteIfExists(Path.of(file + suffix));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.OFF);
        config.setBusyTimeout(5_000);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(DDL);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make the job table " + file, e);
        }
        var pool = new HikariConfig();
        pool.setDataSource(source);
        pool.setMaximumPoolSize(CONNECTIONS_MAX);
        pool.setPoolName("jobs");
        return new HikariDataSource(pool);
    }
}
