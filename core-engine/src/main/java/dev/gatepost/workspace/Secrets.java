package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.StoreUnusable;
import dev.gatepost.workspace.KeyRing.DataKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;

/**
 * Encrypts what must not be readable in the database. A value is bound to the place it stands in: moved to another row or
 * column it no longer opens. Safe for any thread.
 */
public final class Secrets {
    private static final String VERSION = "1";
    private static final Place CHECK_PLACE = new Place("install", "key_check", "value");
    private static final String CHECK_TEXT = "This installation's secrets open with this key.";

    private final KeyRing ring;
    private final SecureRandom random;
    private final InstantSource clock;

    private Secrets(KeyRing ring, SecureRandom random, InstantSource clock) {
        this.ring = ring;
        this.random = requireNonNull(random, "random");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Where a secret stands.
     *
     * @param row id of the row
     */
    public record Place(String table, String row, String column) {
        private String bound(String keyId) {
            return String.join("\0", table, row, column, keyId);
        }
    }

    /**
     * The secrets of this database. The first key it is opened with is its key from then on, until it is changed.
     *
     * @throws StoreUnusable when the database was filled under another key
     */
    public static Secrets open(Database database, MasterKey master, SecureRandom random) {
        return open(database, master, random, InstantSource.system());
    }

    /** As the other; the clock tells when keys were made. */
    static Secrets open(Database database, MasterKey master, SecureRandom random, InstantSource clock) {
        var ring = new KeyRing(database, master, random);
        var secrets = new Secrets(ring, random, clock);
        var first = new DataKey(
                master.id(), new SecretKeySpec(master.derive("secrets").getEncoded(), "AES"));
        var fresh = secrets.encrypt(first, CHECK_PLACE, CHECK_TEXT);
        database.write(handle -> {
            // Two nodes that start at once follow each other here.
            var isFirst = handle.createUpdate("""
                            insert into install (name, value) values ('key_check', :value)
                            on conflict (name) do nothing""").bind("value", fresh).execute();
            if (ring.isEmpty(handle)) {
                requireFilledUnder(handle, first);
            }
            ring.begin(handle, clock.instant());
            return isFirst;
        });
        return secrets;
    }

    /** For databases from before keys were kept in a table of their own. */
    private static void requireFilledUnder(Handle handle, DataKey first) {
        var stored = handle.createQuery("select value from install where name = 'key_check'")
                .mapTo(String.class)
                .one();
        var prefix = prefix(first.id());
        var isOurs = stored.startsWith(prefix)
                && Sealing.open(first.key(), CHECK_PLACE.bound(first.id()), stored.substring(prefix.length()))
                        .isPresent();
        if (!isOurs) {
            throw KeyRing.wrongMaster(stored.replaceAll("^1\\.|\\..*", ""), first.id());
        }
    }

    /** As text: version, key id, base64 of nonce and ciphertext, with dots between. */
    public String encrypt(Place place, String text) {
        return encrypt(ring.current(), place, text);
    }

    String encrypt(DataKey key, Place place, String text) {
        return VERSION + "." + key.id() + "."
                + Sealing.seal(key.key(), place.bound(key.id()), text.getBytes(StandardCharsets.UTF_8), random);
    }

    /**
     * The text again.
     *
     * @throws StoreUnusable when it was encrypted under a key that is not kept, stood in another place, or was changed
     */
    public String decrypt(Place place, String value) {
        var parts = value.split("\\.", 3);
        if (parts.length < 3 || !parts[0].equals(VERSION)) {
            throw changed(place);
        }
        var key = ring.byId(parts[1])
                .orElseThrow(() -> new StoreUnusable(
                        "secret_key_missing",
                        "A secret in table " + place.table() + ", row " + place.row() + ", column " + place.column()
                                + " is encrypted under key " + parts[1]
                                + ", which this database does not have; enter it"
                                + " again."));
        return Sealing.open(key, place.bound(parts[1]), parts[2])
                .map(clear -> new String(clear, StandardCharsets.UTF_8))
                .orElseThrow(() -> changed(place));
    }

    /**
     * A key for hashing what is stored under a purpose, the same for ever: also when the master key is changed.
     *
     * @param purpose a few words; another purpose has another key
     */
    public SecretKey hashKey(String purpose) {
        return ring.hashKey(purpose, clock.instant());
    }

    /** What values under this key begin with. */
    static String prefix(String keyId) {
        return VERSION + "." + keyId + ".";
    }

    KeyRing ring() {
        return ring;
    }

    Instant now() {
        return clock.instant();
    }

    private static StoreUnusable changed(Place place) {
        return new StoreUnusable(
                "secret_changed",
                "A secret in table " + place.table() + ", row " + place.row() + ", column " + place.column()
                        + " was changed behind the program's back; enter it again.");
    }
}
