package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatepost.connector.Delivery;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells whether a delivery was signed with the app's client secret. Pure; works on the raw octets.
 *
 * <p>HubSpot developer documentation, "Validating requests" and "Introducing version 3 of webhook signatures".
 */
final class HubSpotSignature {
    /** Header of version 3; while it is present no other version counts. */
    static final String V3_HEADER = "X-HubSpot-Signature-v3";
    /** Epoch milliseconds; its text is part of what version 3 signs. */
    static final String TIMESTAMP_HEADER = "X-HubSpot-Request-Timestamp";

    static final String V1_HEADER = "X-HubSpot-Signature";
    static final String VERSION_HEADER = "X-HubSpot-Signature-Version";

    /** Farthest a timestamp may lie from our clock, in milliseconds, itself included. "Validating requests". */
    static final long WINDOW_MILLIS = 300_000;

    /** Enough for any epoch milliseconds that fit into 64 bits without overflow. */
    private static final Pattern TIMESTAMP = Pattern.compile("[0-9]{1,18}");

    /** The only escapes decoded before hashing, each once; all others stay as received. "Validating requests". */
    private static final Pattern DECODED_ESCAPE =
            Pattern.compile("%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", Pattern.CASE_INSENSITIVE);

    private HubSpotSignature() {}

    /** Which older version, that cannot tell a replay, is good enough beside version 3. */
    enum Older {
        NONE,
        /** What webhooks of subscriptions carry. */
        V1,
        /** What workflow actions and their drop-downs carry. */
        V2
    }

    /** What speaks against the time of a delivery signed by version 3, or empty when nothing does. */
    static Optional<String> objectionToTime(Delivery delivery, Instant now) {
        if (delivery.header(V3_HEADER).isEmpty()) {
            return Optional.empty();
        }
        var text = delivery.header(TIMESTAMP_HEADER).orElse("");
        if (!TIMESTAMP.matcher(text).matches()) {
            return Optional.of("the timestamp is missing or not a number");
        }
        long age = now.toEpochMilli() - Long.parseLong(text);
        if (age > WINDOW_MILLIS) {
            return Optional.of("the timestamp is " + age + " ms old");
        }
        return age < -WINDOW_MILLIS
                ? Optional.of("the timestamp lies " + -age + " ms in the future")
                : Optional.empty();
    }

    /** Whether the delivery was signed with this secret; says nothing about its time. */
    static boolean isSignedWith(String secret, Delivery delivery, Older older) {
        if (secret.isEmpty()) {
            return false;
        }
        var v3 = delivery.header(V3_HEADER);
        if (v3.isPresent()) {
            return sameOctets(v3(secret, delivery), base64(v3.get()));
        }
        var version = delivery.header(VERSION_HEADER).orElse("");
        var theirs = hex(delivery.header(V1_HEADER).orElse(""));
        return switch (older) {
            case NONE -> false;
            case V1 -> version.equals("v1") && sameOctets(plain(secret, delivery), theirs);
            case V2 ->
                version.equals("v2")
                        && sameOctets(plain(secret + delivery.method() + delivery.url(), delivery), theirs);
        };
    }

    /** The URL as version 3 signs it. */
    static String decoded(String url) {
        return DECODED_ESCAPE
                .matcher(url)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(), 1, 3, 16))));
    }

    private static byte[] v3(String secret, Delivery delivery) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            mac.update((delivery.method() + decoded(delivery.url())).getBytes(UTF_8));
            mac.update(delivery.body().asByteBuffer());
            mac.update(delivery.header(TIMESTAMP_HEADER).orElse("").getBytes(UTF_8));
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** Versions 1 and 2: the hash of what stands before the body, and of the body. */
    private static byte[] plain(String before, Delivery delivery) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(before.getBytes(UTF_8));
            digest.update(delivery.body().asByteBuffer());
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static boolean sameOctets(byte[] ours, byte[] theirs) {
        return theirs.length == ours.length && MessageDigest.isEqual(ours, theirs);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // no signature has this length
        }
    }

    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // no signature has this length
        }
    }
}
