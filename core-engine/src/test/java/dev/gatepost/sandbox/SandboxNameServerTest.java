package dev.gatepost.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.dns.Answer.FailureCause;
import dev.gatepost.dns.RecordType;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

class SandboxNameServerTest {
    private final FakeZone zone = new FakeZone()
            .mx("customer.com", 10, "mx.customer.com")
            .alias("www.customer.com", "customer.com")
            .failing("servfail.com", FailureCause.SERVFAIL)
            .failing("refused.com", FailureCause.REFUSED)
            .failing("nonsense.com", FailureCause.MALFORMED)
            .failing("silent.com", FailureCause.TIMEOUT);
    private final SandboxNameServer server = SandboxNameServer.start(zone);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersOverBothTransportsAlike() throws IOException {
        var query = query("customer.com.", Type.MX);

        for (var answer : List.of(overUdp(query), overTcp(query))) {
            assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
            assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
            assertThat(answer.getQuestion()).isEqualTo(query.getQuestion());
        }
        assertThat(server.asked("customer.com", RecordType.MX)).isEqualTo(2);
    }

    @Test
    void saysNoAsRealServersDo() throws IOException {
        assertThat(overUdp(query("nobody.com.", Type.MX)).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(overUdp(query("customer.com.", Type.A)).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(overUdp(query("customer.com.", Type.A)).getSection(Section.AUTHORITY))
                .extracting(Record::getType)
                .containsExactly(Type.SOA);
        assertThat(overUdp(query("servfail.com.", Type.A)).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(overUdp(query("refused.com.", Type.A)).getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(overUdp(query("customer.com.", Type.SRV)).getRcode()).isEqualTo(Rcode.NOTIMP);
    }

    @Test
    void givesTheWholeChainOfAliases() throws IOException {
        assertThat(overUdp(query("WWW.customer.com.", Type.MX)).getSection(Section.ANSWER))
                .extracting(Record::getType)
                .containsExactly(Type.CNAME, Type.MX);
    }

    @Test
    void talksNonsenseWhenToldTo() {
        assertThatThrownBy(() -> overUdp(query("nonsense.com.", Type.A))).isInstanceOf(WireParseException.class);
    }

    @Test
    void isSilentWhenToldToAndForWhatIsNoQuery() throws IOException {
        try (var client = new DatagramSocket()) {
            client.setSoTimeout(300);
            send(client, query("silent.com.", Type.A).toWire());
            send(client, new byte[0]);
            send(client, new byte[] {1, 2, 3});
            var notAQuery = query("customer.com.", Type.A);
            notAQuery.getHeader().setFlag(Flags.QR);
            send(client, notAQuery.toWire());

            assertThatThrownBy(() -> receive(client)).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(overUdp(query("customer.com.", Type.MX)).getSection(Section.ANSWER))
                .hasSize(1);
    }

    @Test
    void truncatesToTheSizeTheClientTakes() throws IOException {
        for (int i = 0; i < 40; i++) {
            zone.mx("many.com", i, "mail-host-" + i + ".many.com");
        }
        var plain = query("many.com.", Type.MX);
        var roomy = query("many.com.", Type.MX);
        roomy.addRecord(new OPTRecord(4_096, 0, 0), Section.ADDITIONAL);

        assertThat(overUdp(plain).getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(overUdp(plain).numBytes()).isLessThanOrEqualTo(512);
        assertThat(overUdp(roomy).getSection(Section.ANSWER)).hasSize(40);
        assertThat(overTcp(plain).getSection(Section.ANSWER)).hasSize(40);
    }

    @Test
    void answersManyQueriesOnOneConnection() throws IOException {
        try (var client =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            for (int i = 0; i < 3; i++) {
                assertThat(ask(client, query("customer.com.", Type.MX)).getSection(Section.ANSWER))
                        .hasSize(1);
            }
        }
    }

    @Test
    void listensWhereToldAndSaysWhenItCannot() {
        assertThatThrownBy(() -> SandboxNameServer.start(zone, server.address()))
                .isInstanceOf(UncheckedIOException.class);
        server.close();
        try (var again = SandboxNameServer.start(zone, server.address())) {
            assertThat(again.address()).isEqualTo(server.address());
        }
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private Message overUdp(Message query) throws IOException {
        try (var client = new DatagramSocket()) {
            client.setSoTimeout(5_000);
            send(client, query.toWire());
            return new Message(receive(client));
        }
    }

    private Message overTcp(Message query) throws IOException {
        try (var client =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            return ask(client, query);
        }
    }

    private static Message ask(Socket client, Message query) throws IOException {
        client.setSoTimeout(5_000);
        var octets = query.toWire();
        client.getOutputStream().write(new byte[] {(byte) (octets.length >> 8), (byte) octets.length});
        client.getOutputStream().write(octets);
        var in = new DataInputStream(client.getInputStream());
        var answer = new byte[in.readUnsignedShort()];
        in.readFully(answer);
        return new Message(answer);
    }

    private void send(DatagramSocket client, byte[] octets) throws IOException {
        client.send(new DatagramPacket(octets, octets.length, server.address()));
    }

    private static byte[] receive(DatagramSocket client) throws IOException {
        var packet = new DatagramPacket(new byte[4_096], 4_096);
        client.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }
}
