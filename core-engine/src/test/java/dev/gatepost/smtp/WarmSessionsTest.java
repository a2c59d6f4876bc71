package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.address.EmailAddress;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.MailScript.Quirk;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections are kept for a few seconds, and never at the cost of a verdict. */
final class WarmSessionsTest {
    private static final HostLimits ROOMY = new HostLimits(2, 4, 1_000_000, 1_000_000, 200);

    private static ReplyMeaning meaning(ProbeResult.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Answered.class);
        return ((Answered) outcome).meaning();
    }

    @Test
    void asksTheNextAddressInOneWait() {
        try (var bench = new ProbeBench(MailScript.knowing("jane", "john"))) {
            var _ = bench.ask("jane");
            int before = bench.host.waits();
            assertThat(meaning(bench.ask("john"))).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.waits()).isEqualTo(before + 1);
            assertThat(meaning(bench.ask("nobody"))).isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
            assertThat(bench.host.waits()).isEqualTo(before + 2);
            assertThat(bench.host.sessions()).isEqualTo(1);
            assertThat(bench.host.commands().subList(4, 7))
                    .containsExactly("RSET", "MAIL FROM:<probe@gatepost.dev>", "RCPT TO:<john@works.sandbox-mail.com>");
        }
    }

    @Test
    void asksTheNextAddressInThreeWaitsWithoutPipelining() {
        try (var bench = new ProbeBench(MailScript.knowing("jane", "john").withoutPipelining())) {
            var _ = bench.ask("jane");
            int before = bench.host.waits();
            assertThat(meaning(bench.ask("john"))).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.waits()).isEqualTo(before + 3);
        }
    }

    @Test
    void staysEncryptedForTheNextAddress() {
        try (var bench = new ProbeBench(MailScript.knowing("jane", "john").with(Quirk.DEMANDS_TLS))) {
            var _ = bench.ask("jane");
            int before = bench.host.waits();
            assertThat(meaning(bench.ask("john"))).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.waits()).isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "421 4.4.2 mx.sandbox-mail.com Error: timeout exceeded"})
    void replacesAConnectionThatTheHostHasClosedMeanwhile(String lastWords) {
        try (var bench = new ProbeBench(MailScript.knowing("jane", "john"))) {
            var _ = bench.ask("jane");
            bench.host.hangUp(lastWords);
            assertThat(meaning(bench.ask("john"))).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.sessions()).isEqualTo(2);
            bench.host.hangUp(lastWords);
            assertThat(meaning(bench.ask("nobody"))).isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
        }
    }

    @Test
    void goesOnWithANewConnectionWhenTheHostHasHeardEnoughRecipientsOnTheOldOne() {
        try (var bench = new ProbeBench(MailScript.acceptingAll().with(Quirk.ONE_RECIPIENT_A_SESSION))) {
            for (var name : List.of("jane", "john", "tom")) {
                assertThat(meaning(bench.ask(name))).isEqualTo(ReplyMeaning.ACCEPT);
            }
        }
    }

    @Test
    void saysGoodByeWhenNobodyHasAskedForAWhile() {
        try (var bench = new ProbeBench(MailScript.knowing("jane", "john"))) {
            var _ = bench.ask("jane");
            assertThat(bench.host.sessionsOpen()).isEqualTo(1);
            bench.clock.forward(WarmSessions.IDLE_MAX);
            await().until(() -> bench.host.commands().contains("QUIT") && bench.host.sessionsOpen() == 0);
            assertThat(meaning(bench.ask("john"))).isEqualTo(ReplyMeaning.ACCEPT);
            assertThat(bench.host.sessions()).isEqualTo(2);
        }
    }

    @Test
    void saysGoodByeToAllWhenTheProbeCloses() {
        try (var bench = new ProbeBench(MailScript.knowing("jane"))) {
            var _ = bench.ask("jane");
            bench.probe.close();
            await().until(() -> bench.host.commands().contains("QUIT") && bench.host.sessionsOpen() == 0);
            assertThat(meaning(bench.ask("jane"))).isEqualTo(ReplyMeaning.ACCEPT);
            await().until(() -> bench.host.sessionsOpen() == 0);
        }
    }

    @Test
    @DisplayName("M3: 8 refusals on a connection, then a new one")
    void endsAConnectionAfterEightRefusals() {
        try (var bench = new ProbeBench(MailScript.knowing("jane"))) {
            for (int i = 0; i < 7; i++) {
                assertThat(meaning(bench.ask("nobody" + i))).isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
            }
            // Seven refused addresses and the one nobody has make eight.
            assertThat(bench.host.sessions()).isEqualTo(1);
            var _ = bench.ask("jane");
            assertThat(bench.host.sessions()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("M3: no more recipients on a connection than the provider table says")
    void keepsToTheRecipientsOfTheProvider() {
        try (var bench = new ProbeBench(MailScript.knowing("jane"))) {
            for (int i = 1; i <= 3; i++) {
                var outlook = List.of(bench.at("outlook-com.olc.protection.outlook.com"));
                var _ = bench.probe.probe(ProbeBench.address("jane"), outlook, ProbeBench.PATIENT);
                assertThat(bench.host.sessions()).as("one recipient each").isEqualTo(i);
            }
        }
    }

    @Test
    void neverUsesAConnectionAgainThatStillOwesAReply() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").with(Quirk.STALLS_AT_SECOND_RCPT))) {
            assertThat(bench.ask("jane", ProbeBench.SHORT))
                    .isInstanceOfSatisfying(
                            Answered.class,
                            answered -> assertThat(answered.acceptAll()).isEqualTo(AcceptAll.UNCLEAR));
            // On the old connection the reply still owed would shift all others, and MAIL's 250 would pass for RCPT's.
            assertThat(meaning(bench.ask("nobody"))).isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
            assertThat(bench.host.sessions()).isEqualTo(2);
        }
    }

    @Test
    void keepsNoConnectionAfterARefusalOfUs() {
        try (var bench = new ProbeBench(MailScript.knowing("jane").mailReply("451 4.3.0 Try later"))) {
            var _ = bench.ask("jane");
            await().until(() -> bench.host.sessionsOpen() == 0);
        }
    }

    @Test
    void asksAThousandAddressesOfADomainOverAFewConnections() throws Exception {
        var addresses = new ArrayList<EmailAddress>();
        var known = new ArrayList<String>();
        for (int i = 0; i < 1_000; i++) {
            var name = "user" + i;
            addresses.add(ProbeBench.address(name));
            if (i % 10 != 0) {
                known.add(name);
            }
        }
        try (var bench = new ProbeBench(MailScript.knowing(known.toArray(String[]::new)), ROOMY);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var hosts = List.of(bench.at("mx.works-host.net"));
            var asks = addresses.stream()
                    .map(address -> (Callable<ProbeResult>) () -> bench.probe.probe(address, hosts, SmtpTimeouts.BULK))
                    .toList();
            int refused = 0;
            for (var answer : threads.invokeAll(asks)) {
                var outcome = (Answered) answer.get().outcome();
                assertThat(outcome.acceptAll()).isNotEqualTo(AcceptAll.UNCLEAR);
                refused += outcome.meaning() == ReplyMeaning.MAILBOX_NOT_FOUND ? 1 : 0;
            }
            assertThat(refused).isEqualTo(100);
            // 100 refusals at 8 a connection are 13; those still open at the end make a few more.
            assertThat(bench.host.sessions()).isBetween(12, 13 + ROOMY.sessionsMax());
            // RSET and MAIL serve several addresses; alone each would need three commands.
            assertThat(bench.host.commands()).hasSizeLessThan(2_000);
            assertThat(bench.host.recipients()).hasSizeLessThan(1_000 + 10);
            assertThat(bench.host.sessionsAtOnceMax()).isLessThanOrEqualTo(2 * ROOMY.sessionsMax());
        }
    }

    @Test
    void holdsNoPlatformThreadForConnectionsThatWait() {
        try (var bench = new ProbeBench(MailScript.knowing("jane"))) {
            var _ = bench.ask("jane");
            bench.clock.forward(Duration.ofSeconds(1));
            assertThat(bench.host.sessionsOpen()).isEqualTo(1);
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("smtp-"));
        }
    }
}
