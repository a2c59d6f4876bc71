package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.dns.Answer;
import dev.gatepost.dns.MailHost;
import dev.gatepost.dns.RecordType;
import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sandbox's mail hosts behave as their examples promise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MailWorldProbeTest {
    private static final SmtpTimeouts TIMEOUTS = new SmtpTimeouts(
            Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(10));

    private MailWorld world;
    private SmtpProbe probe;

    @BeforeAll
    void start() {
        world = MailWorld.start();
        probe = new SmtpProbe(
                new LoopbackDialer(), ProbeBench.IDENTITY, world.smtpPort(), InstantSource.system(), new Random(7));
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @ParameterizedTest
    @CsvSource({
        "jane.miller, works.sandbox-mail.com, accept NO",
        "nobody.here, works.sandbox-mail.com, mailbox_not_found NO",
        "jane.miller.sandbox, gmail.com, accept NOT_ASKED",
        "jane.miller, yahoo.com, accept NOT_ASKED",
        "throwaway, mailinator.com, accept YES",
        "anyone, accept-all.sandbox-mail.com, accept YES",
        "jane, full.sandbox-mail.com, mailbox_full NO",
        "jane, disabled.sandbox-mail.com, disabled NO",
        "jane, greylists.sandbox-mail.com, greylisted NO",
        "jane, blocks.sandbox-mail.com, refused blocked_reputation",
        "jane, blocks-sender.sandbox-mail.com, refused blocked_reputation",
        "jane, blocks-late.sandbox-mail.com, blocked_reputation UNCLEAR",
        "jane, no-ptr.sandbox-mail.com, blocked_reputation UNCLEAR",
        "jane, limits.sandbox-mail.com, rate_limited UNCLEAR",
        "jane, no-pipelining.sandbox-mail.com, accept NO",
        "jane, tls-only.sandbox-mail.com, accept NO",
        "jane, slow.sandbox-mail.com, accept NO",
        "jane, xn--gre-6ka8l.sandbox-mail.com, accept NO",
        "jane, drops.sandbox-mail.com, trouble CONNECTION_LOST",
        "jane, babbles.sandbox-mail.com, trouble PROTOCOL",
        "jane, silent.sandbox-mail.com, trouble TIMEOUT"
    })
    void behaves(String localPart, String domain, String expected) {
        var address = new EmailAddress(localPart, new Domain(domain));
        assertThat(said(probe.probe(address, hosts(domain), TIMEOUTS).outcome()))
                .isEqualTo(expected);
        assertThat(world.hostOf(domain).wasAskedForMoreThanRcpt()).isFalse();
    }

    private static String said(ProbeResult.Outcome outcome) {
        return switch (outcome) {
            case Answered answered -> answered.meaning().word() + " " + answered.acceptAll();
            case SenderRefused refused -> "refused " + refused.meaning().word();
            case NoAnswer none -> "trouble " + none.trouble();
            case ProbeResult.Smtputf8Unsupported _ -> "smtputf8";
        };
    }

    private List<MailHost> hosts(String domain) {
        var mx = (Answer.Found) world.zone().ask(domain, RecordType.MX);
        var name = ((Answer.MxData) mx.records().getFirst()).host();
        var found = (Answer.Found) world.zone().ask(name, RecordType.A);
        return List.of(new MailHost(
                name, 10, List.of(((Answer.AddressData) found.records().getFirst()).address())));
    }
}
