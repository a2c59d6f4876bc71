package dev.gatepost.workspace;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The form of an API key: the prefix of its kind, 256 random bits as 43 digits of base 62, and a CRC-32 of all that as 6
 * digits, so that a mistyped key is refused without a look into the store (reliability X3). Letters and digits alone, so
 * that a double click selects all of it. Pure.
 */
public final class KeyText {
    /** Finds whatever looks like a key in other text, to keep it out of logs and query strings. */
    public static final Pattern ANYWHERE = Pattern.compile("gp_(?:live|test|pub)_[0-9A-Za-z]{8,}");

    /** Length of the longest key in characters. */
    public static final int CHARS_MAX = 57;

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int RANDOM_BYTES = 32;

    /** 62 to the 43rd is the first power of 62 above 2 to the 256th. */
    private static final int RANDOM_DIGITS = 43;

    private static final int CHECK_DIGITS = 6;
    private static final int HINT_CHARS = 4;
    private static final Pattern REST = Pattern.compile("[0-9A-Za-z]{" + (RANDOM_DIGITS + CHECK_DIGITS) + "}");

    private KeyText() {}

    /** A new key. */
    static String make(KeyKind kind, SecureRandom random) {
        var octets = new byte[RANDOM_BYTES];
        random.nextBytes(octets);
        var body = kind.prefix() + digits(new BigInteger(1, octets), RANDOM_DIGITS);
        return body + check(body);
    }

    /** The kind of a key whose check digits are right; empty for any other text. */
    public static Optional<KeyKind> kindOf(String text) {
        return Arrays.stream(KeyKind.values())
                .filter(kind -> text.startsWith(kind.prefix()))
                .filter(kind ->
                        REST.matcher(text.substring(kind.prefix().length())).matches())
                .filter(_ -> {
                    var body = text.substring(0, text.length() - CHECK_DIGITS);
                    return text.equals(body + check(body));
                })
                .findFirst();
    }

    /** What is stored of a key. 256 random bits need no slow hash. */
    static String hash(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The end of a key, by which a person knows it again. */
    static String hint(String key) {
        return key.substring(key.length() - HINT_CHARS);
    }

    private static String check(String body) {
        var crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return digits(BigInteger.valueOf(crc.getValue()), CHECK_DIGITS);
    }

    private static String digits(BigInteger number, int count) {
        var text = new char[count];
        var rest = number;
        for (var i = count - 1; i >= 0; i--) {
            var parts = rest.divideAndRemainder(BASE);
            text[i] = DIGITS.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(text);
    }
}
