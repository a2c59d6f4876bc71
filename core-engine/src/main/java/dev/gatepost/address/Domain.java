package dev.gatepost.address;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Set;

/**
 * A mail domain in A-label form, lower case, without a trailing dot: the one key for caches, lists and DNS.
 *
 * <p>Only the address parser and code that already holds a checked name make one.
 *
 * @param ascii the name as DNS is asked for it, at most 253 octets (RFC 1035, section 2.3.4); or, in the rfc5321 dialect
 *     only, an address literal with its brackets
 */
public record Domain(String ascii) {
    /**
     * Top-level domains that never lead to a mail host on the public internet: RFC 6761 (test, example, invalid,
     * localhost), RFC 6762 (local), RFC 7686 (onion), RFC 3172 with RFC 8375 (arpa, home.arpa), RFC 9476 (alt); internal
     * is reserved by the ICANN board for private use (resolution 2024.07.29.06).
     */
    private static final Set<String> SPECIAL_USE =
            Set.of("test", "example", "invalid", "localhost", "local", "onion", "arpa", "internal", "alt");

    public Domain {
        requireNonNull(ascii, "ascii");
    }

    /** A name whose labels were checked, in whatever case. */
    static Domain ofChecked(String ascii) {
        return new Domain(ascii.toLowerCase(Locale.ROOT));
    }

    /** Whether its top-level domain is set aside for other use, so that it must not be asked for nor probed. */
    public boolean isSpecialUse() {
        return SPECIAL_USE.contains(ascii.substring(ascii.lastIndexOf('.') + 1));
    }

    /** Whether it is an IP address in brackets and not a name. */
    public boolean isLiteral() {
        return ascii.startsWith("[");
    }

    /** The name as people read it: U-labels in the place of A-labels. */
    public String unicode() {
        return ascii.contains(Idn.A_LABEL_PREFIX) ? Idn.toUnicode(ascii) : ascii;
    }

    @Override
    public String toString() {
        return ascii;
    }
}
