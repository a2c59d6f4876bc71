package dev.gatepost.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.dns.MailHost;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that behave until some command, and then do not: bounded time, few connections, no false word of a mailbox. */
@DisplayName("T4, M7: hosts that turn hostile in the middle of the dialogue")
final class HostileDialogueTest {
    /** Total of the short time-outs and some room for a loaded machine. */
    private static final Duration BOUND = ProbeBench.SHORT.total().plusSeconds(4);

    private static final String GREETING = "220 mx.one.com ESMTP\r\n";

    private static final String HELLO = "250-mx.one.com\r\n250 PIPELINING\r\n";

    /** Stands for: closes the connection. */
    private static final String CLOSE = "close";

    private ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> commands = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** Asks a host that greets so, and answers each command by its first four letters; "" means silence. */
    private Outcome ask(String greeting, Map<String, String> replies) {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket, greeting, replies));
                } catch (IOException _) {
                    return;
                }
            }
        });
        long begin = System.nanoTime();
        var clock = InstantSource.system();
        try (var probe =
                new SmtpProbe(new LoopbackDialer(), ProbeBench.IDENTITY, server.getLocalPort(), clock, new Random(7))) {
            var hosts = List.of(new MailHost("mx.one.com", 1, List.of(server.getInetAddress())));
            var outcome = probe.probe(ProbeBench.address("jane"), hosts, ProbeBench.SHORT)
                    .outcome();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
            assertThat(connections.get()).isBetween(1, 4);
            return outcome;
        }
    }

    private void serve(Socket socket, String greeting, Map<String, String> replies) {
        try (socket) {
            var out = socket.getOutputStream();
            out.write(greeting.getBytes(ISO_8859_1));
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                var reply = replies.getOrDefault(line.substring(0, Math.min(4, line.length())), "");
                if (reply.equals(CLOSE)) {
                    return;
                }
                out.write(reply.getBytes(ISO_8859_1));
            }
        } catch (IOException _) {
            // The client has had enough.
        }
    }

    private static NoAnswer no(Trouble trouble) {
        return new NoAnswer("mx.one.com", trouble);
    }

    @Test
    void takesNoReplyThatCameBeforeItsCommand() {
        var all = GREETING + "250-mx.one.com\r\n250 8BITMIME\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.1.5 Ok\r\n";
        assertThat(ask(all, Map.of())).isEqualTo(no(Trouble.PROTOCOL));
    }

    @Test
    void takesNoSecondReplyToEhloForTheReplyToMail() {
        var twice = "250-mx.one.com\r\n250 8BITMIME\r\n";
        var outcome = ask(
                GREETING, Map.of("EHLO", twice + twice, "MAIL", "250 2.1.0 Ok\r\n", "RCPT", "550 5.1.1 Unknown\r\n"));
        assertThat(outcome).isEqualTo(no(Trouble.PROTOCOL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL"})
    void endsWhereItSaysGoodByeInTheMiddle(String command) {
        var bye = "421 4.3.2 Shutting down\r\n";
        var replies = command.equals("EHLO")
                ? Map.of("EHLO", bye)
                : Map.of("EHLO", HELLO, "MAIL", bye, "RCPT", "550 5.1.1 Unknown\r\n");
        assertThat(ask(GREETING, replies))
                .isInstanceOfSatisfying(
                        SenderRefused.class,
                        refused -> assertThat(refused.reply().code()).isEqualTo(421));
    }

    @Test
    void saysNothingOfAMailboxWhereItSaysGoodByeInsteadOfAnsweringForIt() {
        var outcome =
                ask(GREETING, Map.of("EHLO", HELLO, "MAIL", "250 2.1.0 Ok\r\n", "RCPT", "421 4.3.2 Shutting down\r\n"));
        if (outcome instanceof Answered answered) {
            assertThat(answered.meaning())
                    .isNotIn(ReplyMeaning.ACCEPT, ReplyMeaning.MAILBOX_NOT_FOUND, ReplyMeaning.DISABLED);
        }
    }

    @Test
    void takesRepliesInTheWrongOrderForNoWordAboutTheMailbox() {
        var outcome = ask(
                GREETING,
                Map.of("EHLO", HELLO, "MAIL", "550 5.1.1 <jane> User unknown\r\n", "RCPT", "250 2.1.0 Sender ok\r\n"));
        assertThat(outcome).isNotInstanceOf(Answered.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL"})
    void endsOnAHostThatClosesAtEachCommand(String command) {
        var replies = command.equals("EHLO") ? Map.of("EHLO", CLOSE) : Map.of("EHLO", HELLO, "MAIL", CLOSE);
        assertThat(ask(GREETING, replies)).isInstanceOf(NoAnswer.class);
    }

    @Test
    void endsOnAReplyOfTenThousandLines() {
        var hello = "250-X-ANOTHER\r\n".repeat(10_000) + "250 PIPELINING\r\n";
        assertThat(ask(GREETING, Map.of("EHLO", hello))).isEqualTo(no(Trouble.PROTOCOL));
    }

    @Test
    void endsOnALineOfAMegabyte() {
        var hello = "250 " + "x".repeat(1_000_000) + "\r\n";
        assertThat(ask(GREETING, Map.of("EHLO", hello))).isEqualTo(no(Trouble.PROTOCOL));
    }

    @Test
    void endsOnBinaryGarbage() {
        var octets = new byte[100_000];
        new Random(7).nextBytes(octets);
        var garbage = "\u0000" + new String(octets, ISO_8859_1);
        assertThat(ask(garbage, Map.of())).isEqualTo(no(Trouble.PROTOCOL));
        assertThat(ask(GREETING, Map.of("EHLO", garbage))).isEqualTo(no(Trouble.PROTOCOL));
    }

    @Test
    void keepsNoNulOctetOfAReply() {
        var outcome = ask(
                GREETING,
                Map.of("EHLO", HELLO, "MAIL", "250 Ok\r\n", "RCPT", "550 5.1.1 User\u0000 unknown\u0000\r\n"));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.reply().text()).doesNotContain("\u0000"));
    }

    @Test
    void endsOnATlsHandshakeThatStalls() {
        var offers = List.of(
                "mx.one.com",
                "PIPELINING",
                "STARTTLS",
                "AUTH LOGIN PLAIN",
                "AUTH=LOGIN",
                "CHUNKING",
                "BINARYMIME",
                "SMTPUTF8",
                "VRFY",
                "EXPN",
                "ETRN",
                "TURN",
                "XCLIENT NAME ADDR",
                "XFORWARD NAME",
                "SIZE 99999999999999999999",
                "REQUIRETLS",
                "DELIVERBY",
                "MT-PRIORITY",
                "LIMITS RCPTMAX=-1",
                "");
        var hello = "250-" + String.join("\r\n250-", offers) + "\r\n250 HELP\r\n";
        var outcome = ask(GREETING, Map.of("EHLO", hello, "MAIL", "250 Ok\r\n", "RCPT", "550 5.1.1 Unknown\r\n"));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.meaning()).isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND));
        assertThat(commands).extracting(line -> line.substring(0, 4)).isSubsetOf("EHLO", "MAIL", "RCPT", "QUIT");
    }
}
