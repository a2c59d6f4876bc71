package dev.gatepost.ledger;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Turns charge keys, which name addresses, into keyed hashes, which outlive an erasure without telling anything. The
 * workspace goes in, so that the same address looks different in each.
 */
final class ChargeKeys {
    private static final byte SEPARATOR = 0;

    private final Mac mac;

    /** For one thread; an own one for each posting. */
    ChargeKeys(SecretKey key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    String charge(String workspaceId, String chargeKey) {
        return hash("charge", workspaceId, chargeKey);
    }

    String grant(String workspaceId, String grantKey) {
        return hash("grant", workspaceId, grantKey);
    }

    private String hash(String purpose, String workspaceId, String key) {
        mac.update(purpose.getBytes(StandardCharsets.UTF_8));
        mac.update(SEPARATOR);
        mac.update(workspaceId.getBytes(StandardCharsets.UTF_8));
        mac.update(SEPARATOR);
        return HexFormat.of().formatHex(mac.doFinal(key.getBytes(StandardCharsets.UTF_8)));
    }
}
