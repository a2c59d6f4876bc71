package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.DataFolder.NetworkFolder;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataFolderTest {
    @TempDir
    private Path temporary;

    @Test
    void createsAFolderForItsOwnerAlone() throws Exception {
        var path = temporary.resolve("a/b");

        try (var folder = open(path)) {
            assertThat(folder.path()).isEqualTo(path.toRealPath());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    @DisplayName("S8: a second process is refused, with the folder and the first one's process id")
    void refusesASecondProcess() throws Exception {
        var errors = Files.createTempFile("holder", ".txt"); // beside the folder that is held
        var holder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        HoldsTheFolder.class.getName(),
                        temporary.toString()))
                .redirectError(errors.toFile())
                .start();
        try (var says = new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            var said = says.readLine();
            assertThat(said)
                    .as(() -> "the other process says: " + end(holder, errors))
                    .isEqualTo("held");

            assertThatThrownBy(() -> open(temporary))
                    .satisfies(e -> isCode(e, "folder_in_use"))
                    .hasMessageContaining(temporary.toRealPath().toString())
                    .hasMessageContaining("process " + holder.pid());
        } finally {
            holder.getOutputStream().close();
        }

        assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Files.delete(errors);
        assertThatCode(() -> open(temporary).close()).doesNotThrowAnyException();
    }

    /** Also where a test runner loads classes by itself, and the system property names nothing but the runner. */
    private static String classPath() {
        return Stream.of(DataFolderTest.class, DataFolder.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(place -> Path.of(URI.create(place.toString())).toString())
                .collect(Collectors.joining(File.pathSeparator, "", File.pathSeparator))
                .concat(System.getProperty("java.class.path"));
    }

    private static String end(Process process, Path errors) {
        try {
            var end = process.waitFor(10, TimeUnit.SECONDS) ? "exit " + process.exitValue() : "still there";
            return end + ", " + Files.readString(errors);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A process that holds the folder until its input ends. */
    static final class HoldsTheFolder {
        private HoldsTheFolder() {}

        public static void main(String[] arguments) throws Exception {
            var folder = open(Path.of(arguments[0]));
            System.out.println("held");
            while (System.in.read() >= 0) {
                // until the test lets go
            }
            folder.close();
        }
    }

    @Test
    @DisplayName("S8: the same process is refused too, and its refusal does not give up the lock")
    void refusesToBeOpenedTwice() {
        try (var folder = open(temporary)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> open(folder.path())).satisfies(e -> isCode(e, "folder_in_use"));
            }
        }
        assertThatCode(() -> open(temporary).close()).doesNotThrowAnyException();
    }

    @Test
    void saysThatAFolderCannotBeMade() throws Exception {
        var file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> open(file.resolve("folder")))
                .satisfies(e -> isCode(e, "folder_not_writable"))
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> open(file)).satisfies(e -> isCode(e, "folder_not_writable"));
    }

    @ParameterizedTest
    @DisplayName("S8: network file systems are refused")
    @CsvSource({
        "nfs, true",
        "NFS4, true",
        "cifs, true",
        "smb3, true",
        "fuse.sshfs, true",
        "ext4, false",
        "xfs, false",
        "apfs, false",
        "overlay, false",
        "tmpfs, false",
        "NTFS, false"
    })
    void refusesNetworkFileSystems(String type, boolean refused) {
        if (refused) {
            assertThatThrownBy(() -> DataFolder.refuseNetwork(temporary, type))
                    .satisfies(e -> isCode(e, "folder_on_network"))
                    .hasMessageContaining(type);
        } else {
            assertThatCode(() -> DataFolder.refuseNetwork(temporary, type)).doesNotThrowAnyException();
        }
    }

    @Test
    @DisplayName("P10: never starts empty where there was a database")
    void refusesToStartEmptyWhereThereWasADatabase() throws Exception {
        try (var folder = open(temporary)) {
            Database.open(DatabaseSettings.Sqlite.in(folder)).close();

            Files.delete(folder.database());
            assertThatThrownBy(() -> Database.open(DatabaseSettings.Sqlite.in(folder)))
                    .satisfies(e -> isCode(e, "database_missing"));

            Files.createFile(folder.database());
            assertThatThrownBy(() -> Database.open(DatabaseSettings.Sqlite.in(folder)))
                    .satisfies(e -> isCode(e, "database_missing"));
        }
    }

    private static DataFolder open(Path path) {
        return DataFolder.open(path, NetworkFolder.REFUSED);
    }

    private static void isCode(Throwable thrown, String code) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        StoreUnusable.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
