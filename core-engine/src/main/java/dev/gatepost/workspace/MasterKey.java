package dev.gatepost.workspace;

import dev.gatepost.store.StoreUnusable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The installation's one secret, 32 bytes, that all others are derived from or encrypted with. Without it the secrets in
 * the database cannot be read. Never printed.
 */
public final class MasterKey {
    /** Length in bytes. */
    public static final int BYTES = 32;

    /** Longest text of a key file that is looked at; 44 characters and some white space are what is expected. */
    private static final int TEXT_BYTES_MAX = 1024;

    private static final int ID_HEX_DIGITS = 8;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private final byte[] bytes;

    private MasterKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a key as it stands in the environment: base64 of 32 bytes, white space around it ignored.
     *
     * @throws StoreUnusable when it is anything else; the message does not repeat it
     */
    public static MasterKey parse(String base64) {
        try {
            var bytes = Base64.getDecoder().decode(base64.strip());
            if (bytes.length == BYTES) {
                return new MasterKey(bytes);
            }
        } catch (IllegalArgumentException e) {
            // said below: a text that is not base64 is as wrong as one of the wrong length
        }
        throw new StoreUnusable("master_key_malformed", "The master key is not " + BYTES + " bytes in base64.");
    }

    /**
     * Reads a key file that only its owner may read.
     *
     * @throws StoreUnusable when it is missing, open to others, or not a key
     */
    public static MasterKey read(Path file) {
        try {
            if (isPosix(file) && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new StoreUnusable(
                        "master_key_exposed",
                        "The master key file " + file + " can be read by others; run: chmod 400 " + file);
            }
            if (Files.size(file) > TEXT_BYTES_MAX) {
                throw new StoreUnusable("master_key_malformed", "The file " + file + " is too large for a key.");
            }
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new StoreUnusable(
                    "master_key_unreadable",
                    "The master key file " + file + " cannot be read; gatepost key create --master FILE makes one.",
                    e);
        }
    }

    /**
     * Makes a new key and writes it to a new file that its owner alone may read and nobody write.
     *
     * @throws StoreUnusable when the file exists or cannot be written
     */
    public static MasterKey create(Path file, SecureRandom random) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        var text = Base64.getEncoder().encodeToString(bytes) + "\n";
        try {
            if (isPosix(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
            Files.writeString(file, text, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            if (isPosix(file)) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
            }
            return new MasterKey(bytes);
        } catch (FileAlreadyExistsException e) {
            throw new StoreUnusable("master_key_exists", "The file " + file + " exists and is left as it is.", e);
        } catch (IOException e) {
            throw new StoreUnusable("master_key_unwritable", "The file " + file + " cannot be written.", e);
        }
    }

    /** A key for one purpose, which tells nothing of this one or of those for other purposes. The same at every start. */
    public SecretKey derive(String purpose) {
        return new SecretKeySpec(hmac("gatepost " + purpose), "HmacSHA256");
    }

    /** Names the key without telling anything of it; stands with every value encrypted under it. */
    String id() {
        return HexFormat.of().formatHex(hmac("gatepost key id")).substring(0, ID_HEX_DIGITS);
    }

    private byte[] hmac(String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "MasterKey[" + id() + "]";
    }
}
