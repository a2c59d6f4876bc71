package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.dns.MailHost;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SmtpProbeTest {
    /** For tests that must sit a silence out once. */
    private static final SmtpTimeouts BRIEF = new SmtpTimeouts(
            Duration.ofMillis(1_500), Duration.ofMillis(1_500), Duration.ofMillis(1_500), Duration.ofSeconds(10));

    private static Answered answered(ProbeResult.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Answered.class);
        return (Answered) outcome;
    }

    @Test
    void findsAMailboxThatIsThereInFourWaitsWithPipelining() {
        try (var bench = new ProbeBench(MailScript.knowing("jane"))) {
            var outcome = answered(bench.ask("jane"));
            assertThat(outcome.meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(outcome.acceptAll()).isEqualTo(AcceptAll.NO);
            assertThat(bench.host.waits()).isEqualTo(4);
            assertThat(bench.host.sessions()).isEqualTo(1);
        }
    }

    @Test
    void findsAMailboxThatIsThereInSixWaitsWithoutPipelining() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").withoutPipelining())) {
            var outcome = answered(bench.ask("jane"));
            assertThat(outcome.meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(outcome.acceptAll()).isEqualTo(AcceptAll.NO);
            assertThat(bench.host.waits()).isEqualTo(6);
        }
    }

    @Test
    void seesARefusalInFiveWaitsWithoutPipelining() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").withoutPipelining())) {
            var outcome = answered(bench.ask("john"));
            assertThat(outcome.meaning()).isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
            assertThat(outcome.acceptAll()).isEqualTo(AcceptAll.NOT_ASKED);
            assertThat(bench.host.waits()).isEqualTo(5);
            assertThat(bench.host.recipients()).containsExactly("john@works.sandbox-mail.com");
        }
    }

    @Test
    void tellsFullDisabledAndGreylistedApart() {
        var script = MailScript.knowing("put-off")
                .recipient("full", "552 5.2.2 <{rcpt}>: over quota")
                .recipient("shut", "550 5.2.1 <{rcpt}>: mailbox disabled")
                .greylisting(Duration.ofMinutes(5));
        try (var bench = new ProbeBench(script)) {
            assertThat(answered(bench.ask("full")).meaning()).isEqualTo(ReplyMeaning.MAILBOX_FULL);
            assertThat(answered(bench.ask("shut")).meaning()).isEqualTo(ReplyMeaning.DISABLED);
            assertThat(answered(bench.ask("put-off")).meaning()).isEqualTo(ReplyMeaning.GREYLISTED);
        }
    }

    @Test
    void isLetInByAGreylistingHostWhenItsTimeIsOver() throws Exception {
        var clock = new MutableClock(java.time.Instant.EPOCH);
        var script = MailScript.knowing("jane").greylisting(Duration.ofMinutes(5));
        try (var host = ScriptedMailHost.start(InetAddress.ofLiteral("127.0.0.1"), 0, script, clock)) {
            var probe = new SmtpProbe(new LoopbackDialer(), ProbeBench.IDENTITY, host.port(), clock, new Random(7));
            var hosts = List.of(new MailHost("mx.works-host.net", 10, List.of(host.address())));
            var first = probe.probe(ProbeBench.address("jane"), hosts, ProbeBench.PATIENT);
            assertThat(answered(first.outcome()).meaning()).isEqualTo(ReplyMeaning.GREYLISTED);
            clock.forward(Duration.ofMinutes(6));
            var second = answered(probe.probe(ProbeBench.address("jane"), hosts, ProbeBench.PATIENT)
                    .outcome());
            assertThat(second.meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(second.acceptAll()).isEqualTo(AcceptAll.NO);
        }
    }

    @Test
    void saysThatTheHostRefusedUsAtTheGreeting() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").greeting("554-mx.example", "554 No service"))) {
            assertThat(bench.ask("jane")).isInstanceOfSatisfying(SenderRefused.class, refused -> {
                assertThat(refused.stage()).isEqualTo(Stage.GREETING);
                assertThat(refused.meaning()).isEqualTo(ReplyMeaning.BLOCKED_REPUTATION);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"550 5.1.1 User unknown", "550 5.7.1 blocked using zen.spamhaus.org", "552 5.2.2 over quota"})
    void neverTakesARefusalAtMailForOneOfTheRecipient(String reply) {
        try (var bench = new ProbeBench(MailScript.knowing("jane").mailReply(reply))) {
            assertThat(bench.ask("jane")).isInstanceOfSatisfying(SenderRefused.class, refused -> {
                assertThat(refused.stage()).isEqualTo(Stage.MAIL);
                assertThat(refused.meaning()).isIn(ReplyMeaning.POLICY, ReplyMeaning.BLOCKED_REPUTATION);
            });
        }
    }

    @Test
    void goesOnToTheNextHostWhenTheFirstRefusesTheConnectionOrIsSilent() throws Exception {
        var clock = InstantSource.system();
        var silent = InetAddress.ofLiteral("127.0.1.1");
        var closed = InetAddress.ofLiteral("127.0.2.1");
        var good = InetAddress.ofLiteral("127.0.3.1");
        try (var last = ScriptedMailHost.start(good, 0, MailScript.knowing("jane"), clock);
                var first = ScriptedMailHost.start(
                        silent, last.port(), MailScript.knowing().silent(), clock)) {
            var probe = new SmtpProbe(new LoopbackDialer(), ProbeBench.IDENTITY, last.port(), clock, new Random(7));
            var hosts = List.of(
                    new MailHost("mx1.one.com", 1, List.of(closed)),
                    new MailHost("mx2.two.com", 2, List.of(first.address())),
                    new MailHost("mx3.three.com", 3, List.of(last.address())));
            var outcome = probe.probe(ProbeBench.address("jane"), hosts, BRIEF).outcome();
            assertThat(answered(outcome).host()).isEqualTo("mx3.three.com");
        }
    }

    @Test
    void doesNotShopAroundAfterAnAnswerToRcpt() throws Exception {
        var clock = InstantSource.system();
        try (var first = ScriptedMailHost.start(InetAddress.ofLiteral("127.0.1.1"), 0, MailScript.knowing(), clock);
                var second = ScriptedMailHost.start(
                        InetAddress.ofLiteral("127.0.2.1"), first.port(), MailScript.acceptingAll(), clock)) {
            var probe = new SmtpProbe(new LoopbackDialer(), ProbeBench.IDENTITY, first.port(), clock, new Random(7));
            var hosts = List.of(
                    new MailHost("mx1.one.com", 1, List.of(first.address())),
                    new MailHost("mx2.two.com", 2, List.of(second.address())));
            var outcome = probe.probe(ProbeBench.address("jane"), hosts, ProbeBench.PATIENT)
                    .outcome();
            assertThat(answered(outcome).meaning()).isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
            assertThat(second.sessions()).isZero();
        }
    }

    @Test
    void saysThatTheEgressRulesForbidTheAddress() {
        var probe = new SmtpProbe(new LoopbackDialer(), ProbeBench.IDENTITY, 25, InstantSource.system(), new Random(7));
        var hosts = List.of(new MailHost("mx.one.com", 1, List.of(InetAddress.ofLiteral("192.0.2.1"))));
        assertThat(probe.probe(ProbeBench.address("jane"), hosts, ProbeBench.PATIENT)
                        .outcome())
                .isEqualTo(new NoAnswer("mx.one.com", Trouble.EGRESS_REFUSED));
    }
}
