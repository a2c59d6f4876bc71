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
import dev.gatepost.smtp.ProbeResult.Answered;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said to hosts, and how. */
final class ProbeWordsTest {
    /** For tests that must sit a silence out once. */
    private static final SmtpTimeouts BRIEF = new SmtpTimeouts(
            Duration.ofMillis(1_500), Duration.ofMillis(1_500), Duration.ofMillis(1_500), Duration.ofSeconds(10));

    private static Answered answered(ProbeResult.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Answered.class);
        return (Answered) outcome;
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
    void fallsBackToHeloOnlyWhereEhloIsUnknown() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").with(Quirk.HELO_ONLY))) {
            assertThat(answered(bench.ask("jane")).meaning()).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.commands()).contains("HELO probe.gatepost.dev");
        }
    }
}
