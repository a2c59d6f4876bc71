package dev.gatepost.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EgressTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Egress LAB = egress(EgressRules.parse("smtp=127.0.0.0/8,dns=127.0.0.0/8"));

    @Test
    void connectsToAnOpenedAddressWithBoundsSet() throws IOException {
        try (var host = new ServerSocket(0, 1, LOOPBACK)) {
            var dialled = LAB.dial(Purpose.SMTP, new InetSocketAddress(LOOPBACK, host.getLocalPort()), PATIENCE);

            assertThat(dialled).isInstanceOfSatisfying(Dialled.Connected.class, connected -> {
                try (var socket = connected.socket()) {
                    assertThat(socket.getTcpNoDelay()).isTrue();
                    assertThat(socket.getSoTimeout()).isPositive();
                    assertThat(socket.getPort()).isEqualTo(host.getLocalPort());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    void sendsNoPacketToARefusedDestination() throws IOException {
        try (var host = new ServerSocket(0, 1, LOOPBACK)) {
            host.setSoTimeout(200);
            var target = new InetSocketAddress(LOOPBACK, host.getLocalPort());

            assertThat(egress(EgressRules.strict()).dial(Purpose.SMTP, target, PATIENCE))
                    .isInstanceOf(Dialled.Refused.class);
            assertThat(accepted(host)).isFalse();
        }
    }

    @Test
    void refusesAnOpenedPurposesAddressForAnotherPurpose() throws IOException {
        try (var host = new ServerSocket(0, 1, LOOPBACK)) {
            var target = new InetSocketAddress(LOOPBACK, host.getLocalPort());

            assertThat(LAB.dial(Purpose.HOOK, target, PATIENCE)).isInstanceOf(Dialled.Refused.class);
        }
    }

    @Test
    void neverResolvesAName() {
        assertThat(LAB.dial(Purpose.SMTP, InetSocketAddress.createUnresolved("localhost", 25), PATIENCE))
                .isInstanceOf(Dialled.Refused.class);
    }

    @Test
    void saysThatAClosedPortRefusedTheConnection() throws IOException {
        var target = new InetSocketAddress(LOOPBACK, closedPort());

        assertThat(LAB.dial(Purpose.SMTP, target, PATIENCE))
                .isInstanceOfSatisfying(
                        Dialled.Unreachable.class,
                        unreachable -> assertThat(unreachable.cause()).isEqualTo(Dialled.Cause.CONNECTION_REFUSED));
    }

    @Test
    void saysThatASilentHostTimedOut() throws IOException {
        // A full backlog drops further handshakes, as a filtered port does.
        try (var host = new ServerSocket(0, 1, LOOPBACK)) {
            var target = new InetSocketAddress(LOOPBACK, host.getLocalPort());
            var held = new ArrayList<Dialled>();
            Dialled last;
            do {
                last = LAB.dial(Purpose.SMTP, target, Duration.ofMillis(200));
                held.add(last);
            } while (last instanceof Dialled.Connected && held.size() < 20);

            assertThat(last)
                    .isInstanceOfSatisfying(
                            Dialled.Unreachable.class,
                            unreachable -> assertThat(unreachable.cause()).isEqualTo(Dialled.Cause.TIMEOUT));
            for (var dialled : held) {
                if (dialled instanceof Dialled.Connected(var socket)) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void refusesThisMachinesOwnAddressButHoldsItAgainstNoDomain() {
        var mine = InetAddress.ofLiteral("192.0.1.7");
        var egress = new Egress(EgressRules.strict(), mine::equals);

        assertThat(egress.allows(Purpose.SMTP, mine, 25)).isFalse();
        assertThat(egress.allows(Purpose.SMTP, InetAddress.ofLiteral("192.0.1.8"), 25))
                .isTrue();
        assertThat(egress.routable(mine)).isTrue();
    }

    @Test
    void dialsThisMachinesOwnAddressWhenTheOperatorNamesIt() {
        var mine = InetAddress.ofLiteral("192.0.1.7");
        var egress = new Egress(EgressRules.parse("smtp=192.0.1.7"), mine::equals);

        assertThat(egress.allows(Purpose.SMTP, mine, 25)).isTrue();
    }

    @Test
    void knowsTheAddressesOfItsInterfaces() {
        var own = new OwnAddresses(InstantSource.system());

        assertThat(own.test(LOOPBACK)).isTrue();
        assertThat(own.test(InetAddress.ofLiteral("192.0.1.7"))).isFalse();
    }

    @Test
    void callsPrivateAddressesUnroutableUnlessOpened() {
        assertThat(egress(EgressRules.strict()).routable(InetAddress.ofLiteral("10.0.0.1")))
                .isFalse();
        assertThat(egress(EgressRules.strict()).routable(InetAddress.ofLiteral("192.0.1.1")))
                .isTrue();
        assertThat(LAB.routable(LOOPBACK)).isTrue();
        assertThat(egress(EgressRules.parse("smtp=127.0.0.0/8:2525")).routable(LOOPBACK))
                .isTrue();
        assertThat(egress(EgressRules.parse("hook=127.0.0.0/8")).routable(LOOPBACK))
                .isFalse();
    }

    @Test
    void waitsForTheAcceptableDatagramAmongOthers() throws IOException {
        try (var server = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            answer(server, List.of("stray", "answer"));

            assertThat(ask(server.getLocalPort(), PATIENCE)).isEqualTo("answer");
        }
    }

    @Test
    void givesUpAfterTooManyStrayDatagrams() throws IOException {
        try (var server = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            answer(server, Collections.nCopies(40, "stray"));

            assertThat(ask(server.getLocalPort(), PATIENCE)).isEqualTo("TIMEOUT");
        }
    }

    @Test
    void hearsNoDatagramFromAnotherSource() throws IOException {
        try (var server = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
                var stranger = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            Thread.ofVirtual().start(() -> {
                try {
                    var asked = receive(server);
                    stranger.send(packet("answer", asked));
                    server.send(packet("answer of the one asked", asked));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            assertThat(ask(server.getLocalPort(), PATIENCE)).isEqualTo("answer of the one asked");
        }
    }

    @Test
    void timesOutWhenNoDatagramComes() throws IOException {
        try (var server = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            assertThat(ask(server.getLocalPort(), Duration.ofMillis(100))).isEqualTo("TIMEOUT");
        }
    }

    @Test
    void learnsAtOnceThatNobodyListens() throws IOException {
        assertThat(ask(closedPort(), Duration.ofSeconds(30))).isEqualTo("CONNECTION_REFUSED");
    }

    @Test
    void sendsNoDatagramToAServerThatIsNotConfigured() throws IOException {
        try (var server = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            server.setSoTimeout(200);
            var exchanged = egress(EgressRules.strict())
                    .exchange((InetSocketAddress) server.getLocalSocketAddress(), new byte[] {1}, PATIENCE, _ -> true);

            assertThat(exchanged).isInstanceOf(Exchanged.Refused.class);
            assertThatThrownBy(() -> receive(server)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static Egress egress(EgressRules rules) {
        return new Egress(rules, _ -> false);
    }

    private static String ask(int port, Duration timeout) {
        var exchanged = LAB.exchange(
                new InetSocketAddress(LOOPBACK, port),
                "question".getBytes(StandardCharsets.UTF_8),
                timeout,
                octets -> new String(octets, StandardCharsets.UTF_8).startsWith("answer"));
        return switch (exchanged) {
            case Exchanged.Received received -> new String(received.message(), StandardCharsets.UTF_8);
            case Exchanged.Unanswered(var cause) -> cause.name();
            case Exchanged.Refused(var why) -> why;
        };
    }

    private static void answer(DatagramSocket server, List<String> texts) {
        Thread.ofVirtual().start(() -> {
            try {
                var asked = receive(server);
                for (var text : texts) {
                    server.send(packet(text, asked));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static DatagramPacket receive(DatagramSocket server) throws IOException {
        var packet = new DatagramPacket(new byte[100], 100);
        server.receive(packet);
        return packet;
    }

    private static DatagramPacket packet(String text, DatagramPacket asked) {
        var octets = text.getBytes(StandardCharsets.UTF_8);
        return new DatagramPacket(octets, octets.length, asked.getSocketAddress());
    }

    private static boolean accepted(ServerSocket host) throws IOException {
        try (var _ = host.accept()) {
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static int closedPort() throws IOException {
        try (var host = new ServerSocket(0, 1, LOOPBACK)) {
            return host.getLocalPort();
        }
    }
}
