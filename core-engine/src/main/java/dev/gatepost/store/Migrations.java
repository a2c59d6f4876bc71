package dev.gatepost.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings a database's schema up to date, forward only. Looks itself whether there is anything to do, since starting
 * Flyway costs more than everything else at start.
 */
final class Migrations {
    /**
     * Every migration, oldest first, by the name it has in both databases' folders. Listed, so that no class path is
     * searched at start; a test compares the list with the folders.
     */
    static final List<String> NAMES = List.of(
            "V1__foundation.sql",
            "V2__intake.sql",
            "V3__mail_hosts.sql",
            "V5__rules.sql",
            "V6__people.sql",
            "V7__api.sql",
            "V8__ledger.sql",
            "V9__hooks.sql",
            "V10__sync.sql",
            "V13__publishable.sql",
            "V15__connections.sql",
            "V16__callbacks.sql",
            "V17__reverification.sql",
            "V18__batches.sql",
            "V19__fresh.sql",
            "V22__latest.sql",
            "V23__call_shares.sql",
            "V25__farewells.sql",
            "V26__held_keys.sql");

    private static final String HISTORY = "flyway_schema_history";

    private final Dialect dialect;
    private final DataSource source;
    private final Runnable backup;
    private final List<String> names;

    Migrations(Dialect dialect, DataSource source, Runnable backup, List<String> names) {
        this.dialect = dialect;
        this.source = source;
        this.backup = backup;
        this.names = names;
    }

    /** For the embedded database, of which a copy is made before its schema changes. */
    static Migrations sqlite(SqliteFile file, DataFolder folder) {
        return new Migrations(
                Dialect.SQLITE,
                file.migrating(),
                () -> new SqliteBackup(file).to(folder.backupBefore(newest(NAMES))),
                NAMES);
    }

    /** For a PostgreSQL database, which its operator backs up. Nodes that start together wait for each other. */
    static Migrations postgres(DataSource source) {
        return new Migrations(Dialect.POSTGRESQL, source, () -> {}, NAMES);
    }

    /** Refuses a copy that this program did not make, or that a newer one made. */
    static void refuseUnknown(DataSource copy, Path file) {
        var installed = new Migrations(Dialect.SQLITE, copy, () -> {}, NAMES).installed();
        if (installed.isEmpty()) {
            throw new StoreUnusable("no_backup", "The file " + file + " is not a backup of Gatepost.");
        }
        refuseNewer(installed, newest(NAMES));
    }

    private static void refuseNewer(List<Integer> installed, int newest) {
        if (!installed.isEmpty() && installed.getLast() > newest) {
            throw new StoreUnusable(
                    "schema_newer",
                    "The database has schema version " + installed.getLast() + ", this program knows " + newest
                            + "; start the newer program, or restore a backup.");
        }
    }

    /** Runs what is missing. */
    void bringUpToDate() {
        var installed = installed();
        refuseNewer(installed, newest(names));
        if (installed.size() == names.size()) {
            return;
        }
        if (!installed.isEmpty()) {
            backup.run();
        }
        migrate();
    }

    private void migrate() {
        try {
            Flyway.configure()
                    .dataSource(source)
                    .table(HISTORY)
                    .locations(dialect.migrations())
                    .resourceProvider(new ListedResources(dialect.migrations(), names))
                    .javaMigrationClassProvider(List::of)
                    .cleanDisabled(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StoreUnusable(
                    "migration_failed", "The database's schema cannot be brought up to date: " + e.getMessage(), e);
        }
    }

    /** Versions that were installed, ascending; empty for a new database. */
    private List<Integer> installed() {
        try (var connection = source.getConnection()) {
            var versions = new ArrayList<Integer>();
            if (!hasHistory(connection)) {
                return versions;
            }
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(
                            "select version from " + HISTORY + " where success and version is not null")) {
                while (row.next()) {
                    versions.add(Integer.valueOf(row.getString(1)));
                }
            }
            versions.sort(null);
            return versions;
        } catch (SQLException e) {
            throw new StoreUnusable(
                    "database_unopened", "The database cannot be opened or is damaged: " + e.getMessage(), e);
        }
    }

    private static boolean hasHistory(Connection connection) throws SQLException {
        try (var tables = connection.getMetaData().getTables(null, connection.getSchema(), HISTORY, null)) {
            return tables.next();
        }
    }

    private static int newest(List<String> names) {
        var name = names.getLast();
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
    }
}
