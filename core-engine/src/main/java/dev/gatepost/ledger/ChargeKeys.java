package dev.gatepost.ledger;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Turns charge keys, which name addresses, into keyed hashes, which outlive an erasure without telling anything. The
 * workspace goes in, so that the same address looks different in each.
 */
final class ChargeKeys {
    private static final byte SEPARATOR = 0;

    private final Mac mac;
    private final Map<String, String> charges = new HashMap<>();

    /** For one thread and one workspace's posting. */
    ChargeKeys(SecretKey key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** Remembered, since a charge key is looked at when it is expected and again when it is used. */
    String charge(String workspaceId, String chargeKey) {
        return charges.computeIfAbsent(chargeKey, key -> hash("charge", workspaceId, key));
    }

    String grant(String workspaceId, String grantKey) {
        return hash("grant", workspaceId, grantKey);
    }

    String expiry(String workspaceId, long grantSeq) {
        return hash("expiry", workspaceId, String.valueOf(grantSeq));
    }

    private String hash(String purpose, String workspaceId, String key) {
        mac.update(purpose.getBytes(StandardCharsets.UTF_8));
        mac.update(SEPARATOR);
        mac.update(workspaceId.getBytes(StandardCharsets.UTF_8));
        mac.update(SEPARATOR);
        return HexFormat.of().formatHex(mac.doFinal(key.getBytes(StandardCharsets.UTF_8)));
    }
}
