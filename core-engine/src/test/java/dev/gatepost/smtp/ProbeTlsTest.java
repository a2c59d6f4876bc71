package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.MailScript.Quirk;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Encryption, only where a host demands it. */
final class ProbeTlsTest {
    private static Answered answered(ProbeResult.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Answered.class);
        return (Answered) outcome;
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
    @DisplayName("M7: at most 64 KiB a session, before and after the handshake together")
    void countsOctetsBeforeAndAfterTheHandshake() {
        var line = "X".repeat(2_000);
        var keywords = new String[13];
        Arrays.fill(keywords, line);
        keywords[0] = "STARTTLS";
        var few = MailScript.knowing("jane").offering(keywords).with(Quirk.DEMANDS_TLS);
        try (var bench = new ProbeBench(few)) {
            assertThat(answered(bench.ask("jane")).meaning()).isEqualTo(ReplyMeaning.ACCEPT);
        }
        var banner = new String[12];
        Arrays.fill(banner, "220-" + line);
        banner[banner.length - 1] = "220 end";
        try (var bench = new ProbeBench(few.greeting(banner))) {
            assertThat(bench.ask("jane")).isEqualTo(new NoAnswer("mx.works-host.net", Trouble.PROTOCOL));
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
}
