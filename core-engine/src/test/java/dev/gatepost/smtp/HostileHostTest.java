package dev.gatepost.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.dns.MailHost;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.MailScript.Quirk;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts that lie, babble, drip and hang up end in bounded time, and never as a refusal of the recipient. */
@DisplayName("T4, M7: hostile hosts")
final class HostileHostTest {
    /** Total of the short time-outs and some room for a loaded machine. */
    private static final Duration BOUND = ProbeBench.SHORT.total().plusSeconds(4);

    private static Trouble trouble(MailScript script) {
        try (var bench = new ProbeBench(script)) {
            long begin = System.nanoTime();
            var outcome = bench.ask("jane", ProbeBench.SHORT);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
            assertThat(outcome).isInstanceOf(NoAnswer.class);
            return ((NoAnswer) outcome).trouble();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DROPS_AT_CONNECT, CONNECTION_LOST",
        "DROPS_AFTER_EHLO, CONNECTION_LOST",
        "DROPS_AFTER_RCPT, CONNECTION_LOST",
        "RESETS_AFTER_RCPT, CONNECTION_LOST",
        "ENDLESS_LINES, PROTOCOL",
        "ENDLESS_LINE, PROTOCOL",
        "DRIPS, TIMEOUT"
    })
    void endsWithoutAnAnswer(Quirk quirk, Trouble expected) {
        assertThat(trouble(MailScript.knowing("jane").with(quirk))).isEqualTo(expected);
    }

    @Test
    void givesUpOnAHostThatNeverSpeaks() {
        assertThat(trouble(MailScript.knowing("jane").silent())).isEqualTo(Trouble.TIMEOUT);
    }

    @Test
    void givesUpOnAHostThatIsTooSlowForItsTimeouts() {
        assertThat(trouble(MailScript.knowing("jane").slow(Duration.ofSeconds(2))))
                .isEqualTo(Trouble.TIMEOUT);
    }

    @Test
    void waitsForAHostThatIsSlowWithinItsTimeouts() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").slow(Duration.ofMillis(150)))) {
            assertThat(bench.ask("jane")).isInstanceOf(Answered.class);
        }
    }

    @Test
    void toleratesBareLineFeedsAndLongBanners() {
        var script = MailScript.knowing("jane")
                .with(Quirk.BARE_LF)
                .greeting("220-Welcome", "220-", "220-to a long", "220 banner");
        try (var bench = new ProbeBench(script)) {
            assertThat(bench.ask("jane")).isInstanceOf(Answered.class);
        }
    }

    @Test
    void toleratesTextThatIsNotUtf8() {
        var script = MailScript.knowing()
                .with(Quirk.LATIN_1)
                .recipient("jane", "550 5.1.1 Empf\u00e4nger unbekannt \u00fc\u00ff");
        try (var bench = new ProbeBench(script)) {
            assertThat(bench.ask("jane"))
                    .isInstanceOfSatisfying(
                            Answered.class,
                            answered -> assertThat(answered.meaning()).isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND));
        }
    }

    /** Sends these octets as soon as somebody connects, then waits until the client is gone. */
    private static ProbeResult.Outcome askOneThatSends(String octets, boolean thenCloses) throws Exception {
        try (var server = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"))) {
            var served = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> {
                try (var socket = server.accept()) {
                    socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
                    socket.getOutputStream().flush();
                    while (!thenCloses && socket.getInputStream().read() >= 0) {
                        Thread.onSpinWait();
                    }
                } catch (IOException _) {
                    // The client has had enough.
                } finally {
                    served.countDown();
                }
            });
            var probe = new SmtpProbe(
                    new LoopbackDialer(),
                    ProbeBench.IDENTITY,
                    server.getLocalPort(),
                    InstantSource.system(),
                    new Random(7));
            var hosts = List.of(new MailHost("mx.one.com", 1, List.of(InetAddress.ofLiteral("127.0.0.1"))));
            var outcome = probe.probe(ProbeBench.address("jane"), hosts, ProbeBench.SHORT)
                    .outcome();
            assertThat(served.await(5, TimeUnit.SECONDS)).isTrue();
            return outcome;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'hello\r\n', a word instead of a code",
        "'220-one\r\n221 two\r\n', the code changes inside a reply",
        "'22\r\n', a code of two digits",
        "'220_ready\r\n', no separator behind the code",
        "'999 ready\r\n', a code out of range",
        "'120 wait\r\n', a code of the first hundred",
        "'\r\n', an empty line",
        "'HTTP/1.1 400 Bad Request\r\n', another protocol"
    })
    void takesNothingButRepliesForReplies(String octets, String why) throws Exception {
        assertThat(askOneThatSends(octets, false)).as(why).isEqualTo(new NoAnswer("mx.one.com", Trouble.PROTOCOL));
    }

    @ParameterizedTest
    @CsvSource({"'220 half a rep', half a line", "'', nothing at all", "'220-first\r\n', half a reply"})
    void seesTheConnectionLostInTheMiddleOfAReply(String octets, String why) throws Exception {
        assertThat(askOneThatSends(octets, true))
                .as(why)
                .isEqualTo(new NoAnswer("mx.one.com", Trouble.CONNECTION_LOST));
    }

    @Test
    void doesNotWaitForTheEndOfALineForEver() throws Exception {
        assertThat(askOneThatSends("220 half a rep", false)).isEqualTo(new NoAnswer("mx.one.com", Trouble.TIMEOUT));
    }

    @Test
    void takesALoneCodeForAReply() throws Exception {
        assertThat(askOneThatSends("554\r\n", false))
                .isInstanceOfSatisfying(
                        SenderRefused.class,
                        refused -> assertThat(refused.meaning()).isEqualTo(ReplyMeaning.BLOCKED_REPUTATION));
    }

    @Test
    @DisplayName("M7: at most 64 KiB a session, however they are cut into lines")
    void endsASessionOfTooManyOctets() throws Exception {
        var chatty = ("220-" + "x".repeat(2_000) + "\r\n").repeat(63);
        assertThat(askOneThatSends(chatty, false)).isEqualTo(new NoAnswer("mx.one.com", Trouble.PROTOCOL));
    }

    @Test
    @DisplayName("M7: a stored reply has at most 512 characters, all printable")
    void keepsAShortPrintableText() throws Exception {
        var text = "554 " + "\u0001\u001b[31m".repeat(200) + "the end\r\n";
        assertThat(askOneThatSends(text, false)).isInstanceOfSatisfying(SenderRefused.class, refused -> {
            assertThat(refused.reply().text()).hasSizeLessThanOrEqualTo(512).endsWith("the end");
            assertThat(refused.reply().text().chars().anyMatch(Character::isISOControl))
                    .isFalse();
        });
    }
}
