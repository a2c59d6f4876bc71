package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteBackupTest {
    @TempDir
    private Path temporary;

    @Test
    @DisplayName("S9: a backup is a whole database, and replaces the one before it")
    void copiesTheDatabaseWhileItIsInUse() throws Exception {
        var target = Files.writeString(temporary.resolve("copy.db"), "an older backup");
        try (var store = Stores.fresh(Dialect.SQLITE)) {
            store.database()
                    .write(handle ->
                            handle.execute("insert into workspace (id, name, created_at) values ('w1', 'One', 0)"));

            store.database().backup(target);

            store.database().write(handle -> handle.execute("delete from workspace"));
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + target);
                var statement = connection.createStatement();
                var row = statement.executeQuery("select id from workspace")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("w1");
        }
        assertThat(temporary).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void saysThatABackupFailed() throws Exception {
        var target = temporary.resolve("missing-folder/copy.db");
        try (var store = Stores.fresh(Dialect.SQLITE)) {
            assertThatThrownBy(() -> store.database().backup(target))
                    .isInstanceOfSatisfying(
                            StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("backup_failed"));
        }
    }

    @Test
    void pointsToPgDumpOnPostgres() {
        try (var store = Stores.fresh(Dialect.POSTGRESQL)) {
            assertThatThrownBy(() -> store.database().backup(temporary.resolve("copy.db")))
                    .isInstanceOf(StoreUnusable.class)
                    .hasMessageContaining("pg_dump");
        }
    }
}
