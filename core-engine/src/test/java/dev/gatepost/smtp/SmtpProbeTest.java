package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.dns.MailHost;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.MailScript.Quirk;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    @DisplayName("M1: says only EHLO, MAIL, RCPT and QUIT, the real address first")
    void saysNoMoreThanItMay() {
        try (var bench = new ProbeBench(MailScript.knowing("jane"))) {
            var _ = bench.ask("jane");
            bench.probe.close();
            await().until(() -> bench.host.commands().contains("QUIT"));
            assertThat(bench.host.wasAskedForMoreThanRcpt()).isFalse();
            assertThat(bench.host.commands().getFirst()).isEqualTo("EHLO probe.gatepost.dev");
            assertThat(bench.host.commands().get(1)).isEqualTo("MAIL FROM:<probe@gatepost.dev>");
            assertThat(bench.host.commands().get(2)).isEqualTo("RCPT TO:<jane@works.sandbox-mail.com>");
            assertThat(bench.host.recipients()).hasSize(2);
            assertThat(bench.host.recipients().get(1)).matches("[a-z][a-z0-9]{15,19}@works\\.sandbox-mail\\.com");
        }
    }

    @Test
    void recognisesAHostThatTakesEverything() {
        try (var bench = new ProbeBench(MailScript.acceptingAll())) {
            assertThat(answered(bench.ask("jane")).acceptAll()).isEqualTo(AcceptAll.YES);
        }
    }

    @Test
    @DisplayName("M5: asks a domain about a random address once a day")
    void remembersAcceptAllForADay() {
        try (var bench = new ProbeBench(MailScript.acceptingAll())) {
            var _ = bench.ask("jane");
            assertThat(answered(bench.ask("john")).acceptAll()).isEqualTo(AcceptAll.YES);
            assertThat(bench.host.recipients()).hasSize(3);
            bench.clock.forward(Duration.ofHours(25));
            var _ = bench.ask("tom");
            assertThat(bench.host.recipients()).hasSize(5);
        }
    }

    @Test
    @DisplayName("M5: an answer that settles nothing is asked again about the same random address")
    void asksTheSameRandomAddressAgain() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").otherwise("451 4.3.0 Try later"))) {
            assertThat(answered(bench.ask("jane")).acceptAll()).isEqualTo(AcceptAll.UNCLEAR);
            var _ = bench.ask("jane");
            assertThat(bench.host.recipients().stream().distinct()).hasSize(2);
            assertThat(bench.host.recipients()).hasSize(4);
        }
    }

    @Test
    void asksNoRandomAddressWhereTheProviderTableSaysSo() {
        try (var bench = new ProbeBench(MailScript.knowing("jane"))) {
            var result = bench.probe.probe(
                    ProbeBench.address("jane"), List.of(bench.at("gmail-smtp-in.l.google.com")), ProbeBench.PATIENT);
            assertThat(answered(result.outcome()).acceptAll()).isEqualTo(AcceptAll.NOT_ASKED);
            assertThat(bench.host.recipients()).containsExactly("jane@works.sandbox-mail.com");
        }
    }

    @ParameterizedTest
    @CsvSource({"ONE_RECIPIENT, 1", "ONE_RECIPIENT_A_SESSION, 2"})
    void asksAboutTheRandomAddressApartWhenASecondRecipientIsTooMany(Quirk quirk, int sessions) {
        for (var pipelines : List.of("PIPELINING", "8BITMIME")) {
            var script = MailScript.acceptingAll().offering(pipelines).with(quirk);
            try (var bench = new ProbeBench(script)) {
                var outcome = answered(bench.ask("jane"));
                assertThat(outcome.meaning()).isEqualTo(ReplyMeaning.ACCEPT);
                assertThat(outcome.acceptAll()).isEqualTo(AcceptAll.YES);
                assertThat(bench.host.sessions()).isEqualTo(sessions);
            }
        }
    }

    @Test
    void findsAHostStrictThatTakesOneRecipientAtATime() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").with(Quirk.ONE_RECIPIENT_A_SESSION))) {
            assertThat(answered(bench.ask("jane")).acceptAll()).isEqualTo(AcceptAll.NO);
            assertThat(answered(bench.ask("john")).meaning()).isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsTheAnswerWhenTheHostHangsUpAtTheSecondRecipient(boolean pipelining) {
        var script = MailScript.knowing("jane").with(Quirk.DROPS_AFTER_SECOND_RCPT);
        try (var bench = new ProbeBench(pipelining ? script : script.withoutPipelining())) {
            var outcome = answered(bench.ask("jane"));
            assertThat(outcome.meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(outcome.acceptAll()).isEqualTo(AcceptAll.UNCLEAR);
            assertThat(bench.host.sessions()).isEqualTo(1);
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
    void fallsBackToHeloOnlyWhereEhloIsUnknown() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").with(Quirk.HELO_ONLY))) {
            assertThat(answered(bench.ask("jane")).meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.commands()).contains("HELO probe.gatepost.dev");
        }
    }

    @Test
    void encryptsWhereTheHostDemandsIt() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").with(Quirk.DEMANDS_TLS))) {
            var outcome = answered(bench.ask("jane"));
            assertThat(outcome.meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(outcome.acceptAll()).isEqualTo(AcceptAll.NO);
            assertThat(bench.host.commands()).contains("STARTTLS");
        }
    }

    @Test
    void encryptsAtOnceForADayWhereTheHostDemandedIt() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").with(Quirk.DEMANDS_TLS))) {
            var _ = bench.ask("jane");
            assertThat(bench.host.sessions()).isEqualTo(2);
            bench.clock.forward(Duration.ofHours(1));
            assertThat(answered(bench.ask("jane")).meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.sessions()).isEqualTo(3);
            bench.clock.forward(Duration.ofHours(25));
            var _ = bench.ask("jane");
            assertThat(bench.host.sessions()).isEqualTo(5);
        }
    }

    @Test
    void doesNotEncryptUnasked() {
        try (var bench = new ProbeBench(MailScript.knowing("jane"))) {
            var _ = bench.ask("jane");
            assertThat(bench.host.commands()).doesNotContain("STARTTLS");
        }
    }

    @Test
    void saysTlsRequiredWhereTheHostDemandsWhatItDoesNotOffer() {
        var script = MailScript.knowing("jane").offering("PIPELINING").with(Quirk.DEMANDS_TLS);
        try (var bench = new ProbeBench(script)) {
            assertThat(bench.ask("jane"))
                    .isInstanceOfSatisfying(
                            SenderRefused.class,
                            refused -> assertThat(refused.meaning()).isEqualTo(ReplyMeaning.TLS_REQUIRED));
        }
    }

    @Test
    void saysTlsRequiredWhenTheHandshakeFails() {
        var script = MailScript.knowing("jane").with(Quirk.DEMANDS_TLS).with(Quirk.BREAKS_TLS);
        try (var bench = new ProbeBench(script)) {
            var outcome = bench.ask("jane");
            assertThat(outcome).isNotInstanceOf(Answered.class);
        }
    }

    @Test
    @DisplayName("M7: text before the TLS handshake ends the session")
    void refusesTextPutInBeforeTheHandshake() {
        var script = MailScript.knowing("jane").with(Quirk.DEMANDS_TLS).with(Quirk.INJECTS_BEFORE_TLS);
        try (var bench = new ProbeBench(script)) {
            assertThat(bench.ask("jane")).isEqualTo(new NoAnswer("mx.works-host.net", Trouble.PROTOCOL));
        }
    }

    @Test
    void needsSmtputf8OnlyForALocalPartBeyondAscii() {
        var plain = MailScript.acceptingAll();
        try (var bench = new ProbeBench(plain)) {
            assertThat(bench.ask("j\u00fcrgen")).isEqualTo(new ProbeResult.Smtputf8Unsupported("mx.works-host.net"));
            assertThat(bench.host.recipients()).isEmpty();
        }
        try (var bench = new ProbeBench(plain.offering("PIPELINING", "SMTPUTF8"))) {
            assertThat(answered(bench.ask("j\u00fcrgen")).meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.commands()).contains("MAIL FROM:<probe@gatepost.dev> SMTPUTF8");
            assertThat(bench.host.recipients()).contains("j\u00fcrgen@works.sandbox-mail.com");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FORGETS_GROUPS", "REFUSES_GROUPS"})
    void speaksOneByOneForADayToAHostThatGarblesGroups(Quirk quirk) {
        try (var bench = new ProbeBench(MailScript.knowing("jane", "john").with(quirk))) {
            assertThat(answered(bench.ask("jane", BRIEF)).meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.sessions()).isEqualTo(2);
            bench.clock.forward(WarmSessions.IDLE_MAX);
            assertThat(answered(bench.ask("john", BRIEF)).meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.sessions()).isEqualTo(3);
            bench.clock.forward(Duration.ofHours(25));
            assertThat(answered(bench.ask("jane", BRIEF)).meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.sessions()).isEqualTo(5);
        }
    }

    @Test
    void doesNotTrustAGroupWithMoreRepliesThanCommands() {
        var script = MailScript.knowing("jane").with(Quirk.MISCOUNTS_GROUPS);
        try (var bench = new ProbeBench(script)) {
            // The surplus reply would make the refusal of MAIL's neighbour look like an acceptance.
            assertThat(answered(bench.ask("john")).meaning()).isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
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

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nDATA", "a\nb", "a\rb", "a\0b", "a> SIZE=1", "a b", "a<b"})
    @DisplayName("M1: no address can end a line or a path")
    void putsNothingOnTheWireThatCouldBeACommand(String localPart) {
        try (var bench = new ProbeBench(MailScript.acceptingAll())) {
            assertThatThrownBy(() -> bench.ask(localPart)).isInstanceOf(IllegalArgumentException.class);
            var badDomain = new EmailAddress("a", new Domain("x.com\r\nRSET"));
            assertThatThrownBy(() -> bench.probe.probe(badDomain, List.of(bench.at("mx")), ProbeBench.PATIENT))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(bench.dialer.dialled()).isZero();
        }
    }

    @Test
    @DisplayName("M1: no configured name can end a line")
    void refusesAnIdentityThatCouldBeACommand() {
        var dialer = new LoopbackDialer();
        for (var identity : List.of(
                new SmtpIdentity("a.b\r\nDATA", "probe@gatepost.dev"),
                new SmtpIdentity("a.b", "probe@gatepost.dev>\r\nDATA"),
                new SmtpIdentity("", ""))) {
            assertThatThrownBy(() -> new SmtpProbe(dialer, identity, 25, InstantSource.system(), new Random(7)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sendsTheNullReversePathWhenNoneIsConfigured() {
        try (var host = ScriptedMailHost.start(MailScript.knowing("jane"))) {
            var probe = new SmtpProbe(
                    new LoopbackDialer(),
                    new SmtpIdentity("probe.gatepost.dev", ""),
                    host.port(),
                    InstantSource.system(),
                    new Random(7));
            var hosts = List.of(new MailHost("mx.works-host.net", 10, List.of(host.address())));
            var _ = probe.probe(ProbeBench.address("jane"), hosts, ProbeBench.PATIENT);
            assertThat(host.commands()).contains("MAIL FROM:<>");
        }
    }
}
