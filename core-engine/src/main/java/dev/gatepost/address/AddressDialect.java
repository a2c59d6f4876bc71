package dev.gatepost.address;

/** Which grammar decides what an address is. */
public enum AddressDialect {
    /** RFC 5321 dot-atom, no quoted local part, no address literal, internationalised domains; the default. */
    SMTP,
    /** RFC 5321 in full: quoted local parts and address literals too. */
    RFC5321,
    /** {@link #SMTP} plus non-ASCII local parts (RFC 6531). */
    SMTPUTF8,
    /** What {@code <input type=email>} accepts (WHATWG HTML, "valid email address"). */
    HTML5;

    boolean allowsQuotesAndLiterals() {
        return this == RFC5321;
    }

    boolean allowsNonAsciiLocalPart() {
        return this == SMTPUTF8;
    }
}
