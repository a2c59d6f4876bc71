package dev.gatepost.dns;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Where a domain's mail goes (RFC 5321, section 5.1). */
public sealed interface MailRoute {
    /**
     * The domain names its mail hosts.
     *
     * @param hosts in the order to try: by preference, equal ones shuffled; at least one, at most 5
     * @param notes oddities seen on the way, for example {@code mx_is_cname}
     */
    record MxHosts(List<MailHost> hosts, List<String> notes) implements MailRoute {
        public MxHosts {
            hosts = List.copyOf(hosts);
            notes = List.copyOf(notes);
        }
    }

    /** No MX, but an address record: the domain itself is its mail host. */
    record ImplicitMx(MailHost host) implements MailRoute {
        public ImplicitMx {
            requireNonNull(host, "host");
        }
    }

    /** A single {@code MX 0 .}: the domain says it takes no mail (RFC 7505). */
    record NullMx() implements MailRoute {}

    /** The domain exists, but has neither MX nor address record. */
    record NoHosts() implements MailRoute {}

    /** MX records exist, but no target has an address. */
    record Unresolvable(List<String> hosts) implements MailRoute {
        public Unresolvable {
            hosts = List.copyOf(hosts);
        }
    }

    /** Every mail host's address is one that public mail cannot have (loopback, private, ...); none is ever dialled. */
    record Unroutable(List<String> hosts) implements MailRoute {
        public Unroutable {
            hosts = List.copyOf(hosts);
        }
    }

    /** The domain does not exist. */
    record NoDomain() implements MailRoute {}

    /** DNS could not be asked; says nothing about the domain. */
    record Failed(Answer.FailureCause cause) implements MailRoute {
        public Failed {
            requireNonNull(cause, "cause");
        }
    }
}
