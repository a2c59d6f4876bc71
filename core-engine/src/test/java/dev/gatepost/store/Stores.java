package dev.gatepost.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real, empty store for one test, with the product's schema, on either database. Whoever tests something that lies in
 * tables runs the same test on both:
 *
 * <pre>{@code
 * @ParameterizedClass
 * @EnumSource(Dialect.class)
 * class ThingsTest {
 *     private final Stores store;
 *
 *     ThingsTest(Dialect dialect) {
 *         store = Stores.fresh(dialect);          // a new one for each test method: some milliseconds
 *     }
 *
 *     @AfterEach
 *     void close() {
 *         store.close();
 *     }
 * }
 * }</pre>
 *
 * SQLite lies in a temporary folder. PostgreSQL is one embedded server for each JVM, started when first needed (it may run
 * as root, and does not wait for its disk), with a database for each store.
 */
public final class Stores implements AutoCloseable {
    private static final String TEMPLATE = "gatepost_template";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static @Nullable EmbeddedPostgres server;

    private final Dialect dialect;
    private final Path folder;
    private final String name;
    private DataFolder held;
    private Database database;

    private Stores(Dialect dialect, Path folder, String name) {
        this.dialect = dialect;
        this.folder = folder;
        this.name = name;
        this.held = DataFolder.open(folder, DataFolder.NetworkFolder.REFUSED);
        this.database = Database.open(settings());
    }

    /** A new store. */
    public static Stores fresh(Dialect dialect) {
        try {
            var name = "test_" + COUNT.incrementAndGet();
            if (dialect == Dialect.POSTGRESQL) {
                execute("create database " + name + " template " + TEMPLATE);
            }
            return new Stores(dialect, Files.createTempDirectory("gatepost-store"), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Dialect dialect() {
        return dialect;
    }

    public Database database() {
        return database;
    }

    /** The data folder; on PostgreSQL an empty one. */
    public Path folder() {
        return folder;
    }

    /** As after an orderly restart of the program: the same data, opened anew. */
    public Database reopen() {
        database.close();
        held.close();
        held = DataFolder.open(folder, DataFolder.NetworkFolder.REFUSED);
        database = Database.open(settings());
        return database;
    }

    /** What the database is opened with; on PostgreSQL good for a second node. */
    public DatabaseSettings settings() {
        return switch (dialect) {
            case SQLITE -> new DatabaseSettings.Sqlite(held, 2, DatabaseSettings.QUEUE_UNITS_MAX);
            case POSTGRESQL ->
                new DatabaseSettings.Postgres(
                        login(name), 4, DatabaseSettings.QUEUE_UNITS_MAX, DatabaseSettings.Fsync.MAY_BE_OFF);
        };
    }

    @Override
    public void close() {
        database.close();
        held.close();
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (dialect == Dialect.POSTGRESQL) {
            execute("drop database " + name + " with (force)");
        }
    }

    static PostgresLogin login(String name) {
        return new PostgresLogin(server().getJdbcUrl("postgres", name), "", "");
    }

    /** Started once, with a database whose schema all others copy. It ends with the JVM. */
    private static synchronized EmbeddedPostgres server() {
        if (server != null) {
            return server;
        }
        try {
            server = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "200")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        execute("create database " + TEMPLATE);
        Database.open(new DatabaseSettings.Postgres(login(TEMPLATE), 4, 1, DatabaseSettings.Fsync.MAY_BE_OFF))
                .close();
        return server;
    }

    private static synchronized void execute(String sql) {
        try (var connection = server().getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
