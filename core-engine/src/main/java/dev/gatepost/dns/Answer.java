package dev.gatepost.dns;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** What DNS said to one question. "Could not be asked" is a case of its own and never "no". */
public sealed interface Answer {
    /**
     * Records were found.
     *
     * @param records at least one
     * @param ttl the smallest TTL among them
     * @param viaCname whether the name asked for was an alias
     */
    record Found(List<Data> records, Duration ttl, boolean viaCname) implements Answer {
        public Found {
            records = List.copyOf(records);
            requireNonNull(ttl, "ttl");
        }
    }

    /** The name exists but has no record of the type asked for (NODATA, RFC 2308). */
    record NoData(Duration ttl) implements Answer {
        public NoData {
            requireNonNull(ttl, "ttl");
        }
    }

    /** The name does not exist (NXDOMAIN). */
    record NoSuchName(Duration ttl) implements Answer {
        public NoSuchName {
            requireNonNull(ttl, "ttl");
        }
    }

    /** Nobody gave a usable answer: time-out, SERVFAIL, REFUSED, nonsense. */
    record Failed(FailureCause cause) implements Answer {
        public Failed {
            requireNonNull(cause, "cause");
        }
    }

    /** Why a question stayed without an answer. */
    enum FailureCause {
        TIMEOUT,
        SERVFAIL,
        REFUSED,
        MALFORMED,
        UNREACHABLE,
        /** The verification's budget of queries or time was used up. */
        BUDGET
    }

    /** One record's content. */
    sealed interface Data {}

    /** An MX record; {@code host} is lower case without trailing dot, empty for the root (null MX, RFC 7505). */
    record MxData(int preference, String host) implements Data {
        public MxData {
            requireNonNull(host, "host");
        }
    }

    /** An A or AAAA record. */
    record AddressData(InetAddress address) implements Data {
        public AddressData {
            requireNonNull(address, "address");
        }
    }

    /** A TXT record, its strings joined. */
    record TextData(String text) implements Data {
        public TextData {
            requireNonNull(text, "text");
        }
    }

    /** A PTR record's target, lower case without trailing dot. */
    record NameData(String name) implements Data {
        public NameData {
            requireNonNull(name, "name");
        }
    }
}
