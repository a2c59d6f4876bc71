package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.Dialect;
import dev.gatepost.store.StoreUnusable;
import dev.gatepost.workspace.AuditLog.By;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** X2: the keys are changed while everything works on. */
@ParameterizedClass
@EnumSource(Dialect.class)
class KeyRotationTest {
    /** Three batches and a rest. */
    private static final int PEOPLE = 3 * KeyRotation.BATCH + 17;

    private static final MasterKey NEXT = MasterKey.parse(
            Base64.getEncoder().encodeToString("another key for tests, 32 bytes.".getBytes(StandardCharsets.US_ASCII)));

    private final WorkspaceStore world;
    private final KeyRotation rotation;

    KeyRotationTest(Dialect dialect) {
        world = new WorkspaceStore(dialect);
        rotation = new KeyRotation(world.store.database(), world.secrets, new AuditLog(world.ids, world.clock));
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void encryptsEverythingUnderANewKey() {
        fill();
        var before = keysInUse();

        var report = rotation.rotate(By.COMMAND);

        assertThat(before).containsExactly(WorkspaceStore.KEY.id());
        assertThat(keysInUse()).containsExactly(report.keyId()).isNotEqualTo(before);
        assertThat(report.values()).isEqualTo(PEOPLE);
        assertThat(report.unreadable()).isZero();
        assertReadable(world.secrets);
    }

    @Test
    @DisplayName("X2: a rotation that was stopped goes on where it was, and both keys are readable meanwhile")
    void goesOnWhereItWasStopped() {
        fill();
        var current = world.secrets.ring().renew(List.of(WorkspaceStore.KEY), world.clock.instant());
        reencrypt(0, PEOPLE / 2, current);
        assertThat(keysInUse()).hasSize(2);
        assertReadable(world.secrets);
        assertReadable(Secrets.open(world.store.reopen(), WorkspaceStore.KEY, new SecureRandom(), world.clock));

        var report = new KeyRotation(
                        world.store.database(),
                        Secrets.open(world.store.database(), WorkspaceStore.KEY, new SecureRandom(), world.clock),
                        new AuditLog(world.ids, world.clock))
                .rotate(By.COMMAND);

        assertThat(report.keyId()).as("no third key").isEqualTo(current.id());
        assertThat(report.values()).isEqualTo(PEOPLE - PEOPLE / 2);
        assertThat(keysInUse()).containsExactly(current.id());
    }

    @Test
    @DisplayName("X2: what is saved while the key is changed stays as it was saved")
    void losesNothingThatIsSavedMeanwhile() throws Exception {
        fill();
        var ended = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var saving = threads.submit(() -> {
                var count = 0;
                while (!ended.get()) {
                    save(id(count % 50), "saved " + count);
                    count++;
                }
                return count;
            });
            for (int i = 0; i < 3; i++) {
                rotation.rotate(By.COMMAND);
            }
            ended.set(true);
            var count = saving.get();
            for (int i = Math.max(0, count - 50); i < count; i++) {
                assertThat(read(world.secrets, id(i % 50))).isEqualTo("saved " + i);
            }
        }
    }

    @Test
    void letsAnotherNodeReadWhatIsEncryptedUnderAKeyItNeverSaw() {
        fill();
        var other = Secrets.open(world.store.database(), WorkspaceStore.KEY, new SecureRandom(), world.clock);
        assertReadable(other);

        var report = rotation.rotate(By.COMMAND);

        assertReadable(other);
        assertThat(other.encrypt(SecretColumn.PERSON_TOTP.of("p"), "text"))
                .as("and writes under it itself")
                .startsWith(Secrets.prefix(report.keyId()));
    }

    @Test
    void forgetsOldKeysOnlyWhenNothingNeedsThem() {
        fill();
        assertThat(rotation.rotate(By.COMMAND).keysForgotten())
                .as("some may still write under it")
                .isZero();
        spoil(id(7));
        world.pass(Duration.ofHours(1));

        var report = rotation.rotate(By.COMMAND);

        assertThat(report.unreadable()).isEqualTo(1);
        assertThat(report.keysForgotten()).as("the first one").isEqualTo(1);
        assertReadable(world.secrets, 8);
        world.pass(Duration.ofHours(1));
        assertThat(rotation.rotate(By.COMMAND).unreadable())
                .as("it does not stop the others")
                .isEqualTo(1);
        assertThat(keysKept()).as("the spoiled value's key is kept").hasSize(3);
    }

    @Test
    @DisplayName("X1: while the master key is changed either opens everything; afterwards the new one alone")
    void changesTheMasterKey() {
        fill();
        var hashing = world.secrets.hashKey("ledger charge keys");
        assertThat(hashing).isEqualTo(WorkspaceStore.KEY.derive("ledger charge keys"));
        world.pass(Duration.ofSeconds(1));

        assertThatThrownBy(() -> rotation.rotate(By.COMMAND, WorkspaceStore.KEY))
                .isInstanceOf(IllegalArgumentException.class);
        rotation.rotate(By.COMMAND, NEXT);

        var old = Secrets.open(world.store.database(), WorkspaceStore.KEY, new SecureRandom(), world.clock);
        var fresh = Secrets.open(world.store.database(), NEXT, new SecureRandom(), world.clock);
        assertReadable(old);
        assertReadable(fresh);
        assertThat(rotation.finish(By.COMMAND))
                .as("that would lock the new key out")
                .isEmpty();
        var withNew = new KeyRotation(world.store.database(), fresh, new AuditLog(world.ids, world.clock));
        assertThat(withNew.finish(By.COMMAND)).hasValue(1);
        assertThatThrownBy(
                        () -> Secrets.open(world.store.database(), WorkspaceStore.KEY, new SecureRandom(), world.clock))
                .isInstanceOfSatisfying(
                        StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("master_key_wrong"));
        var again = Secrets.open(world.store.reopen(), NEXT, new SecureRandom(), world.clock);
        assertReadable(again);
        assertThat(again.hashKey("ledger charge keys"))
                .as("charge keys in the ledger are never hashed anew")
                .isEqualTo(hashing);
    }

    @Test
    void opensADatabaseFromBeforeKeysWereKept() {
        fill();
        world.store.database().write(handle -> handle.execute("delete from data_key"));

        assertReadable(Secrets.open(world.store.reopen(), WorkspaceStore.KEY, new SecureRandom(), world.clock));
        world.store.database().write(handle -> handle.execute("delete from data_key"));
        assertThatThrownBy(() -> Secrets.open(world.store.database(), NEXT, new SecureRandom(), world.clock))
                .hasMessageContaining(WorkspaceStore.KEY.id())
                .hasMessageContaining(NEXT.id());
    }

    @Test
    @DisplayName("X2: no key lies readable in the database")
    void storesKeysWrapped() {
        var stored = world.store
                .database()
                .<String>read(handle -> handle.createQuery("select * from data_key")
                        .mapToMap()
                        .list()
                        .toString());

        var key = world.secrets.ring().current().key().getEncoded();
        assertThat(stored).doesNotContain(Base64.getEncoder().encodeToString(key));
        assertThat(stored).contains(WorkspaceStore.KEY.id());
    }

    private void fill() {
        for (int i = 0; i < PEOPLE; i += KeyRotation.BATCH) {
            var from = i;
            var texts = new HashMap<String, String>();
            for (int j = from; j < Math.min(PEOPLE, from + KeyRotation.BATCH); j++) {
                texts.put(id(j), world.secrets.encrypt(SecretColumn.PERSON_TOTP.of(id(j)), "secret of " + id(j)));
            }
            world.store.database().write(handle -> {
                texts.forEach((id, text) -> handle.createUpdate("""
                                insert into person (id, email, name, password, totp, totp_new, totp_step, created_at)
                                values (:id, :id, 'Name', '', :text, '', 0, 0)""")
                        .bind("id", id)
                        .bind("text", text)
                        .execute());
                return 0;
            });
        }
    }

    private static String id(int number) {
        return "p%04d".formatted(number);
    }

    private void reencrypt(int from, int to, KeyRing.DataKey key) {
        for (int i = from; i < to; i++) {
            var place = SecretColumn.PERSON_TOTP.of(id(i));
            set(id(i), world.secrets.encrypt(key, place, "secret of " + id(i)));
        }
    }

    private void save(String id, String text) {
        set(id, world.secrets.encrypt(SecretColumn.PERSON_TOTP.of(id), text));
    }

    private void spoil(String id) {
        set(id, stored(id).substring(0, 20) + "AAAA" + stored(id).substring(24));
    }

    private void set(String id, String stored) {
        world.store
                .database()
                .write(handle -> handle.createUpdate("update person set totp = :text where id = :id")
                        .bind("text", stored)
                        .bind("id", id)
                        .execute());
    }

    private String stored(String id) {
        return world.store
                .database()
                .read(handle -> handle.createQuery("select totp from person where id = :id")
                        .bind("id", id)
                        .mapTo(String.class)
                        .one());
    }

    private String read(Secrets secrets, String id) {
        return secrets.decrypt(SecretColumn.PERSON_TOTP.of(id), stored(id));
    }

    private void assertReadable(Secrets secrets) {
        assertReadable(secrets, 0);
    }

    private void assertReadable(Secrets secrets, int from) {
        for (int i = from; i < PEOPLE; i += 13) {
            assertThat(read(secrets, id(i))).isEqualTo("secret of " + id(i));
        }
    }

    private List<String> keysInUse() {
        return world.store
                .database()
                .read(handle -> handle.createQuery("select totp from person").mapTo(String.class).list().stream()
                        .map(text -> text.split("\\.", 3)[1])
                        .distinct()
                        .sorted()
                        .toList());
    }

    private List<String> keysKept() {
        return world.store
                .database()
                .read(handle -> handle.createQuery("select distinct id from data_key")
                        .mapTo(String.class)
                        .list());
    }
}
