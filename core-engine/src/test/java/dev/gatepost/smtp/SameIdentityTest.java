package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.dns.MailHost;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.egress.SourceAddresses;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Greylisting lets in whoever comes back as the same client and sender: a second time must look like the first. */
@Timeout(30)
class SameIdentityTest {
    private static final String SOURCE = "127.0.0.9";

    private final MutableClock clock = new MutableClock(Instant.parse("2026-01-02T03:04:05Z"));

    private SmtpProbe probe(ScriptedMailHost host, String source) {
        var rules = EgressRules.parse("smtp=127.0.0.0/8:" + host.port() + ",smtp=[::1]:" + host.port());
        var egress = new Egress(rules, clock, SourceAddresses.parse(source));
        return new SmtpProbe(egress, ProbeBench.IDENTITY, host.port(), clock, new Random(7));
    }

    private static ProbeResult ask(SmtpProbe probe, MailHost host) {
        return probe.probe(ProbeBench.address("jane"), List.of(host), ProbeBench.PATIENT);
    }

    private static MailHost at(ScriptedMailHost host) {
        return new MailHost("mx.works-host.net", 10, List.of(host.address()));
    }

    @Test
    void comesBackFromTheSameAddressWithTheSameNames() throws Exception {
        var script = MailScript.knowing("jane").greylisting(Duration.ofMinutes(5));
        try (var host = ScriptedMailHost.start(InetAddress.ofLiteral("127.0.0.1"), 0, script, clock)) {
            try (var first = probe(host, SOURCE)) {
                assertThat(ask(first, at(host)).outcome())
                        .isInstanceOfSatisfying(
                                Answered.class,
                                answered -> assertThat(answered.meaning()).isEqualTo(ReplyMeaning.GREYLISTED));
            }
            clock.forward(Duration.ofMinutes(6));
            try (var second = probe(host, SOURCE)) {
                assertThat(ask(second, at(host)).outcome())
                        .isInstanceOfSatisfying(
                                Answered.class,
                                answered -> assertThat(answered.meaning()).isEqualTo(ReplyMeaning.ACCEPT));
            }

            assertThat(host.clients()).hasSize(2).containsOnly(InetAddress.ofLiteral(SOURCE));
            assertThat(said(host, "EHLO")).hasSize(2).containsOnly("EHLO probe.gatepost.dev");
            assertThat(said(host, "MAIL")).hasSize(2).containsOnly("MAIL FROM:<probe@gatepost.dev>");
        }
    }

    @Test
    void isPutOffAgainWhenItComesFromElsewhere() throws Exception {
        var script = MailScript.knowing("jane").greylisting(Duration.ofMinutes(5));
        try (var host = ScriptedMailHost.start(InetAddress.ofLiteral("127.0.0.1"), 0, script, clock);
                var first = probe(host, SOURCE);
                var second = probe(host, "127.0.0.10")) {
            var _ = ask(first, at(host));
            clock.forward(Duration.ofMinutes(6));

            assertThat(ask(second, at(host)).outcome())
                    .isInstanceOfSatisfying(
                            Answered.class,
                            answered -> assertThat(answered.meaning()).isEqualTo(ReplyMeaning.GREYLISTED));
        }
    }

    @Test
    void doesNotShowAnAddressThatWasNotMeantToHostsOfTheOtherFamily() {
        try (var host = ScriptedMailHost.start(MailScript.knowing("jane"));
                var probe = probe(host, SOURCE)) {
            var onlyV6 = new MailHost("mx.works-host.net", 10, List.of(InetAddress.ofLiteral("::1")));
            assertThat(ask(probe, onlyV6).outcome()).isEqualTo(new NoAnswer("mx.works-host.net", Trouble.NO_ROUTE));

            var both = new MailHost("mx.works-host.net", 10, List.of(InetAddress.ofLiteral("::1"), host.address()));
            assertThat(ask(probe, both).outcome()).isInstanceOf(Answered.class);
            assertThat(host.clients()).containsOnly(InetAddress.ofLiteral(SOURCE));
        }
    }

    private static List<String> said(ScriptedMailHost host, String verb) {
        return host.commands().stream().filter(line -> line.startsWith(verb)).toList();
    }
}
