package dev.gatepost.activecampaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatepost.connector.Account;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where ActiveCampaign calls us. Its webhooks carry no signature, so a secret in the address is what tells them from
 * others'. ActiveCampaign developer documentation, "Webhooks".
 *
 * @param key names the connection; no secret
 * @param secret 256 random bits in base64url
 */
record HookAddress(String key, String secret) {
    /** Names of the settings they are kept under; undeclared, hence encrypted. */
    static final String KEY_SETTING = "hook-key";

    static final String SECRET_SETTING = "hook-secret";

    private static final String PATH = "/hooks/" + ActiveCampaignPlugin.ID + "/";
    private static final int KEY_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final Pattern TAIL = Pattern.compile("([0-9a-f]{16})/([A-Za-z0-9_-]{43})");

    /** A new one. */
    static HookAddress fresh(SecureRandom random) {
        var key = new byte[KEY_BYTES];
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(key);
        random.nextBytes(secret);
        return new HookAddress(
                HexFormat.of().formatHex(key),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** The one a connection was given; empty before it was installed. */
    static Optional<HookAddress> of(Account account) {
        return parse(account.setting(KEY_SETTING) + "/" + account.setting(SECRET_SETTING));
    }

    /** The one in a webhook's URL, if that is an address of ours. */
    static Optional<HookAddress> in(String url, String publicUrl) {
        var beginning = publicUrl + PATH;
        return url.startsWith(beginning) ? parse(url.substring(beginning.length())) : Optional.empty();
    }

    private static Optional<HookAddress> parse(String tail) {
        var match = TAIL.matcher(tail);
        return match.matches() ? Optional.of(new HookAddress(match.group(1), match.group(2))) : Optional.empty();
    }

    /** What the connection keeps. */
    Map<String, String> settings() {
        return Map.of(KEY_SETTING, key, SECRET_SETTING, secret);
    }

    /** What stands behind {@code /hooks/activecampaign/}. */
    String tail() {
        return key + "/" + secret;
    }

    /** The whole address. */
    String url(String publicUrl) {
        return publicUrl + PATH + tail();
    }

    /** Whether a call brings this secret; takes the same time whatever it brings. */
    boolean hasSecret(String brought) {
        return MessageDigest.isEqual(sha256(secret), sha256(brought));
    }

    /** The last part of a called path, without the query: where the secret stands. */
    static String secretOf(String url) {
        int query = url.indexOf('?');
        var path = query < 0 ? url : url.substring(0, query);
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "HookAddress[" + key + "]";
    }
}
