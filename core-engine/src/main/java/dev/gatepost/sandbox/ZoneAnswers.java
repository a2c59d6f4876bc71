package dev.gatepost.sandbox;

import dev.gatepost.dns.Answer;
import dev.gatepost.dns.RecordType;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Turns queries' octets into answers' octets from a zone. Pure but for the zone. */
final class ZoneAnswers {
    /** Datagram size for clients that say none: RFC 1035, section 4.2.1. */
    private static final int PLAIN_UDP_OCTETS = 512;

    private static final int TCP_OCTETS = 65_535;

    /** What follows the id in a nonsense answer: flags of an answer, and counts that promise records never sent. */
    private static final byte[] NONSENSE = {(byte) 0x81, (byte) 0x80, 0, 9, 0, 9, 0, 9, 0, 9, (byte) 0xc0, 0x0c};

    /** A question as counted. */
    record Asked(String name, RecordType type) {}

    /** How the query came, which bounds the answer. */
    enum Transport {
        UDP,
        TCP
    }

    private static final Logger LOG = LoggerFactory.getLogger(ZoneAnswers.class);

    private final FakeZone zone;

    ZoneAnswers(FakeZone zone) {
        this.zone = zone;
    }

    /** The answer, or empty for silence: a name made to time out, or octets that are no query. */
    Optional<byte[]> to(byte[] octets, Transport transport, Consumer<Asked> count) {
        var parsed = parse(octets);
        if (parsed.isEmpty()) {
            return Optional.empty(); // not DNS; real servers are silent too
        }
        var query = parsed.get();
        int size = sizeFor(query, transport);
        var type = typeOf(query.getQuestion().getType());
        if (type.isEmpty()) {
            return Optional.of(answerTo(query, Rcode.NOTIMP).toWire(size));
        }
        var name = textOf(query.getQuestion().getName());
        count.accept(new Asked(name, type.get()));
        try {
            return answer(query, name, type.get(), size);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("the sandbox zone holds something for {} {} that DNS cannot say", name, type.get(), e);
            return Optional.of(answerTo(query, Rcode.SERVFAIL).toWire(size));
        }
    }

    private static Optional<Message> parse(byte[] octets) {
        try {
            return Optional.of(new Message(octets))
                    .filter(query ->
                            query.getQuestion() != null && !query.getHeader().getFlag(Flags.QR));
        } catch (IOException | RuntimeException e) {
            LOG.debug("not a DNS message", e);
            return Optional.empty();
        }
    }

    private Optional<byte[]> answer(Message query, String name, RecordType type, int size) throws IOException {
        return switch (zone.ask(name, type)) {
            case Answer.Found(var records, var ttl, var _) -> {
                var answer = answerTo(query, Rcode.NOERROR);
                var owner = addAliases(answer, query.getQuestion().getName(), ttl.toSeconds());
                for (var data : records) {
                    answer.addRecord(recordOf(owner, ttl.toSeconds(), data), Section.ANSWER);
                }
                yield Optional.of(answer.toWire(size));
            }
            case Answer.NoData(var ttl) -> Optional.of(negative(query, Rcode.NOERROR, ttl.toSeconds(), size));
            case Answer.NoSuchName(var ttl) -> Optional.of(negative(query, Rcode.NXDOMAIN, ttl.toSeconds(), size));
            case Answer.Failed(var cause) ->
                switch (cause) {
                    case TIMEOUT, UNREACHABLE, BUDGET -> Optional.empty();
                    case SERVFAIL -> Optional.of(answerTo(query, Rcode.SERVFAIL).toWire(size));
                    case REFUSED -> Optional.of(answerTo(query, Rcode.REFUSED).toWire(size));
                    case MALFORMED -> Optional.of(nonsense(query));
                };
        };
    }

    private byte[] negative(Message query, int rcode, long ttl, int size) throws IOException {
        var answer = answerTo(query, rcode);
        var zoneName = addAliases(answer, query.getQuestion().getName(), ttl);
        answer.addRecord(
                new SOARecord(zoneName, DClass.IN, ttl, zoneName, zoneName, 1, ttl, ttl, ttl, ttl), Section.AUTHORITY);
        return answer.toWire(size);
    }

    /** Adds the chain of aliases and gives its end. */
    private Name addAliases(Message answer, Name from, long ttl) throws IOException {
        var owner = from;
        for (var target : zone.aliases(textOf(from))) {
            var next = nameOf(target);
            answer.addRecord(new CNAMERecord(owner, DClass.IN, ttl, next), Section.ANSWER);
            owner = next;
        }
        return owner;
    }

    private static Message answerTo(Message query, int rcode) {
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RD);
        answer.getHeader().setFlag(Flags.RA);
        answer.getHeader().setRcode(rcode);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        return answer;
    }

    private static byte[] nonsense(Message query) {
        int id = query.getHeader().getID();
        var octets = new byte[2 + NONSENSE.length];
        octets[0] = (byte) (id >> 8);
        octets[1] = (byte) id;
        System.arraycopy(NONSENSE, 0, octets, 2, NONSENSE.length);
        return octets;
    }

    private static Record recordOf(Name owner, long ttl, Answer.Data data) throws IOException {
        return switch (data) {
            case Answer.MxData(var preference, var host) ->
                new MXRecord(owner, DClass.IN, ttl, preference, nameOf(host));
            case Answer.AddressData(var address) ->
                address instanceof Inet4Address
                        ? new ARecord(owner, DClass.IN, ttl, address)
                        : new AAAARecord(owner, DClass.IN, ttl, address);
            case Answer.TextData(var text) -> new TXTRecord(owner, DClass.IN, ttl, strings(text));
            case Answer.NameData(var name) -> new PTRRecord(owner, DClass.IN, ttl, nameOf(name));
        };
    }

    /** A TXT record holds strings of at most 255 octets (RFC 1035, section 3.3). */
    private static List<String> strings(String text) {
        var octets = text.getBytes(StandardCharsets.UTF_8);
        var strings = new ArrayList<String>();
        for (int from = 0; from == 0 || from < octets.length; from += 255) {
            strings.add(escaped(Arrays.copyOfRange(octets, from, Math.min(from + 255, octets.length))));
        }
        return strings;
    }

    /** In dnsjava's text form: a backslash and three digits for what is not plain. */
    private static String escaped(byte[] octets) {
        var text = new StringBuilder();
        for (byte octet : octets) {
            int value = octet & 0xff;
            if (value < ' ' || value > '~' || value == '\\' || value == '"') {
                text.append(String.format(Locale.ROOT, "\\%03d", value));
            } else {
                text.append((char) value);
            }
        }
        return text.toString();
    }

    private static int sizeFor(Message query, Transport transport) {
        if (transport == Transport.TCP) {
            return TCP_OCTETS;
        }
        var options = query.getOPT();
        return options == null ? PLAIN_UDP_OCTETS : Math.max(PLAIN_UDP_OCTETS, options.getPayloadSize());
    }

    private static Name nameOf(String text) throws IOException {
        return text.isEmpty() ? Name.root : Name.fromString(text, Name.root);
    }

    private static String textOf(Name name) {
        return name.toString(true).toLowerCase(Locale.ROOT);
    }

    private static Optional<RecordType> typeOf(int type) {
        return switch (type) {
            case Type.MX -> Optional.of(RecordType.MX);
            case Type.A -> Optional.of(RecordType.A);
            case Type.AAAA -> Optional.of(RecordType.AAAA);
            case Type.TXT -> Optional.of(RecordType.TXT);
            case Type.PTR -> Optional.of(RecordType.PTR);
            default -> Optional.empty();
        };
    }
}
