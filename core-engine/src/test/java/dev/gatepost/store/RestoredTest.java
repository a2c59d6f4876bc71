package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.DataFolder.NetworkFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S9: a backup comes back, and what stood in its place is not lost. */
class RestoredTest {
    @TempDir
    private Path temporary;

    @Test
    @DisplayName("S9: the database is as it was when the backup was made, and the later one is kept")
    void bringsABackupBack() {
        var backup = temporary.resolve("backup.db");
        try (var folder = open()) {
            write(folder, "first");
            try (var database = Database.open(DatabaseSettings.Sqlite.in(folder))) {
                database.backup(backup);
            }
            write(folder, "second");

            var restored = Restored.from(backup, folder, "1");

            assertThat(workspaces(folder)).isEqualTo("first");
            assertThat(restored.before())
                    .hasValueSatisfying(path -> assertThat(path).exists());
            restored.undo();
            assertThat(workspaces(folder)).isEqualTo("first second");
        }
    }

    @Test
    void restoresIntoAFolderWhoseDatabaseIsLost() throws Exception {
        var backup = temporary.resolve("backup.db");
        try (var folder = open()) {
            write(folder, "first");
            try (var database = Database.open(DatabaseSettings.Sqlite.in(folder))) {
                database.backup(backup);
            }
            Files.delete(folder.database());

            assertThat(Restored.from(backup, folder, "1").before()).isEmpty();
            assertThat(workspaces(folder)).isEqualTo("first");
        }
    }

    @Test
    void leavesTheDatabaseAloneWhenTheFileIsNoBackup() throws Exception {
        var other = Files.writeString(temporary.resolve("letter.txt"), "Dear Jane, ".repeat(1_000));
        var empty = Files.createFile(temporary.resolve("empty.db"));
        try (var folder = open()) {
            write(folder, "first");

            for (var file : new Path[] {other, empty, temporary.resolve("nowhere.db")}) {
                assertThatThrownBy(() -> Restored.from(file, folder, "1"))
                        .isInstanceOfSatisfying(
                                StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("no_backup"));
            }
            assertThatThrownBy(() -> Restored.from(folder.database(), folder, "1"))
                    .isInstanceOfSatisfying(
                            StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("restore_itself"));
            assertThat(workspaces(folder)).isEqualTo("first");
        }
    }

    private DataFolder open() {
        return DataFolder.open(temporary.resolve("data"), NetworkFolder.REFUSED);
    }

    private static void write(DataFolder folder, String id) {
        try (var database = Database.open(DatabaseSettings.Sqlite.in(folder))) {
            database.write(
                    handle -> handle.execute("insert into workspace (id, name, created_at) values (?, '', 0)", id));
        }
    }

    private static String workspaces(DataFolder folder) {
        try (var database = Database.open(DatabaseSettings.Sqlite.in(folder))) {
            return database.read(handle -> String.join(
                    " ",
                    handle.createQuery("select id from workspace order by id")
                            .mapTo(String.class)
                            .list()));
        }
    }
}
