package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import dev.gatepost.dns.MailHost;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("M4: hosts that refuse us are left alone")
final class PausesTest {
    private static final String NO_PTR = "554 5.7.25 mx.works-host.net No PTR for 203.0.113.7";

    private static SenderRefused refused(ProbeResult.Outcome outcome) {
        assertThat(outcome).isInstanceOf(SenderRefused.class);
        return (SenderRefused) outcome;
    }

    @Test
    void asksNothingForADayAfterThreeBlocks() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").greeting(NO_PTR))) {
            for (int i = 0; i < 10; i++) {
                assertThat(refused(bench.ask("jane")).meaning()).isEqualTo(ReplyMeaning.BLOCKED_REPUTATION);
            }
            assertThat(bench.host.sessions()).isEqualTo(3);
            bench.clock.forward(Duration.ofHours(23));
            var _ = bench.ask("jane");
            assertThat(bench.host.sessions()).isEqualTo(3);
            bench.clock.forward(Duration.ofHours(1));
            var _ = bench.ask("jane");
            var _ = bench.ask("jane");
            assertThat(bench.host.sessions())
                    .as("one more try shows that it is no better")
                    .isEqualTo(4);
        }
    }

    @Test
    void saysWhoPausesWhyAndWhatToMend() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").greeting(NO_PTR))) {
            for (int i = 0; i < 3; i++) {
                assertThat(bench.probe.pauses()).isEmpty();
                var _ = bench.ask("jane");
            }
            var now = bench.clock.instant();
            assertThat(bench.probe.pauses())
                    .containsExactly(new Pause(
                            "works-host.net",
                            now,
                            now.plus(Duration.ofHours(24)),
                            RefusalCause.PTR_MISSING,
                            "The PTR record of 203.0.113.7 is missing or wrong: ask your provider to set it to"
                                    + " probe.gatepost.dev.",
                            "554 5.7.25 mx.works-host.net No PTR for 203.0.113.7"));
            bench.clock.forward(Duration.ofHours(24));
            assertThat(bench.probe.pauses()).isEmpty();
        }
    }

    @Test
    void asksAgainAsUsualOnceTheHostHasAnswered() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").greeting(NO_PTR))) {
            for (int i = 0; i < 3; i++) {
                var _ = bench.ask("jane");
            }
            bench.host.follow(MailScript.knowing("jane"));
            assertThat(bench.ask("jane")).isInstanceOf(SenderRefused.class);
            bench.clock.forward(Duration.ofHours(24));
            assertThat(bench.ask("jane")).isInstanceOf(Answered.class);
            bench.host.follow(MailScript.knowing("jane").greeting(NO_PTR));
            bench.clock.forward(WarmSessions.IDLE_MAX);
            var _ = bench.ask("jane");
            var _ = bench.ask("jane");
            assertThat(bench.probe.pauses()).as("two blocks since").isEmpty();
        }
    }

    @Test
    void countsOnlyBlocksInARow() {
        var listed = "550 5.7.1 <{rcpt}>: your IP address is on a block list";
        try (var bench = new ProbeBench(MailScript.knowing("jane").recipient("john", listed))) {
            for (int i = 0; i < 5; i++) {
                var _ = bench.ask("john");
                var _ = bench.ask("john");
                assertThat(bench.ask("jane")).isInstanceOf(Answered.class);
            }
            assertThat(bench.probe.pauses()).isEmpty();
        }
    }

    @Test
    void keepsNoAddressOfTheRefusedPeople() {
        var listed = "550 5.7.1 <{rcpt}>: your IP address is on a block list";
        try (var bench = new ProbeBench(MailScript.knowing().otherwise(listed))) {
            for (int i = 0; i < 4; i++) {
                var _ = bench.ask("jane.miller");
            }
            assertThat(bench.probe.pauses()).singleElement().satisfies(pause -> {
                assertThat(pause.cause()).isEqualTo(RefusalCause.BLOCK_LISTED);
                assertThat(pause.lastReply()).isEqualTo("550 5.7.1 <[address]>: your IP address is on a block list");
            });
            assertThat(refused(bench.ask("john")).stage()).isEqualTo(Stage.RCPT);
        }
    }

    @Test
    void backsOffFromABusyHostForAQuarterOfAnHourThenTwiceAsLong() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").greeting("421 4.3.2 Too busy, try again"))) {
            assertThat(refused(bench.ask("jane")).reply().code()).isEqualTo(421);
            bench.clock.forward(Duration.ofMinutes(14));
            assertThat(refused(bench.ask("jane")).reply().code()).isEqualTo(421);
            assertThat(bench.host.sessions()).isEqualTo(1);
            bench.clock.forward(Duration.ofMinutes(1));
            var _ = bench.ask("jane");
            assertThat(bench.host.sessions()).isEqualTo(2);
            bench.clock.forward(Duration.ofMinutes(29));
            var _ = bench.ask("jane");
            assertThat(bench.host.sessions()).isEqualTo(2);
            bench.clock.forward(Duration.ofMinutes(1));
            bench.host.follow(MailScript.knowing("jane"));
            assertThat(bench.ask("jane")).isInstanceOf(Answered.class);
        }
    }

    @Test
    void neverBacksOffForMoreThanADay() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").greeting("421 4.3.2 Too busy, try again"))) {
            for (int i = 0; i < 12; i++) {
                var _ = bench.ask("jane");
                bench.clock.forward(Duration.ofHours(24));
            }
            assertThat(bench.host.sessions()).isEqualTo(12);
        }
    }

    @Test
    void leavesAnAddressThatRefusesConnectionsAloneButNotItsNeighbours() throws Exception {
        var clock = new MutableClock(Instant.parse("2026-01-02T03:04:05Z"));
        var dialer = new LoopbackDialer();
        try (var good = ScriptedMailHost.start(
                        InetAddress.ofLiteral("127.0.3.1"), 0, MailScript.knowing("jane"), clock);
                var probe = new SmtpProbe(dialer, ProbeBench.IDENTITY, good.port(), clock, new Random(7))) {
            var closed = List.of(new MailHost("mx1.one.com", 1, List.of(InetAddress.ofLiteral("127.0.2.1"))));
            var neighbour = List.of(new MailHost("mx2.one.com", 1, List.of(good.address())));
            for (int i = 0; i < 3; i++) {
                assertThat(probe.probe(ProbeBench.address("jane"), closed, ProbeBench.PATIENT)
                                .outcome())
                        .isEqualTo(new NoAnswer("mx1.one.com", Trouble.CONNECTION_REFUSED));
            }
            assertThat(dialer.dialled()).isEqualTo(1);
            assertThat(probe.pauses()).singleElement().satisfies(pause -> {
                assertThat(pause.group()).isEqualTo("mx1.one.com");
                assertThat(pause.cause()).isEqualTo(RefusalCause.CONNECTION_REFUSED);
                assertThat(pause.lastReply()).isEmpty();
            });
            assertThat(probe.probe(ProbeBench.address("jane"), neighbour, ProbeBench.PATIENT)
                            .outcome())
                    .isInstanceOf(Answered.class);
            clock.forward(Duration.ofMinutes(15));
            var _ = probe.probe(ProbeBench.address("jane"), closed, ProbeBench.PATIENT);
            assertThat(dialer.dialled()).isEqualTo(3);
        }
    }

    private static ProbeResult.Outcome askOf(ProbeBench bench, String address) {
        return switch (AddressParser.parse(address, AddressDialect.SMTP)) {
            case Syntax.Wellformed(var wellformed) ->
                bench.probe
                        .probe(wellformed, List.of(bench.at("mx.works-host.net")), ProbeBench.PATIENT)
                        .outcome();
            case Syntax.Malformed(var defect) -> throw new IllegalArgumentException(address + ": " + defect);
        };
    }

    @Test
    @DisplayName("M3: fewer sessions towards a host that finds us too fast")
    void slowsDownWhenToldTo() throws Exception {
        var script = MailScript.knowing()
                .otherwise("450 4.7.1 Too many messages, slow down")
                .slow(Duration.ofMillis(50));
        try (var bench = new ProbeBench(script);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var _ = bench.ask("jane");
            // Three domains, so that none can be asked in another's group of commands.
            var asks = Stream.of("john@one.com", "tom@two.com", "ann@three.com")
                    .<Callable<ProbeResult.Outcome>>map(address -> () -> askOf(bench, address))
                    .toList();
            for (var answer : threads.invokeAll(asks)) {
                assertThat(answer.get()).isInstanceOf(Answered.class);
            }
            assertThat(bench.host.sessionsAtOnceMax()).isEqualTo(1);
            assertThat(bench.probe.pauses()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "550 5.1.1 User unknown ; CLEAN ; about the recipient",
                "450 4.2.1 ReceivingRate ; CLEAN ; the mailbox gets too much mail, not the host",
                "450 4.7.1 Too many messages, slow down ; TOO_FAST ; about us",
                "421 4.7.0 Too many messages, slow down ; PUTS_OFF ; it closes",
                "450 4.7.1 Greylisted ; NONE ; what strangers must expect",
                "550 5.7.1 Rejected by a rule of the recipient ; NONE ; one recipient's wish",
                "550 5.7.1 Client blocked using zen.spamhaus.org ; BLOCKS ; about us"
            })
    void tellsWhatIsAboutUsFromWhatIsAboutARecipient(String reply, Attitude expected, String why) {
        var parsed = ReplyParser.parse(reply);
        var answered = new Answered(
                "mx.one.com", parsed, ReplyClassifier.meaning(Stage.RCPT, parsed), ProbeResult.AcceptAll.NOT_ASKED);
        assertThat(Attitude.of(answered)).as(why).isEqualTo(expected);
    }
}
