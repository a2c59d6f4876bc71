package dev.gatepost.address;

import static java.util.Objects.requireNonNull;

/**
 * A mail domain in A-label form, lower case, without a trailing dot: the one key for caches, lists and DNS.
 *
 * <p>Only the address parser and code that already holds a checked name make one.
 *
 * @param ascii the name as DNS is asked for it, at most 253 octets (RFC 1035, section 2.3.4)
 */
public record Domain(String ascii) {
    public Domain {
        requireNonNull(ascii, "ascii");
    }

    @Override
    public String toString() {
        return ascii;
    }
}
