package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.StoreUnusable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeyTest {
    private static final String TEXT = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("X1: a new key lies in a file that only its owner may read")
    void makesAFileThatOnlyItsOwnerMayRead() throws Exception {
        var file = folder.resolve("master.key");

        var made = MasterKey.create(file, new SecureRandom());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("r--------");
        assertThat(MasterKey.read(file).derive("a").getEncoded())
                .isEqualTo(made.derive("a").getEncoded());
    }

    @Test
    void leavesAnExistingFileAsItIs() throws Exception {
        var file = Files.writeString(folder.resolve("master.key"), "mine");

        assertThatThrownBy(() -> MasterKey.create(file, new SecureRandom()))
                .isInstanceOfSatisfying(
                        StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("master_key_exists"));
        assertThat(file).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "r-----r--", "rw----rw-"})
    @DisplayName("X1: a key that others may read is refused")
    void refusesAKeyThatOthersMayRead(String permissions) throws Exception {
        var file = Files.writeString(folder.resolve("master.key"), TEXT);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> MasterKey.read(file))
                .isInstanceOfSatisfying(
                        StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("master_key_exposed"))
                .hasMessageContaining("chmod 400");
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> MasterKey.read(folder.resolve("none.key")))
                .isInstanceOf(StoreUnusable.class)
                .hasMessageContaining("none.key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "AAAA", "!!!not base64!!!"})
    void refusesWhatIsNoKeyWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> MasterKey.parse(text)).isInstanceOfSatisfying(StoreUnusable.class, e -> {
            assertThat(e.code()).isEqualTo("master_key_malformed");
            assertThat(e.getMessage()).isEqualTo("The master key is not 32 bytes in base64.");
        });
    }

    @Test
    void takesWhiteSpaceAroundTheKey() {
        assertThat(MasterKey.parse(" " + TEXT + "\n").id())
                .isEqualTo(MasterKey.parse(TEXT).id());
    }

    @Test
    void derivesAnotherKeyForEachPurpose() {
        var key = MasterKey.parse(TEXT);

        assertThat(key.derive("ledger").getEncoded())
                .hasSize(32)
                .isEqualTo(key.derive("ledger").getEncoded())
                .isNotEqualTo(key.derive("logs").getEncoded())
                .isNotEqualTo(new byte[32]);
    }

    @Test
    void printsNothingSecret() {
        assertThat(MasterKey.parse(TEXT)).asString().doesNotContain("AAAA").matches("MasterKey\\[[0-9a-f]{8}]");
    }
}
