package dev.gatepost.verify;

import java.util.Locale;

/**
 * Why a status was given. The codes are public API: never renamed, each with one plain sentence.
 *
 * <p>A reason that is {@link #mayChange()} leaves the verification open: the address is asked again on schedule.
 */
public enum Reason {
    ACCEPTED(Status.VALID, "The mail host takes mail for this mailbox."),

    ACCEPT_ALL(
            Status.RISKY,
            "The mail host takes mail for any name at this domain, so nobody can tell this mailbox apart."),
    MAILBOX_FULL(Status.RISKY, "The mailbox exists but is full."),
    RECIPIENT_RESTRICTED(Status.RISKY, "The mailbox exists but takes mail only from senders its administrator allows."),
    RECIPIENT_BUSY(Status.RISKY, "The mailbox exists but gets more mail than its provider lets in just now."),

    INVALID_SYNTAX(Status.INVALID, "The text is not an email address."),
    SPECIAL_USE_DOMAIN(Status.INVALID, "The domain is reserved and can never receive public mail."),
    NO_DOMAIN(Status.INVALID, "The domain does not exist."),
    NULL_MX(Status.INVALID, "The domain states that it takes no mail."),
    NO_MAIL_HOST(Status.INVALID, "The domain has no mail host."),
    MX_UNRESOLVABLE(Status.INVALID, "The domain names mail hosts that have no address."),
    UNROUTABLE_MX(Status.INVALID, "The domain's mail hosts have addresses that the public internet cannot reach."),
    MAILBOX_NOT_FOUND(Status.INVALID, "The mail host says there is no such mailbox."),
    MAILBOX_DISABLED(Status.INVALID, "The mail host says the mailbox is disabled."),

    IN_PROGRESS(Status.UNKNOWN, "The time given was over before there was an answer; asking goes on."),
    DNS_TEMPORARY(Status.UNKNOWN, "The name servers could not be asked."),
    GREYLISTED(Status.UNKNOWN, "The mail host asks strangers to come back later."),
    RATE_LIMITED(Status.UNKNOWN, "The mail host limits how much we may ask just now."),
    TEMPORARY(Status.UNKNOWN, "The mail host has a passing problem."),
    TIMEOUT(Status.UNKNOWN, "The mail host did not answer in time."),
    CONNECTION_FAILED(Status.UNKNOWN, "The mail host could not be reached."),
    BUSY(Status.UNKNOWN, "Our own limits towards this mail host left no place in time."),
    ACCEPT_ALL_UNCLEAR(
            Status.UNKNOWN,
            "The mail host took the address, but did not say whether it would take any other name too."),

    BLOCKED(Status.UNKNOWN, "The mail host refuses our server, so it said nothing about the mailbox."),
    SMTP_POLICY(Status.UNKNOWN, "The mail host refused us by a policy that is not about the mailbox."),
    RELAY_DENIED(Status.UNKNOWN, "The mail host says the domain is none of its own."),
    TLS_REQUIRED(Status.UNKNOWN, "The mail host wants an encrypted connection that could not be made."),
    PROTOCOL(Status.UNKNOWN, "The mail host did not speak SMTP as it should."),
    SMTPUTF8_UNSUPPORTED(Status.UNKNOWN, "The mail host does not take addresses with letters outside ASCII."),
    PROVIDER_UNVERIFIABLE(
            Status.UNKNOWN, "The provider takes every name at first, so its answer says nothing about the mailbox."),
    CONFLICTING_ANSWERS(
            Status.UNKNOWN, "The mail host refused the address but took a name nobody has, so it cannot be believed."),
    EGRESS_REFUSED(Status.UNKNOWN, "The rules of this installation forbid connecting to the mail host."),
    SMTP_OFF(Status.UNKNOWN, "The domain takes mail; mailboxes are not asked for, since SMTP is switched off here."),
    OPTED_OUT(
            Status.UNKNOWN,
            "The domain takes mail; mailboxes are not asked for, since the domain or its mail host is on the opt-out list."),
    OFFLINE(Status.UNKNOWN, "The address is well-formed; nobody was asked, as requested.");

    private final Status status;
    private final String sentence;

    Reason(Status status, String sentence) {
        this.status = status;
        this.sentence = sentence;
    }

    /** The status this reason goes with; each reason belongs to just one. */
    public Status status() {
        return status;
    }

    /** One plain English sentence. */
    public String sentence() {
        return sentence;
    }

    /** The stable code, for example {@code mailbox_not_found}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether asking again within the hour may well bring another answer. */
    public boolean mayChange() {
        return switch (this) {
            case IN_PROGRESS,
                    DNS_TEMPORARY,
                    GREYLISTED,
                    RATE_LIMITED,
                    TEMPORARY,
                    TIMEOUT,
                    CONNECTION_FAILED,
                    BUSY,
                    ACCEPT_ALL_UNCLEAR -> true;
            case ACCEPTED,
                    ACCEPT_ALL,
                    MAILBOX_FULL,
                    RECIPIENT_RESTRICTED,
                    RECIPIENT_BUSY,
                    INVALID_SYNTAX,
                    SPECIAL_USE_DOMAIN,
                    NO_DOMAIN,
                    NULL_MX,
                    NO_MAIL_HOST,
                    MX_UNRESOLVABLE,
                    UNROUTABLE_MX,
                    MAILBOX_NOT_FOUND,
                    MAILBOX_DISABLED,
                    BLOCKED,
                    SMTP_POLICY,
                    RELAY_DENIED,
                    TLS_REQUIRED,
                    PROTOCOL,
                    SMTPUTF8_UNSUPPORTED,
                    PROVIDER_UNVERIFIABLE,
                    CONFLICTING_ANSWERS,
                    EGRESS_REFUSED,
                    SMTP_OFF,
                    OPTED_OUT,
                    OFFLINE -> false;
        };
    }
}
