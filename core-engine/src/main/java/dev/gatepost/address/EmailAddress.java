package dev.gatepost.address;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;

/**
 * An address that passed the syntax check; who holds one never checks again.
 *
 * @param localPart the part before the @ as typed, in NFC; case kept, since it may matter to the mail host (RFC 5321, 2.4)
 * @param domain the part after the @
 */
public record EmailAddress(String localPart, Domain domain) {
    /** Between mailbox and tag at nearly every host that knows tags; RFC 5233 leaves it to the host. */
    private static final char TAG_SEPARATOR = '+';

    public EmailAddress {
        requireNonNull(localPart, "localPart");
        requireNonNull(domain, "domain");
    }

    /**
     * The key under which two spellings are the same contact: lower-case local part without needless quotes, A-label
     * domain.
     */
    public String normalized() {
        return QuotedString.simplest(localPart).toLowerCase(Locale.ROOT) + "@" + domain.ascii();
    }

    /** The address as it goes into RCPT TO: local part as typed, A-label domain. */
    public String envelope() {
        return localPart + "@" + domain.ascii();
    }

    /** Whether a mail host must offer SMTPUTF8 for it: only a non-ASCII local part needs that (RFC 6531, 3.2). */
    public boolean needsSmtputf8() {
        return !AsciiClass.isAscii(localPart, 0);
    }

    /** Whether the local part carries a tag that most hosts ignore when they choose the mailbox. */
    public boolean isSubaddressed() {
        return tagStart() > 0;
    }

    /** The tag of {@code name+tag@…} without the plus, perhaps empty; nothing if there is no plus behind a name. */
    public Optional<String> tag() {
        return isSubaddressed() ? Optional.of(localPart.substring(tagStart() + 1)) : Optional.empty();
    }

    /** The local part without its tag. */
    public String localPartWithoutTag() {
        return isSubaddressed() ? localPart.substring(0, tagStart()) : localPart;
    }

    /** Index of the first plus that stands behind something; 0 or less if there is none. */
    private int tagStart() {
        return localPart.startsWith("\"") ? -1 : localPart.indexOf(TAG_SEPARATOR);
    }

    @Override
    public String toString() {
        return envelope();
    }
}
