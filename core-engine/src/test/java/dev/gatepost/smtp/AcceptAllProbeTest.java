package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.MailScript.Quirk;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The question about an address nobody has. */
final class AcceptAllProbeTest {
    private static Answered answered(ProbeResult.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Answered.class);
        return (Answered) outcome;
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
}
