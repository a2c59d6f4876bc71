package dev.gatepost.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A proxy on loopback that answers what each test tells it to, and writes down what it was asked. */
class Socks5DialerTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final InetSocketAddress HOST = new InetSocketAddress(InetAddress.ofLiteral("127.9.8.7"), 2525);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String DONE = "05000001000000000000";

    private final Egress egress =
            new Egress(EgressRules.parse("smtp=127.0.0.0/8,smtp=::1/128"), InstantSource.system());
    private final ServerSocket proxy = new ServerSocket(0, 5, LOOPBACK);
    private final List<String> heard = new CopyOnWriteArrayList<>();

    /** Octets to read, then octets to answer, in hex. */
    private record Step(int reads, String answer) {}

    Socks5DialerTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(LOOPBACK, proxy.getLocalPort());
    }

    private void answers(Step... steps) {
        Thread.ofVirtual().start(() -> {
            try (var socket = proxy.accept()) {
                var in = new DataInputStream(socket.getInputStream());
                for (var step : steps) {
                    var octets = new byte[step.reads()];
                    in.readFully(octets);
                    heard.add(HexFormat.of().formatHex(octets));
                    socket.getOutputStream().write(HexFormat.of().parseHex(step.answer()));
                }
                var _ = in.read(); // until the client closes
            } catch (IOException _) {
                // The client has gone.
            }
        });
    }

    private static String firstLine(Dialled dialled) throws IOException {
        assertThat(dialled).isInstanceOf(Dialled.Connected.class);
        try (Socket socket = ((Dialled.Connected) dialled).socket()) {
            return new String(socket.getInputStream().readNBytes(3), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    @Test
    void hasTheProxyConnectToTheVeryAddressAndLeavesTheHostsFirstWordsAlone() throws IOException {
        answers(new Step(3, "0500"), new Step(10, DONE + "323230")); // the greeting comes with the proxy's answer
        var dialled = Socks5Dialer.withoutLogin(egress, address()).dial(Purpose.SMTP, HOST, PATIENCE);
        assertThat(firstLine(dialled)).isEqualTo("220");
        assertThat(heard).containsExactly("050100", "050100017f09080709dd");
    }

    @Test
    void reachesIpv6HostsAndReadsTheProxysAddressOfAnyKind() throws IOException {
        answers(new Step(3, "0500"), new Step(22, "05000003026d780019323230"));
        var host = new InetSocketAddress(InetAddress.ofLiteral("::1"), 25);
        assertThat(firstLine(Socks5Dialer.withoutLogin(egress, address()).dial(Purpose.SMTP, host, PATIENCE)))
                .isEqualTo("220");
        assertThat(heard.get(1)).isEqualTo("05010004" + "0".repeat(31) + "10019");
    }

    @Test
    void logsInWhereTheProxyAsksForIt() throws IOException {
        answers(new Step(4, "0502"), new Step(8, "0100"), new Step(10, DONE + "323230"));
        var dialer = Socks5Dialer.withLogin(egress, address(), new Socks5Dialer.Login("me", "pwd"));
        assertThat(firstLine(dialer.dial(Purpose.SMTP, HOST, PATIENCE))).isEqualTo("220");
        assertThat(heard.getFirst()).isEqualTo("05020002");
        assertThat(heard.get(1)).isEqualTo("01026d6503707764");
    }

    @ParameterizedTest
    @CsvSource({
        "03, NO_ROUTE, network unreachable",
        "04, NO_ROUTE, host unreachable",
        "05, CONNECTION_REFUSED, connection refused",
        "06, TIMEOUT, TTL expired",
        "01, OTHER, general failure",
        "02, OTHER, not allowed by the proxy's rules"
    })
    void passesOnWhatTheProxySaysOfTheHost(String reply, Dialled.Cause cause, String why) {
        answers(new Step(3, "0500"), new Step(10, "05" + reply + "0001000000000000"));
        assertThat(Socks5Dialer.withoutLogin(egress, address()).dial(Purpose.SMTP, HOST, PATIENCE))
                .as(why)
                .isInstanceOfSatisfying(
                        Dialled.Unreachable.class,
                        unreachable -> assertThat(unreachable.cause()).isEqualTo(cause));
    }

    @ParameterizedTest
    @CsvSource({"0400, another version", "05ff, no acceptable login", "0502, a login that we do not have", "4854, HTTP"
    })
    void neverTakesAFailureOfTheProxyForOneOfTheHost(String choice, String why) {
        answers(new Step(3, choice));
        assertThat(Socks5Dialer.withoutLogin(egress, address()).dial(Purpose.SMTP, HOST, PATIENCE))
                .as(why)
                .isInstanceOfSatisfying(Dialled.Unreachable.class, unreachable -> {
                    assertThat(unreachable.cause()).isEqualTo(Dialled.Cause.OTHER);
                    assertThat(unreachable.detail()).contains("proxy");
                });
    }

    @Test
    void saysThatTheLoginWasRefused() {
        answers(new Step(4, "0502"), new Step(8, "0101"));
        var dialer = Socks5Dialer.withLogin(egress, address(), new Socks5Dialer.Login("me", "pwd"));
        assertThat(dialer.dial(Purpose.SMTP, HOST, PATIENCE))
                .isEqualTo(new Dialled.Unreachable(Dialled.Cause.OTHER, "SOCKS5 proxy: the proxy refuses the login"));
    }

    @Test
    void takesAClosedProxyForNoRefusalByTheHost() throws IOException {
        proxy.close();
        assertThat(Socks5Dialer.withoutLogin(egress, address()).dial(Purpose.SMTP, HOST, PATIENCE))
                .isInstanceOfSatisfying(
                        Dialled.Unreachable.class,
                        unreachable -> assertThat(unreachable.cause()).isEqualTo(Dialled.Cause.OTHER));
    }

    @Test
    void doesNotWaitForASilentProxyForEver() {
        answers(new Step(3, ""));
        assertThat(Socks5Dialer.withoutLogin(egress, address()).dial(Purpose.SMTP, HOST, Duration.ofMillis(200)))
                .isInstanceOfSatisfying(
                        Dialled.Unreachable.class,
                        unreachable -> assertThat(unreachable.cause()).isEqualTo(Dialled.Cause.TIMEOUT));
    }

    @Test
    void judgesTheHostAsIfItWereDialledDirectly() throws IOException {
        proxy.setSoTimeout(200);
        var strict = new Egress(EgressRules.strict(), InstantSource.system());
        assertThat(Socks5Dialer.withoutLogin(strict, address()).dial(Purpose.SMTP, HOST, PATIENCE))
                .isInstanceOf(Dialled.Refused.class);
        var name = InetSocketAddress.createUnresolved("mx.example", 25);
        assertThat(Socks5Dialer.withoutLogin(egress, address()).dial(Purpose.SMTP, name, PATIENCE))
                .isInstanceOf(Dialled.Refused.class);
        assertThatThrownBy(proxy::accept).isInstanceOf(java.net.SocketTimeoutException.class);
    }

    @Test
    void showsNoPasswordAndTakesNoneThatCannotBeSaid() {
        assertThat(new Socks5Dialer.Login("me", "hidden").toString()).doesNotContain("hidden");
        for (var bad : List.of("", "x".repeat(256))) {
            assertThatThrownBy(() -> new Socks5Dialer.Login("me", bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
