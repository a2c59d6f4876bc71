package dev.gatepost.server;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/** HMAC-SHA256 under one key: hides addresses in stored keys. Safe for any thread. */
final class KeyedHash {

    private final SecretKey key;

    KeyedHash(SecretKey key) {
        this.key = key;
    }

    byte[] of(byte[] text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has it, and the key fits
        }
    }
}
