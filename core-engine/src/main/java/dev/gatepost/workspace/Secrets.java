package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.StoreUnusable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what must not be readable in the database. A value is bound to the place it stands in: moved to another row or
 * column it no longer opens. Safe for any thread.
 */
public final class Secrets {
    /** Nonce of AES-GCM: NIST SP 800-38D, section 8.2.2, random construction. */
    private static final int NONCE_BYTES = 12;

    private static final int TAG_BITS = 128;
    private static final String VERSION = "1";
    private static final Place CHECK_PLACE = new Place("install", "key_check", "value");
    private static final String CHECK_TEXT = "This installation's secrets open with this key.";

    private final SecretKey key;
    private final String keyId;
    private final SecureRandom random;

    private Secrets(MasterKey master, SecureRandom random) {
        this.key = new SecretKeySpec(master.derive("secrets").getEncoded(), "AES");
        this.keyId = master.id();
        this.random = requireNonNull(random, "random");
    }

    /**
     * Where a secret stands.
     *
     * @param row id of the row
     */
    public record Place(String table, String row, String column) {}

    /**
     * The secrets of this database. The first key it is opened with is its key from then on.
     *
     * @throws StoreUnusable when the database was filled under another key
     */
    public static Secrets open(Database database, MasterKey master, SecureRandom random) {
        var secrets = new Secrets(master, random);
        var fresh = secrets.encrypt(CHECK_PLACE, CHECK_TEXT);
        String stored = database.write(handle -> {
            handle.createUpdate("""
                            insert into install (name, value) values ('key_check', :value)
                            on conflict (name) do nothing""").bind("value", fresh).execute();
            return handle.createQuery("select value from install where name = 'key_check'")
                    .mapTo(String.class)
                    .one();
        });
        if (!secrets.decrypt(CHECK_PLACE, stored).equals(CHECK_TEXT)) {
            throw new StoreUnusable("master_key_wrong", "The database's key check holds something else.");
        }
        return secrets;
    }

    /** As text: version, key id, base64 of nonce and ciphertext, with dots between. */
    public String encrypt(Place place, String text) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, place);
            var sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
            var both =
                    ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed);
            return VERSION + "." + keyId + "." + Base64.getEncoder().encodeToString(both.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /**
     * The text again.
     *
     * @throws StoreUnusable when it was encrypted under another key, stood in another place, or was changed
     */
    public String decrypt(Place place, String value) {
        var parts = value.split("\\.", 3);
        if (parts.length < 3 || !parts[0].equals(VERSION)) {
            throw changed(place, null);
        }
        if (!parts[1].equals(keyId)) {
            throw new StoreUnusable(
                    "master_key_wrong",
                    "The master key is not the one this database was filled with (key " + parts[1] + ", not " + keyId
                            + "); give the right one with GATEPOST_MASTER_KEY_FILE.");
        }
        try {
            var both = Base64.getDecoder().decode(parts[2]);
            if (both.length < NONCE_BYTES) {
                throw changed(place, null);
            }
            var nonce = Arrays.copyOf(both, NONCE_BYTES);
            var clear = cipher(Cipher.DECRYPT_MODE, nonce, place).doFinal(both, NONCE_BYTES, both.length - NONCE_BYTES);
            return new String(clear, StandardCharsets.UTF_8);
        } catch (AEADBadTagException | IllegalArgumentException e) {
            throw changed(place, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, Place place) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(String.join("\0", place.table(), place.row(), place.column(), keyId)
                .getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static StoreUnusable changed(Place place, @Nullable Exception cause) {
        return new StoreUnusable(
                "secret_changed",
                "A secret in table " + place.table() + ", row " + place.row() + ", column " + place.column()
                        + " was changed behind the program's back; enter it again.",
                cause);
    }
}
