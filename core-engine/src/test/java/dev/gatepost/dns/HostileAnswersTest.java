package dev.gatepost.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.dns.Answer.FailureCause;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** T4: name servers that lie, stammer or send bombs. Every one ends in bounded time as a failure, never as a "no". */
@Timeout(20)
class HostileAnswersTest {
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.1.1");

    @Test
    void takesNoAnswerWithAnotherId() throws IOException {
        assertFails(FailureCause.MALFORMED, query -> {
            var answer = good(query);
            answer.getHeader().setID(query.getHeader().getID() ^ 1);
            return answer.toWire();
        });
    }

    @Test
    void takesTheTrueAnswerAfterGuessedOnes() throws IOException {
        try (var server = HostileNameServer.byDatagram(query -> {
            var forged = HostileNameServer.answer(query, Rcode.NXDOMAIN);
            forged.getHeader().setID(query.getHeader().getID() ^ 0x5555);
            return List.of(
                    forged.toWire(), new byte[0], new byte[] {1}, good(query).toWire());
        })) {
            assertThat(ask(server)).isInstanceOf(Answer.Found.class);
        }
    }

    @Test
    void takesNoAnswerToAnotherQuestion() throws IOException {
        assertFails(FailureCause.MALFORMED, query -> {
            var answer = new Message(query.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.addRecord(Record.newRecord(name("other.com."), Type.A, DClass.IN), Section.QUESTION);
            answer.addRecord(new ARecord(name("customer.com."), DClass.IN, 300, ADDRESS), Section.ANSWER);
            return answer.toWire();
        });
    }

    @Test
    void takesNoAnswerWithoutAQuestion() throws IOException {
        assertFails(FailureCause.MALFORMED, query -> {
            var answer = new Message(query.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
            return answer.toWire();
        });
    }

    @Test
    void takesNoQueryForAnAnswer() throws IOException {
        assertFails(FailureCause.MALFORMED, Message::toWire);
    }

    @Test
    void takesNoRecordsOfAnotherName() throws IOException {
        try (var server = HostileNameServer.byDatagram(query -> {
            var answer = HostileNameServer.answer(query);
            answer.addRecord(new ARecord(name("other.com."), DClass.IN, 300, ADDRESS), Section.ANSWER);
            return List.of(answer.toWire());
        })) {
            assertThat(ask(server)).isInstanceOf(Answer.NoData.class);
        }
    }

    @Test
    void survivesACompressionPointerThatPointsAtItself() throws IOException {
        assertFails(FailureCause.MALFORMED, query -> {
            var octets = good(query).toWire();
            octets[12] = (byte) 0xc0;
            octets[13] = 12;
            return octets;
        });
    }

    @Test
    void survivesPointersThatPointAtEachOther() throws IOException {
        assertFails(FailureCause.MALFORMED, query -> {
            var octets = good(query).toWire();
            octets[12] = (byte) 0xc0;
            octets[13] = 14;
            octets[14] = (byte) 0xc0;
            octets[15] = 12;
            return octets;
        });
    }

    @Test
    void survivesAnAnswerCutInTheMiddleAtEveryOctet() throws IOException {
        var query = Message.newQuery(Record.newRecord(name("customer.com."), Type.A, DClass.IN));
        var octets = good(query).toWire();
        var question = Question.of("customer.com", RecordType.A);
        for (int length = 0; length < octets.length; length++) {
            assertThat(DnsMessages.read(
                            Arrays.copyOf(octets, length),
                            question,
                            query.getHeader().getID()))
                    .as("cut to %d octets", length)
                    .isEqualTo(new Reading.Complete(new Answer.Failed(FailureCause.MALFORMED)));
        }
    }

    @Test
    void survivesAHeaderThatPromisesRecordsWithoutEnd() throws IOException {
        assertFails(FailureCause.MALFORMED, query -> {
            var octets = good(query).toWire();
            octets[6] = (byte) 0xff;
            octets[7] = (byte) 0xff;
            return octets;
        });
    }

    @Test
    void endsALoopOfAliases() throws IOException {
        assertFails(FailureCause.MALFORMED, query -> {
            var answer = HostileNameServer.answer(query);
            answer.addRecord(alias("customer.com.", "a.com."), Section.ANSWER);
            answer.addRecord(alias("a.com.", "customer.com."), Section.ANSWER);
            return answer.toWire();
        });
    }

    @Test
    void endsALoopOfAliasesOverManyAnswers() throws IOException {
        try (var server = HostileNameServer.byDatagram(query -> {
            var answer = HostileNameServer.answer(query);
            var asked = query.getQuestion().getName();
            answer.addRecord(
                    new CNAMERecord(asked, DClass.IN, 300, Name.concatenate(name("x"), asked)), Section.ANSWER);
            return List.of(answer.toWire());
        })) {
            assertThat(ask(server)).isEqualTo(new Answer.Failed(FailureCause.MALFORMED));
            assertThat(server.datagramQueries).hasValueLessThanOrEqualTo(9);
        }
    }

    @Test
    void followsAnAliasThatTheServerLeftToUs() throws IOException {
        try (var server = HostileNameServer.byDatagram(query -> {
            var answer = HostileNameServer.answer(query);
            var asked = query.getQuestion().getName();
            answer.addRecord(
                    asked.equals(name("customer.com."))
                            ? alias("customer.com.", "real.com.")
                            : new ARecord(asked, DClass.IN, 300, ADDRESS),
                    Section.ANSWER);
            return List.of(answer.toWire());
        })) {
            assertThat(ask(server))
                    .isInstanceOfSatisfying(
                            Answer.Found.class,
                            found -> assertThat(found.viaCname()).isTrue());
        }
    }

    @Test
    void takesAReferralForARefusalAndNotForANo() throws IOException {
        assertFails(FailureCause.REFUSED, query -> {
            var answer = HostileNameServer.answer(query);
            answer.addRecord(new NSRecord(name("com."), DClass.IN, 300, name("a.gtld.net.")), Section.AUTHORITY);
            return answer.toWire();
        });
    }

    @Test
    void takesAnUnknownCodeForAFailure() throws IOException {
        assertFails(
                FailureCause.MALFORMED,
                query -> HostileNameServer.answer(query, Rcode.NOTIMP).toWire());
        assertFails(
                FailureCause.MALFORMED,
                query -> HostileNameServer.answer(query, Rcode.FORMERR).toWire());
    }

    @Test
    void readsAnAnswerOf64KilobytesOverTcpButKeepsFewRecords() throws IOException {
        try (var server = truncating((query, client) -> {
            var answer = HostileNameServer.answer(query);
            for (int i = 0; i < 4_000; i++) {
                var address = InetAddress.getByAddress(new byte[] {(byte) 192, 1, (byte) (i >> 8), (byte) i});
                answer.addRecord(new ARecord(query.getQuestion().getName(), DClass.IN, 300, address), Section.ANSWER);
            }
            write(client, answer.toWire(65_535), 65_535);
        })) {
            assertThat(ask(server))
                    .isInstanceOf(Answer.class)
                    .satisfiesAnyOf(
                            answer -> assertThat(answer).isEqualTo(new Answer.Failed(FailureCause.MALFORMED)),
                            answer -> assertThat(((Answer.Found) answer).records())
                                    .hasSizeLessThanOrEqualTo(64));
        }
    }

    @Test
    void readsOneTextOf60KilobytesOverTcp() throws IOException {
        try (var server = truncating((query, client) -> {
            var answer = HostileNameServer.answer(query);
            answer.addRecord(
                    new TXTRecord(
                            query.getQuestion().getName(), DClass.IN, 300, Collections.nCopies(235, "x".repeat(255))),
                    Section.ANSWER);
            var octets = answer.toWire();
            write(client, octets, octets.length);
        })) {
            assertThat(resolver(server).ask("customer.com", RecordType.TXT)).isInstanceOf(Answer.Found.class);
        }
    }

    @Test
    void doesNotAskForEverWhenTcpIsTruncatedToo() throws IOException {
        try (var server = truncating((query, client) -> {
            var octets = truncated(query);
            write(client, octets, octets.length);
        })) {
            assertThat(ask(server)).isEqualTo(new Answer.Failed(FailureCause.MALFORMED));
            assertThat(server.streamQueries).hasValue(1);
        }
    }

    @Test
    void takesAHalfAnswerOverTcpForMalformed() throws IOException {
        try (var server =
                truncating((query, client) -> write(client, good(query).toWire(), 9_999))) {
            assertThat(ask(server)).isEqualTo(new Answer.Failed(FailureCause.MALFORMED));
        }
    }

    @Test
    void waitsNotLongerForAnAnswerThatComesOctetByOctet() throws IOException {
        try (var drip = Executors.newSingleThreadScheduledExecutor();
                var server = truncating((_, client) -> {
                    var out = client.getOutputStream();
                    out.write(new byte[] {0x7f, 0x7f});
                    var drops = drip.scheduleAtFixedRate(() -> drop(out), 0, 100, TimeUnit.MILLISECONDS);
                    assertThatThrownBy(drops::get).isInstanceOf(ExecutionException.class); // until hung up on
                })) {
            var started = System.nanoTime();
            assertThat(ask(server)).isEqualTo(new Answer.Failed(FailureCause.TIMEOUT));
            assertThat(System.nanoTime() - started)
                    .isLessThan(NameServer.TRY_TIMEOUT.multipliedBy(5).toNanos());
        }
    }

    @Test
    void saysUnreachableWhenTcpIsClosedThoughTheAnswerIsTruncated() throws IOException {
        try (var server = truncating((_, client) -> client.setSoLinger(true, 0))) {
            assertThat(ask(server))
                    .isIn(new Answer.Failed(FailureCause.UNREACHABLE), new Answer.Failed(FailureCause.MALFORMED));
        }
    }

    @Test
    void neverThrowsForRandomlyDamagedAnswers() throws IOException {
        var seed = 20_260_801L;
        var random = new Random(seed);
        var query = Message.newQuery(Record.newRecord(name("customer.com."), Type.A, DClass.IN));
        var whole = HostileNameServer.answer(query);
        whole.addRecord(alias("customer.com.", "a.b.c.com."), Section.ANSWER);
        whole.addRecord(new ARecord(name("a.b.c.com."), DClass.IN, 300, ADDRESS), Section.ANSWER);
        var question = Question.of("customer.com", RecordType.A);
        int id = query.getHeader().getID();
        int understood = 0;
        for (int i = 0; i < 50_000; i++) {
            var octets = whole.toWire();
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                octets[2 + random.nextInt(octets.length - 2)] = (byte) random.nextInt(256);
            }
            var reading = DnsMessages.read(octets, question, id);
            assertThat(reading).as("seed %d, round %d", seed, i).isNotNull();
            understood += reading instanceof Reading.Complete(Answer.Found _) ? 1 : 0;
        }
        assertThat(understood)
                .as("damage that does no harm, so the reader is reached")
                .isGreaterThan(100);
    }

    private static void drop(OutputStream out) {
        try {
            out.write(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Octets {
        byte[] to(Message query) throws IOException;
    }

    private static void assertFails(FailureCause cause, Octets answer) throws IOException {
        try (var server = HostileNameServer.byDatagram(query -> List.of(answer.to(query)))) {
            assertThat(ask(server)).isEqualTo(new Answer.Failed(cause));
        }
    }

    private static HostileNameServer truncating(HostileNameServer.Stream stream) throws IOException {
        return new HostileNameServer(query -> List.of(truncated(query)), stream);
    }

    private static byte[] truncated(Message query) {
        var answer = HostileNameServer.answer(query);
        answer.getHeader().setFlag(Flags.TC);
        return answer.toWire();
    }

    private static Message good(Message query) {
        var answer = HostileNameServer.answer(query);
        answer.addRecord(new ARecord(query.getQuestion().getName(), DClass.IN, 300, ADDRESS), Section.ANSWER);
        return answer;
    }

    private static CNAMERecord alias(String from, String to) throws IOException {
        return new CNAMERecord(name(from), DClass.IN, 300, name(to));
    }

    private static Name name(String text) throws IOException {
        return Name.fromString(text);
    }

    private static void write(Socket client, byte[] octets, int claimed) throws IOException {
        var out = client.getOutputStream();
        out.write(new byte[] {(byte) (claimed >> 8), (byte) claimed});
        out.write(octets);
    }

    private static Answer ask(HostileNameServer server) {
        return resolver(server).ask("customer.com", RecordType.A);
    }

    private static DnsjavaResolver resolver(HostileNameServer server) {
        var servers = List.of(server.address());
        var egress = new Egress(EgressRules.strict().withNameServers(servers), InstantSource.system());
        return new DnsjavaResolver(egress, servers, InstantSource.system(), new SecureRandom());
    }
}
