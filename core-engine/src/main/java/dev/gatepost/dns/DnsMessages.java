package dev.gatepost.dns;

import dev.gatepost.dns.Answer.FailureCause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** DNS messages to and from octets. Pure; never throws for what a message holds. */
final class DnsMessages {
    /** Largest datagram asked for, in octets: fits every path without fragments. Reliability: M8. */
    private static final int UDP_OCTETS = 1_232;

    /** Aliases followed for one question. Reliability: M8. */
    static final int ALIASES_MAX = 8;

    /** Records kept of one answer: more serve nobody, and a hostile server could send thousands. */
    private static final int RECORDS_MAX = 64;

    /** Octets before the question: RFC 1035, section 4.1.1. */
    private static final int HEADER_OCTETS = 12;

    private DnsMessages() {}

    /** The query's octets; empty when the name cannot stand in a message. */
    static Optional<byte[]> query(Question question, int id) {
        try {
            var name = Name.fromString(question.name(), Name.root);
            var message = Message.newQuery(Record.newRecord(name, typeOf(question.type()), DClass.IN));
            message.getHeader().setID(id);
            message.addRecord(new OPTRecord(UDP_OCTETS, 0, 0), Section.ADDITIONAL);
            return Optional.of(message.toWire());
        } catch (TextParseException e) {
            return Optional.empty();
        }
    }

    /** Whether the octets at least claim to answer the query with this id. */
    static boolean answers(byte[] octets, int id) {
        return octets.length >= HEADER_OCTETS
                && ((octets[0] & 0xff) << 8 | (octets[1] & 0xff)) == id
                && (octets[2] & 0x80) != 0;
    }

    /** Reads a message that must answer {@code question} under {@code id}. */
    static Reading read(byte[] octets, Question question, int id) {
        return answers(octets, id)
                ? parse(octets).map(message -> read(message, question)).orElseGet(DnsMessages::malformed)
                : malformed();
    }

    private static Reading read(Message message, Question question) {
        var header = message.getHeader();
        if (header.getOpcode() != Opcode.QUERY || !repeats(message, question)) {
            return malformed();
        }
        if (header.getFlag(Flags.TC)) {
            return new Reading.Truncated();
        }
        return switch (message.getRcode()) {
            case Rcode.NOERROR, Rcode.NXDOMAIN -> follow(message, question);
            case Rcode.SERVFAIL -> failed(FailureCause.SERVFAIL);
            case Rcode.REFUSED -> failed(FailureCause.REFUSED);
            default -> malformed();
        };
    }

    private static Reading follow(Message message, Question question) {
        var answers = message.getSection(Section.ANSWER);
        var owner = message.getQuestion().getName();
        long ttl = Long.MAX_VALUE;
        for (int steps = 0; steps <= ALIASES_MAX; steps++) {
            var found = dataOf(answers, owner, question.type());
            if (!found.isEmpty()) {
                var smallest = Math.min(ttl, smallestTtl(answers, owner, typeOf(question.type())));
                return new Reading.Complete(new Answer.Found(found, Duration.ofSeconds(smallest), steps > 0));
            }
            var target = aliasOf(answers, owner);
            if (target.isEmpty()) {
                return nothingAt(message, owner, steps);
            }
            ttl = Math.min(ttl, smallestTtl(answers, owner, Type.CNAME));
            owner = target.get();
        }
        return malformed(); // a loop, or a chain too long to be honest
    }

    private static Reading nothingAt(Message message, Name owner, int steps) {
        var negativeTtl = negativeTtl(message);
        if (message.getRcode() == Rcode.NXDOMAIN) {
            // With aliases, the code speaks of the last name (RFC 6604, section 3).
            return new Reading.Complete(new Answer.NoSuchName(negativeTtl.orElse(Duration.ZERO)));
        }
        if (negativeTtl.isEmpty() && steps > 0) {
            return new Reading.Alias(textOf(owner), steps);
        }
        var refersUs = message.getSection(Section.AUTHORITY).stream().anyMatch(r -> r.getType() == Type.NS);
        if (negativeTtl.isEmpty() && refersUs && !message.getHeader().getFlag(Flags.AA)) {
            return failed(FailureCause.REFUSED); // a referral: this server does not resolve for us (RFC 2308, 2.2)
        }
        return new Reading.Complete(new Answer.NoData(negativeTtl.orElse(Duration.ZERO)));
    }

    /** How long a "no" may be kept: the smaller of the SOA's TTL and its minimum (RFC 2308, section 5). */
    private static Optional<Duration> negativeTtl(Message message) {
        return message.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .findFirst()
                .map(soa -> Duration.ofSeconds(Math.min(soa.getTTL(), soa.getMinimum())));
    }

    private static List<Answer.Data> dataOf(List<Record> answers, Name owner, RecordType type) {
        var data = new ArrayList<Answer.Data>();
        for (var record : answers) {
            if (record.getType() == typeOf(type) && record.getName().equals(owner) && data.size() < RECORDS_MAX) {
                dataOf(record).ifPresent(data::add);
            }
        }
        return data;
    }

    private static Optional<Answer.Data> dataOf(Record record) {
        return switch (record) {
            case MXRecord mx -> Optional.of(new Answer.MxData(mx.getPriority(), textOf(mx.getTarget())));
            case ARecord a -> Optional.of(new Answer.AddressData(a.getAddress()));
            case AAAARecord aaaa -> Optional.of(new Answer.AddressData(aaaa.getAddress()));
            case TXTRecord txt -> Optional.of(new Answer.TextData(joined(txt)));
            case PTRRecord ptr -> Optional.of(new Answer.NameData(textOf(ptr.getTarget())));
            default -> Optional.empty();
        };
    }

    private static Optional<Name> aliasOf(List<Record> answers, Name owner) {
        return answers.stream()
                .filter(CNAMERecord.class::isInstance)
                .filter(record -> record.getName().equals(owner))
                .map(record -> ((CNAMERecord) record).getTarget())
                .findFirst();
    }

    private static long smallestTtl(List<Record> answers, Name owner, int type) {
        return answers.stream()
                .filter(record -> record.getType() == type && record.getName().equals(owner))
                .mapToLong(Record::getTTL)
                .min()
                .orElse(0);
    }

    private static boolean repeats(Message message, Question question) {
        var asked = message.getQuestion();
        return asked != null
                && message.getSection(Section.QUESTION).size() == 1
                && asked.getType() == typeOf(question.type())
                && asked.getDClass() == DClass.IN
                && textOf(asked.getName()).equals(question.name());
    }

    private static Optional<Message> parse(byte[] octets) {
        try {
            return Optional.of(new Message(octets));
        } catch (IOException | RuntimeException e) {
            // Hostile octets must not end a verification, whatever the parser makes of them.
            return Optional.empty();
        }
    }

    private static String joined(TXTRecord txt) {
        var text = new StringBuilder();
        for (var part : txt.getStringsAsByteArrays()) {
            text.append(new String(part, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    private static String textOf(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    private static int typeOf(RecordType type) {
        return switch (type) {
            case MX -> Type.MX;
            case A -> Type.A;
            case AAAA -> Type.AAAA;
            case TXT -> Type.TXT;
            case PTR -> Type.PTR;
        };
    }

    private static Reading malformed() {
        return failed(FailureCause.MALFORMED);
    }

    private static Reading failed(FailureCause cause) {
        return new Reading.Complete(new Answer.Failed(cause));
    }
}
