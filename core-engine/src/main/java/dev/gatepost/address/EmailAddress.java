package dev.gatepost.address;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * An address that passed the syntax check; who holds one never checks again.
 *
 * @param localPart the part before the @ as typed, in NFC; case kept, since it may matter to the mail host (RFC 5321, 2.4)
 * @param domain the part after the @
 */
public record EmailAddress(String localPart, Domain domain) {
    public EmailAddress {
        requireNonNull(localPart, "localPart");
        requireNonNull(domain, "domain");
    }

    /** The key under which two spellings are the same contact: lower-case local part, A-label domain. */
    public String normalized() {
        return localPart.toLowerCase(Locale.ROOT) + "@" + domain.ascii();
    }

    /** The address as it goes into RCPT TO: local part as typed, A-label domain. */
    public String envelope() {
        return localPart + "@" + domain.ascii();
    }

    /** Whether a mail host must offer SMTPUTF8 for it: only a non-ASCII local part needs that (RFC 6531, 3.2). */
    public boolean needsSmtputf8() {
        return !localPart.chars().allMatch(c -> c < 128);
    }

    @Override
    public String toString() {
        return envelope();
    }
}
