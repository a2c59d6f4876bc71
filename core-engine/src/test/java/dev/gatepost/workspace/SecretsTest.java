package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.Dialect;
import dev.gatepost.store.StoreUnusable;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class SecretsTest {
    private static final Secrets.Place PLACE = new Secrets.Place("connection", "c1", "secrets");

    private final WorkspaceStore world;
    private final Secrets secrets;

    SecretsTest(Dialect dialect) {
        world = new WorkspaceStore(dialect);
        secrets = world.secrets;
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void givesBackWhatItTook() {
        assertThat(secrets.decrypt(PLACE, secrets.encrypt(PLACE, "t0ken ü"))).isEqualTo("t0ken ü");
        assertThat(secrets.decrypt(PLACE, secrets.encrypt(PLACE, ""))).isEmpty();
    }

    @Test
    @DisplayName("X2: a fresh nonce for each value")
    void encryptsTheSameTextDifferentlyEachTime() {
        var values = new HashSet<String>();
        for (int i = 0; i < 1_000; i++) {
            values.add(secrets.encrypt(PLACE, "same").split("\\.", 3)[2].substring(0, 16));
        }

        assertThat(values).hasSize(1_000);
    }

    @Test
    @DisplayName("X2: a value opens only in its table, row and column")
    void refusesAValueInAnotherPlace() {
        var value = secrets.encrypt(PLACE, "t0ken");

        for (var other : new Secrets.Place[] {
            new Secrets.Place("hook", "c1", "secrets"),
            new Secrets.Place("connection", "c2", "secrets"),
            new Secrets.Place("connection", "c1", "settings")
        }) {
            assertThatThrownBy(() -> secrets.decrypt(other, value)).satisfies(e -> isCode(e, "secret_changed"));
        }
    }

    @Test
    void refusesAChangedValue() {
        var value = secrets.encrypt(PLACE, "t0ken");
        var dot = value.lastIndexOf('.') + 1;
        var bytes = Base64.getDecoder().decode(value.substring(dot));
        for (int i = 0; i < bytes.length; i++) {
            var changed = bytes.clone();
            changed[i] ^= 1;
            var text = value.substring(0, dot) + Base64.getEncoder().encodeToString(changed);

            assertThatThrownBy(() -> secrets.decrypt(PLACE, text)).satisfies(e -> isCode(e, "secret_changed"));
        }
        for (var nonsense :
                new String[] {"", "1", "1." + WorkspaceStore.KEY.id() + ".AAAA", value.substring(0, dot) + "!"}) {
            assertThatThrownBy(() -> secrets.decrypt(PLACE, nonsense)).satisfies(e -> isCode(e, "secret_changed"));
        }
    }

    @Test
    @DisplayName("X1: the wrong key is refused at the start")
    void refusesToOpenUnderAnotherKey() {
        var other = MasterKey.parse(Base64.getEncoder().encodeToString(new byte[32]));

        assertThatThrownBy(() -> Secrets.open(world.store.database(), other, new SecureRandom()))
                .satisfies(e -> isCode(e, "master_key_wrong"))
                .hasMessageContaining(WorkspaceStore.KEY.id())
                .hasMessageContaining("GATEPOST_MASTER_KEY_FILE");
    }

    @Test
    void opensAgainUnderTheSameKey() {
        var value = secrets.encrypt(PLACE, "t0ken");

        var again = Secrets.open(world.store.reopen(), WorkspaceStore.KEY, new SecureRandom());

        assertThat(again.decrypt(PLACE, value)).isEqualTo("t0ken");
    }

    private static void isCode(Throwable thrown, String code) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        StoreUnusable.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
