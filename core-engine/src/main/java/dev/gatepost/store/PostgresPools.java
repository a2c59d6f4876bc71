package dev.gatepost.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.SQLException;
import java.time.Duration;

/** Opens the pools of connections to a PostgreSQL server. */
final class PostgresPools {
    /** How long a caller waits for a free connection before the store counts as busy. */
    private static final Duration CONNECTION_WAIT_MAX = Duration.ofSeconds(10);

    /** Bounds for what a session may wait for, and the durability that every answer of ours relies on. */
    private static final String SESSION = """
            set synchronous_commit = on;
            set lock_timeout = '10s';
            set statement_timeout = '60s'""";

    private PostgresPools() {}

    static HikariDataSource writing(DatabaseSettings.Postgres settings) {
        var config = common(settings, "gatepost-writers");
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return open(config);
    }

    /** Each reading transaction sees one state of the database, as on SQLite. */
    static HikariDataSource reading(DatabaseSettings.Postgres settings) {
        var config = common(settings, "gatepost-readers");
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setReadOnly(true);
        return open(config);
    }

    /** Refuses a server that does not wait for its disk. */
    static void requireDurable(HikariDataSource pool, DatabaseSettings.Fsync fsync) {
        try (var connection = pool.getConnection()) {
            var synchronousCommit = show(connection, "synchronous_commit");
            if (!synchronousCommit.equals("on")) {
                throw new StoreUnusable(
                        "synchronous_commit",
                        "PostgreSQL answers synchronous_commit = " + synchronousCommit + " although we set it to on.");
            }
            if (fsync == DatabaseSettings.Fsync.REQUIRED
                    && !show(connection, "fsync").equals("on")) {
                throw new StoreUnusable(
                        "fsync_off",
                        "The PostgreSQL server runs with fsync = off and would lose data with the power; turn it on.");
            }
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static String show(java.sql.Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("show " + name)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static HikariConfig common(DatabaseSettings.Postgres settings, String name) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(settings.login().jdbcUrl());
        if (!settings.login().user().isEmpty()) {
            config.setUsername(settings.login().user());
            config.setPassword(settings.login().password());
        }
        config.setMaximumPoolSize(settings.connections());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_WAIT_MAX.toMillis());
        config.setConnectionInitSql(SESSION);
        // The server's details of an error name values, which may be addresses, and messages are logged (reliability
        // L1).
        config.addDataSourceProperty("logServerErrorDetail", "false");
        return config;
    }

    private static HikariDataSource open(HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            throw unreachable(e);
        }
    }

    private static StoreUnusable unreachable(Exception e) {
        var cause = e.getCause() == null ? e : e.getCause();
        return new StoreUnusable(
                "database_unreachable", "The PostgreSQL database cannot be used: " + cause.getMessage(), e);
    }
}
