package dev.gatepost.dns;

import static java.util.Objects.requireNonNull;

/**
 * What a domain publishes about its mail beside where it goes. A by-product: says how well a domain is looked after,
 * and nothing about a mailbox. {@code UNKNOWN} means that nobody answered in time.
 */
public record DomainPolicy(Spf spf, Dmarc dmarc, MtaSts mtaSts) {
    /** Nobody answered any of the questions in time. */
    public static final DomainPolicy UNKNOWN = new DomainPolicy(Spf.UNKNOWN, Dmarc.UNKNOWN, MtaSts.UNKNOWN);

    public DomainPolicy {
        requireNonNull(spf, "spf");
        requireNonNull(dmarc, "dmarc");
        requireNonNull(mtaSts, "mtaSts");
    }

    /** Who may send for the domain (RFC 7208). */
    public enum Spf {
        UNKNOWN,
        /** No record, or several, which counts as an error (RFC 7208, section 4.5). */
        ABSENT,
        PRESENT,
        /** {@code v=spf1 -all} and no more: the domain sends no mail at all. */
        SENDS_NO_MAIL
    }

    /** What receivers are asked to do with mail that fails the checks (RFC 7489). */
    public enum Dmarc {
        UNKNOWN,
        /** No usable record at the domain itself; one at a parent domain is not looked for. */
        ABSENT,
        /** {@code p=none}: a record is there, and asks for reports only. */
        NONE,
        QUARANTINE,
        REJECT
    }

    /** Whether the domain announces a TLS policy for its mail hosts (RFC 8461); the policy itself is not fetched. */
    public enum MtaSts {
        UNKNOWN,
        ABSENT,
        PRESENT
    }
}
