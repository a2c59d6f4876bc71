package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.dns.MailHost;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import dev.gatepost.smtp.ProbeResult.Answered;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two hosts of one domain, the best of which may be slow to greet. */
final class HostRaceTest {
    private static final InstantSource CLOCK = InstantSource.system();

    private final ScriptedMailHost second;
    private final SmtpProbe probe;

    HostRaceTest() throws IOException {
        second = ScriptedMailHost.start(InetAddress.ofLiteral("127.0.3.1"), 0, MailScript.knowing("jane"), CLOCK);
        probe = new SmtpProbe(new LoopbackDialer(), ProbeBench.IDENTITY, second.port(), CLOCK, new Random(7));
    }

    @AfterEach
    void close() {
        probe.close();
        second.close();
    }

    private ScriptedMailHost first(MailScript script) throws IOException {
        return ScriptedMailHost.start(InetAddress.ofLiteral("127.0.2.1"), second.port(), script, CLOCK);
    }

    private String answering(ScriptedMailHost first, String mx1, String mx2) {
        var hosts = List.of(
                new MailHost(mx1, 1, List.of(first.address())), new MailHost(mx2, 2, List.of(second.address())));
        var outcome = probe.probe(ProbeBench.address("jane"), hosts, SmtpTimeouts.REAL_TIME)
                .outcome();
        assertThat(outcome).isInstanceOf(Answered.class);
        return ((Answered) outcome).host();
    }

    @Test
    void givesASilentBestHostABriefHeadStartOnly() throws Exception {
        try (var first = first(MailScript.knowing("jane").silent())) {
            long begin = System.nanoTime();
            assertThat(answering(first, "mx1.one.com", "mx2.one.com")).isEqualTo("mx2.one.com");
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(HostRace.HEAD_START, HostRace.HEAD_START.plusSeconds(4));
            await().until(() -> first.sessionsOpen() == 0);
        }
    }

    @Test
    void passesOverAHostThatWasSilentAMomentAgo() throws Exception {
        try (var first = first(MailScript.knowing("jane").silent())) {
            var _ = answering(first, "mx1.one.com", "mx2.one.com");
            int before = first.sessions();
            assertThat(answering(first, "mx1.one.com", "mx2.one.com")).isEqualTo("mx2.one.com");
            assertThat(first.sessions()).isEqualTo(before);
        }
    }

    @Test
    void takesAPlaceOfItsOwnTowardsAnotherOrganisation() throws Exception {
        try (var first = first(MailScript.knowing("jane").silent())) {
            assertThat(answering(first, "mx1.one.com", "mx2.two.com")).isEqualTo("mx2.two.com");
        }
    }

    @Test
    void leavesTheSecondHostAloneWhenTheBestGreetsInTime() throws Exception {
        try (var first = first(MailScript.knowing("jane"))) {
            assertThat(answering(first, "mx1.one.com", "mx2.one.com")).isEqualTo("mx1.one.com");
            assertThat(first.waits()).isEqualTo(4);
            assertThat(second.sessions()).isZero();
        }
    }

    @Test
    void takesTheBestHostWhenItGreetsFirstThoughLate() throws Exception {
        try (var first = first(MailScript.knowing("jane").slow(Duration.ofMillis(900)));
                var deaf = ScriptedMailHost.start(
                        InetAddress.ofLiteral("127.0.4.1"),
                        second.port(),
                        MailScript.knowing().silent(),
                        CLOCK)) {
            var hosts = List.of(
                    new MailHost("mx1.one.com", 1, List.of(first.address())),
                    new MailHost("mx3.one.com", 2, List.of(deaf.address())));
            var outcome = probe.probe(ProbeBench.address("jane"), hosts, SmtpTimeouts.REAL_TIME)
                    .outcome();
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Answered.class,
                            answered -> assertThat(answered.host()).isEqualTo("mx1.one.com"));
            await().until(() -> deaf.sessionsOpen() == 0);
        }
    }

    @Test
    void goesOnAtOnceWhenTheBestHostRefusesItsService() throws Exception {
        try (var first = first(MailScript.knowing("jane").greeting("421 4.3.2 Come back later"))) {
            assertThat(answering(first, "mx1.one.com", "mx2.one.com")).isEqualTo("mx2.one.com");
            assertThat(first.sessions()).isEqualTo(1);
        }
    }
}
