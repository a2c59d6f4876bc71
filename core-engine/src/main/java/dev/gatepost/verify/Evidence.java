package dev.gatepost.verify;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.Defect;
import dev.gatepost.dns.Answer;
import dev.gatepost.dns.DomainPolicy;
import dev.gatepost.lists.ListHit;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Trouble;
import dev.gatepost.smtp.Reply;
import dev.gatepost.smtp.ReplyMeaning;
import dev.gatepost.smtp.Stage;
import dev.gatepost.smtp.Trust;
import java.util.List;

/**
 * One observation. Facts only: no score and no opinion. Stored as seen, so that a verdict can be explained, and reached
 * again by a later engine.
 */
public sealed interface Evidence {
    /** The text is not an address. */
    record Malformed(Defect defect) implements Evidence {
        public Malformed {
            requireNonNull(defect, "defect");
        }
    }

    /** What the form of the address tells: whether it carries a tag, needs SMTPUTF8, imitates another domain. */
    record Form(boolean subaddressed, boolean smtputf8, boolean homograph) implements Evidence {}

    /**
     * What the CRM itself holds about the address. It is shown beside what we saw, and never makes a status.
     *
     * @param property the CRM's name for it
     * @param value as the CRM tells it, at most {@link #VALUE_CHARS_MAX} characters
     */
    record CrmSaid(String property, String value, CrmMeaning meaning) implements Evidence {
        /** Longest value kept, in characters. */
        public static final int VALUE_CHARS_MAX = 100;

        public CrmSaid {
            requireNonNull(property, "property");
            requireNonNull(meaning, "meaning");
            value = value.length() > VALUE_CHARS_MAX ? value.substring(0, VALUE_CHARS_MAX) : value;
        }

        /** What it means for us. */
        public enum CrmMeaning {
            /** Mail to the address came back since there was no such mailbox. */
            BOUNCED,
            /** For people to see. */
            NOTED
        }
    }

    /** The local part looks as if nobody's name stood behind it. */
    record RandomLooking() implements Evidence {}

    /** The address stands in a reference list. */
    record Listed(ListHit hit) implements Evidence {
        public Listed {
            requireNonNull(hit, "hit");
        }
    }

    /** The address looks like a slip of another one. */
    record Suggested(String address) implements Evidence {
        public Suggested {
            requireNonNull(address, "address");
        }
    }

    /** The domain is reserved (RFC 6761 and others); it was never asked for. */
    record SpecialUse(String domain) implements Evidence {
        public SpecialUse {
            requireNonNull(domain, "domain");
        }
    }

    /** The caller's time was over before there was an answer; name servers or mail hosts are still being asked. */
    record StillAsking() implements Evidence {}

    /** The caller wanted no network; nobody was asked. */
    record Offline() implements Evidence {}

    /** DNS: the domain does not exist. */
    record NoDomain() implements Evidence {}

    /** DNS: a null MX. */
    record NullMx() implements Evidence {}

    /** DNS: neither MX nor address record. */
    record NoMailHost() implements Evidence {}

    /** DNS: no MX target has an address. */
    record MxUnresolvable(List<String> hosts) implements Evidence {
        public MxUnresolvable {
            hosts = List.copyOf(hosts);
        }
    }

    /** DNS: every MX target's address is special or forbidden; none was dialled. */
    record MxUnroutable(List<String> hosts) implements Evidence {
        public MxUnroutable {
            hosts = List.copyOf(hosts);
        }
    }

    /** DNS could not be asked. */
    record DnsFailed(Answer.FailureCause cause) implements Evidence {
        public DnsFailed {
            requireNonNull(cause, "cause");
        }
    }

    /**
     * DNS: where mail goes.
     *
     * @param hosts names in the order they would be tried
     * @param implicit whether the domain's own address stands in for a missing MX
     * @param provider short name of who runs the hosts, for example {@code google}; empty when unknown
     * @param acceptTrust how far a 2xx of this provider may be believed
     * @param notes oddities, for example {@code mx_is_cname}
     * @param rule the row of the provider table that told so, and which table; empty when the provider is unknown
     */
    record MailHosts(
            List<String> hosts, boolean implicit, String provider, Trust acceptTrust, List<String> notes, String rule)
            implements Evidence {
        public MailHosts {
            hosts = List.copyOf(hosts);
            requireNonNull(provider, "provider");
            requireNonNull(acceptTrust, "acceptTrust");
            notes = List.copyOf(notes);
            requireNonNull(rule, "rule");
        }

        /** Without the rule, as the provider table had none. */
        public MailHosts(List<String> hosts, boolean implicit, String provider, Trust acceptTrust, List<String> notes) {
            this(hosts, implicit, provider, acceptTrust, notes, "");
        }
    }

    /** DNS: a mail host of the domain is known to serve disposable domains and next to nothing else. */
    record DisposableSuspected(String mxHost) implements Evidence {
        public DisposableSuspected {
            requireNonNull(mxHost, "mxHost");
        }
    }

    /** DNS: what the domain publishes about its mail, as far as it was known by the time the mail host had answered. */
    record Policies(DomainPolicy policy) implements Evidence {
        public Policies {
            requireNonNull(policy, "policy");
        }
    }

    /** The domain or a mail host of it is on the operator's opt-out list, so nobody was asked for the mailbox. */
    record OptedOut(ListHit hit) implements Evidence {
        public OptedOut {
            requireNonNull(hit, "hit");
        }
    }

    /** SMTP is switched off in this installation. */
    record SmtpOff() implements Evidence {}

    /** SMTP: one line of the dialogue, for the reader; verdicts rest on the conclusions below. */
    record Said(String host, Stage stage, Reply reply, long millis) implements Evidence {
        public Said {
            requireNonNull(host, "host");
            requireNonNull(stage, "stage");
            requireNonNull(reply, "reply");
        }
    }

    /**
     * SMTP: the host answered RCPT for the address.
     *
     * @param mailboxExists whether the reply, although no acceptance, gives away that the mailbox exists
     */
    record RecipientAnswered(String host, Reply reply, ReplyMeaning meaning, AcceptAll acceptAll, boolean mailboxExists)
            implements Evidence {
        public RecipientAnswered {
            requireNonNull(host, "host");
            requireNonNull(reply, "reply");
            requireNonNull(meaning, "meaning");
            requireNonNull(acceptAll, "acceptAll");
        }
    }

    /** SMTP: the host refused us before it heard of the address. */
    record SenderRefused(String host, Stage stage, Reply reply, ReplyMeaning meaning) implements Evidence {
        public SenderRefused {
            requireNonNull(host, "host");
            requireNonNull(stage, "stage");
            requireNonNull(reply, "reply");
            requireNonNull(meaning, "meaning");
        }
    }

    /** SMTP: nobody answered. */
    record NoAnswer(String host, Trouble trouble) implements Evidence {
        public NoAnswer {
            requireNonNull(host, "host");
            requireNonNull(trouble, "trouble");
        }
    }

    /** SMTP: the address needs SMTPUTF8 and no host offers it. */
    record Smtputf8Unsupported(String host) implements Evidence {
        public Smtputf8Unsupported {
            requireNonNull(host, "host");
        }
    }
}
