package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.DataFolder.NetworkFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsTest {
    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void namesEveryFileOfTheFolder(Dialect dialect) throws Exception {
        var folder = Path.of(
                MigrationsTest.class.getResource("/" + dialect.migrations()).toURI());
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Migrations.NAMES);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    @DisplayName("S7: a database newer than the program is refused")
    void refusesADatabaseNewerThanTheProgram(Dialect dialect) {
        try (var store = Stores.fresh(dialect)) {
            store.database().write(handle -> handle.execute("""
                    insert into flyway_schema_history (installed_rank, version, description, type, script, installed_by,
                        execution_time, success)
                    values (999, '999', 'from the future', 'SQL', 'V999__future.sql', 'x', 0, true)"""));

            assertThatThrownBy(store::reopen)
                    .isInstanceOfSatisfying(
                            StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("schema_newer"))
                    .hasMessageContaining("version 999");

            store.database().close();
        }
    }

    @Test
    void looksForNothingElseWhenTheSchemaIsCurrent() {
        try (var folder = DataFolder.open(temporary, NetworkFolder.REFUSED)) {
            Database.open(DatabaseSettings.Sqlite.in(folder)).close();
            Database.open(DatabaseSettings.Sqlite.in(folder)).close();

            assertThat(temporary).isDirectoryNotContaining("glob:**before-schema*");
        }
    }

    @Test
    @DisplayName("S7: an existing SQLite database is copied before its schema changes, and only then")
    void backsUpBeforeAnExistingSchemaChanges() throws Exception {
        var file = new SqliteFile(temporary.resolve("gatepost.db"));
        var backups = new AtomicInteger();
        var first = new Migrations(Dialect.SQLITE, file.migrating(), backups::incrementAndGet, Migrations.NAMES);
        first.bringUpToDate();
        first.bringUpToDate();
        assertThat(backups).as("a new database has nothing to lose").hasValue(0);
        var copy = temporary.resolve("copy.db");
        try (var connection = DriverManager.getConnection(file.url());
                var statement = connection.createStatement()) {
            statement.execute("insert into workspace (id, name, created_at) values ('kept', 'Kept', 0)");
            statement.execute("delete from flyway_schema_history");
            statement.execute("insert into flyway_schema_history values (1, '0', 'x', 'SQL', 'V0', 0, 'x', 0, 0, 1)");
        }

        var second = new Migrations(
                Dialect.SQLITE,
                file.migrating(),
                () -> {
                    new SqliteBackup(file).to(copy);
                    backups.incrementAndGet();
                    throw new IllegalStateException("seen");
                },
                java.util.List.of("V0__x.sql", "V1__foundation.sql"));

        assertThatThrownBy(second::bringUpToDate).hasMessage("seen");
        assertThat(backups).hasValue(1);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                var statement = connection.createStatement();
                var row = statement.executeQuery("select id from workspace")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("kept");
        }
    }

    @Test
    @DisplayName("P10: a file that is no database is named, not overwritten")
    void refusesAFileThatIsNoDatabase() throws Exception {
        try (var folder = DataFolder.open(temporary, NetworkFolder.REFUSED)) {
            Files.writeString(
                    folder.database(), "this is no database, but somebody's only copy of something".repeat(100));

            assertThatThrownBy(() -> Database.open(DatabaseSettings.Sqlite.in(folder)))
                    .isInstanceOfSatisfying(
                            StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("database_unopened"));
            assertThat(folder.database()).content().startsWith("this is no database");
        }
    }
}
