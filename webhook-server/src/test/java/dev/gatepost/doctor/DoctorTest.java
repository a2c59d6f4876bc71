package dev.gatepost.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.cli.Cli;
import dev.gatepost.cli.Terminal;
import dev.gatepost.dns.DnsjavaResolver;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.SandboxNameServer;
import dev.gatepost.sandbox.ScriptedMailHost;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gatepost doctor} in a lab: a name server and a mail host on loopback, real sockets. */
class DoctorTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    private Path data;

    private final ScriptedMailHost host = ScriptedMailHost.start(script("lab ready at " + date()));
    private final FakeZone zone = new FakeZone()
            .mx("lab.com", 10, "mx.lab.com")
            .address("mx.lab.com", "127.0.0.1")
            .address("gate.firm.com", "127.0.0.1")
            .pointer("1.0.0.127.in-addr.arpa", "gate.firm.com")
            .mx("firm.com", 10, "mx.lab.com")
            .text("firm.com", "v=spf1 a:gate.firm.com -all");
    private final SandboxNameServer names = SandboxNameServer.start(zone);
    private final Map<String, String> environment = new HashMap<>();

    private record Ran(int exit, String out) {}

    @BeforeEach
    void configure() {
        environment.putAll(Map.of(
                "GATEPOST_DATA",
                data.toString(),
                "GATEPOST_PUBLIC_URL",
                "https://verify.firm.com",
                "GATEPOST_DNS_SERVERS",
                "127.0.0.1:" + names.address().getPort(),
                "GATEPOST_EGRESS_ALLOW",
                "smtp=127.0.0.0/8:" + host.port(),
                "GATEPOST_SMTP_PORT",
                Integer.toString(host.port()),
                "GATEPOST_SMTP_HELO",
                "gate.firm.com",
                "GATEPOST_SMTP_MAIL_FROM",
                "probe@firm.com"));
    }

    @AfterEach
    void stop() {
        names.close();
        host.close();
    }

    @Test
    void findsNothingToMendWhereAllIsWell() throws Exception {
        var ran = doctor("--json");

        var json = new JsonMapper().readTree(ran.out());
        var mend = new ArrayList<String>();
        json.path("findings").forEach(finding -> {
            if (finding.path("state").asText().equals("mend")) {
                mend.add(finding.toString());
            }
        });
        assertThat(mend).isEmpty();
        assertThat(json.path("fine").asBoolean()).isTrue();
        assertThat(ran.exit()).isZero();
        var unsure = new ArrayList<String>();
        json.path("findings").forEach(finding -> {
            if (finding.path("state").asText().equals("unsure")) {
                unsure.add(finding.path("check").asText());
            }
        });
        assertThat(unsure).containsExactly("IPv6", "store");
        assertThat(json.path("findings").findValuesAsText("check"))
                .contains(
                        "data folder",
                        "public URL",
                        "lists",
                        "name server",
                        "resolver",
                        "port " + host.port(),
                        "IPv6",
                        "clock",
                        "our address",
                        "HELO",
                        "PTR",
                        "SPF",
                        "MAIL FROM");
    }

    @Test
    void saysHelloAndNothingMore() {
        doctor();
        assertThat(host.commands()).contains("EHLO gate.firm.com").allMatch(line -> line.matches("(EHLO|QUIT).*"));
    }

    @Test
    void saysWhatToMendAndEndsWithOne() {
        environment.put("GATEPOST_SMTP_HELO", "other.firm.com");
        environment.remove("GATEPOST_PUBLIC_URL");

        var ran = doctor();

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out())
                .contains("mend    public URL   none is set")
                .contains("mend    HELO         other.firm.com leads nowhere")
                .contains("mend    PTR          PTR of 127.0.0.1 is gate.firm.com, not other.firm.com")
                .contains("                     to do: ");
    }

    @Test
    void saysWhatIsMissingWhereNoIdentityIsSet() {
        environment.remove("GATEPOST_SMTP_HELO");

        var ran = doctor();

        assertThat(ran.out())
                .contains("set GATEPOST_SMTP_HELO and GATEPOST_SMTP_MAIL_FROM")
                .contains("fine    port ");
        assertThat(host.commands()).noneMatch(line -> line.startsWith("EHLO"));
    }

    @Test
    void readsTheClockOfAHostThatNamesTheTime() {
        var old = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                InstantSource.system().instant().minusSeconds(3_600).atOffset(ZoneOffset.ofHours(2)));
        host.follow(script("lab ready at " + old));

        assertThat(doctor().out()).containsPattern("mend    clock +36\\d\\d s ahead of what mx.lab.com says");
    }

    @Test
    void aClosedPortIsBlocked() {
        host.close();
        assertThat(doctor().out()).contains("blocked by your network: the connection to mx.lab.com is refused");
    }

    @Test
    void ourOwnRulesAreNamedWhenTheyForbidTheCall() {
        environment.put("GATEPOST_EGRESS_ALLOW", "smtp=127.0.0.9/32:" + host.port());
        assertThat(doctor().out()).contains("unsure  port " + host.port()).contains("none of the public internet");
    }

    @Test
    void whatIsNoDomainIsRefused() {
        assertThat(doctor("--via", "no domain").exit()).isEqualTo(2);
    }

    @Test
    void aDomainWithoutMailHostIsNoReasonToAccuseThePort() {
        assertThat(doctor("--via", "nowhere.com").out())
                .contains("unsure  port " + host.port())
                .contains("it has no mail host");
    }

    @Test
    void aHostThatCannotBeReachedOverIpv6IsNoFault() {
        zone.address("mx.lab.com", "::1");
        assertThat(doctor().out()).contains("fine    IPv6         not used: ");
    }

    @Test
    void namesANameServerThatDoesNotAnswerAndOneWithoutTcp() throws Exception {
        try (var relay = new DatagramRelay(names.address())) {
            assertThat(server(relay.address()).finding().says()).contains("answers by UDP but not by TCP");
        }
        assertThat(server(names.address()).finding().state()).isEqualTo(Finding.State.FINE);
        names.close();
        assertThat(server(names.address()).finding().says()).contains("does not answer");
    }

    private static NameServerCheck server(InetSocketAddress address) {
        var egress = new Egress(EgressRules.strict().withNameServers(List.of(address)), InstantSource.system());
        var resolver = new DnsjavaResolver(egress, List.of(address), InstantSource.system(), new Random(7));
        return new NameServerCheck("server", resolver, "lab.com");
    }

    /** Passes datagrams on, and takes no connections. */
    private static final class DatagramRelay implements AutoCloseable {
        private final DatagramSocket outside = new DatagramSocket(0, LOOPBACK);

        DatagramRelay(InetSocketAddress server) throws IOException {
            Thread.ofVirtual().start(() -> {
                try (var inside = new DatagramSocket()) {
                    while (true) {
                        var question = new DatagramPacket(new byte[2_048], 2_048);
                        outside.receive(question);
                        inside.send(new DatagramPacket(question.getData(), question.getLength(), server));
                        var answer = new DatagramPacket(new byte[2_048], 2_048);
                        inside.receive(answer);
                        outside.send(
                                new DatagramPacket(answer.getData(), answer.getLength(), question.getSocketAddress()));
                    }
                } catch (IOException _) {
                    // closed
                }
            });
        }

        InetSocketAddress address() {
            return new InetSocketAddress(LOOPBACK, outside.getLocalPort());
        }

        @Override
        public void close() {
            outside.close();
        }
    }

    private static MailScript script(String greeting) {
        return MailScript.knowing("jane").greeting("220 mx.lab.com " + greeting);
    }

    private static String date() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                InstantSource.system().instant().atOffset(ZoneOffset.UTC));
    }

    private Ran doctor(String... more) {
        var out = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
                environment,
                Terminal.Audience.PROGRAM);
        var arguments = new ArrayList<>(List.of("doctor"));
        if (!List.of(more).contains("--via")) {
            arguments.addAll(List.of("--via", "lab.com"));
        }
        arguments.addAll(List.of(more));
        var exit = new Cli(terminal, InstantSource.system(), new SecureRandom()).run(arguments.toArray(String[]::new));
        return new Ran(exit, out.toString(UTF_8));
    }
}
