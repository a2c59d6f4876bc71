package dev.gatepost.workspace;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Time-based one-time passwords (RFC 6238), with what every authenticator app knows: SHA-1, 6 digits, 30 s. Pure. */
final class Totp {
    static final Duration STEP = Duration.ofSeconds(30);

    /** Steps before and after that count too: clocks differ (RFC 6238, section 6). */
    private static final int DRIFT_STEPS = 1;

    /** 160 bits, as RFC 4226 section 4 recommends. */
    private static final int SECRET_BYTES = 20;

    private static final int DIGITS = 6;
    private static final int MODULUS = 1_000_000;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BASE32_BITS = 5;

    private Totp() {}

    /** A new secret, in base 32. */
    static String secret(SecureRandom random) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return base32(bytes);
    }

    /** The step whose code this is, among those near {@code now} and after {@code lastUsed}; empty when it is none. */
    static OptionalLong step(String secret, String code, Instant now, long lastUsed) {
        var digits = code.replaceAll("[\\s-]", "");
        var here = now.getEpochSecond() / STEP.toSeconds();
        var found = OptionalLong.empty();
        for (var step = here - DRIFT_STEPS; step <= here + DRIFT_STEPS; step++) {
            if (step > lastUsed && code(secret, step).equals(digits)) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    /** The code of one step (RFC 4226, section 5.3). */
    static String code(String secret, long step) {
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(bytes(secret), "HmacSHA1"));
            var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            var offset = hash[hash.length - 1] & 0xf;
            var number = ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
            return String.format(Locale.ROOT, "%0" + DIGITS + "d", number % MODULUS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA1", e);
        }
    }

    /** Base 32 of RFC 4648, section 6, without padding. */
    static String base32(byte[] bytes) {
        var text = new StringBuilder();
        var bits = 0;
        var held = 0;
        for (var each : bytes) {
            held = (held << Byte.SIZE) | (each & 0xff);
            bits += Byte.SIZE;
            while (bits >= BASE32_BITS) {
                bits -= BASE32_BITS;
                text.append(BASE32.charAt((held >> bits) & 0x1f));
            }
            held &= 0xff;
        }
        if (bits > 0) {
            text.append(BASE32.charAt((held << (BASE32_BITS - bits)) & 0x1f));
        }
        return text.toString();
    }

    private static byte[] bytes(String base32) {
        var bytes = ByteBuffer.allocate(base32.length() * BASE32_BITS / Byte.SIZE);
        var bits = 0;
        var held = 0;
        for (var i = 0; i < base32.length(); i++) {
            held = (held << BASE32_BITS) | BASE32.indexOf(base32.charAt(i));
            bits += BASE32_BITS;
            if (bits >= Byte.SIZE) {
                bits -= Byte.SIZE;
                bytes.put((byte) (held >> bits));
                held &= 0xff;
            }
        }
        return bytes.array();
    }
}
