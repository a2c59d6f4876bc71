package dev.gatepost.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.MailScript.Quirk;
import dev.gatepost.verify.Verification;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same mailbox behind hosts of every temper: only what a host says of the mailbox may count. */
final class HostTableTest {
    private static final MailScript GOOD = MailScript.knowing("jane");

    record Row(String what, MailScript script, String localPart, String expected) {
        @Override
        public String toString() {
            return expected + ": " + what;
        }
    }

    private static Row jane(String what, MailScript script, String expected) {
        return new Row(what, script, "jane", expected);
    }

    private static Row nobody(String what, MailScript script, String expected) {
        return new Row(what, script, "nobody", expected);
    }

    static Stream<Row> rows() {
        return Stream.of(
                jane("554 at the greeting", GOOD.greeting("554 5.7.1 No SMTP service for you"), "unknown blocked"),
                jane("554 without a word", GOOD.greeting("554"), "unknown blocked"),
                nobody("554 that speaks of users", GOOD.greeting("554 5.1.1 No such user"), "unknown blocked"),
                jane("421 at the greeting", GOOD.greeting("421 4.3.2 Too busy, come back"), "unknown temporary"),
                jane(
                        "a greeting of several lines",
                        GOOD.greeting("220-mx.answers-host.net ESMTP", "220-No unsolicited mail", "220 Welcome"),
                        "valid accepted"),
                jane(
                        "554 of several lines",
                        GOOD.greeting("554-mx.answers-host.net", "554-Bad DNS PTR resource record", "554 See our site"),
                        "unknown blocked"),
                jane("silence after the connection", GOOD.silent(), "unknown timeout"),
                nobody("a greeting that never ends", GOOD.with(Quirk.ENDLESS_LINES), "unknown protocol"),
                jane("hangs up at once", GOOD.with(Quirk.DROPS_AT_CONNECT), "unknown connection_failed"),
                jane(
                        "hangs up instead of answering RCPT",
                        GOOD.with(Quirk.DROPS_AFTER_RCPT),
                        "unknown connection_failed"),
                jane(
                        "hangs up at a name nobody has",
                        GOOD.with(Quirk.DROPS_AFTER_SECOND_RCPT),
                        "unknown accept_all_unclear"),
                jane("refuses every word before EHLO", GOOD.with(Quirk.EHLO_FIRST), "valid accepted"),
                nobody("refuses every word before EHLO", GOOD.with(Quirk.EHLO_FIRST), "invalid mailbox_not_found"),
                jane("knows HELO only", GOOD.with(Quirk.HELO_ONLY), "valid accepted"),
                jane("demands STARTTLS", GOOD.with(Quirk.DEMANDS_TLS), "valid accepted"),
                nobody("demands STARTTLS", GOOD.with(Quirk.DEMANDS_TLS), "invalid mailbox_not_found"),
                jane(
                        "demands STARTTLS, and EHLO again after it",
                        GOOD.with(Quirk.DEMANDS_TLS).with(Quirk.EHLO_FIRST),
                        "valid accepted"),
                jane(
                        "demands STARTTLS without offering it",
                        GOOD.offering("PIPELINING").with(Quirk.DEMANDS_TLS),
                        "unknown tls_required"),
                jane(
                        "demands STARTTLS and talks on in the clear",
                        GOOD.with(Quirk.DEMANDS_TLS).with(Quirk.BREAKS_TLS),
                        "unknown protocol"),
                jane("452 for a second recipient", GOOD.with(Quirk.ONE_RECIPIENT), "valid accepted"),
                nobody("452 for a second recipient", GOOD.with(Quirk.ONE_RECIPIENT), "invalid mailbox_not_found"),
                jane("garbles groups", GOOD.with(Quirk.MISCOUNTS_GROUPS), "valid accepted"),
                jane(
                        "550 5.1.1 for our sender",
                        GOOD.mailReply("550 5.1.1 <probe@sandbox-mail.com>: user unknown"),
                        "unknown smtp_policy"),
                jane(
                        "550 5.1.8 for our sender's domain",
                        GOOD.mailReply("550 5.1.8 Domain of sender address does not exist"),
                        "unknown smtp_policy"),
                nobody(
                        "refuses one name and takes one nobody has",
                        MailScript.acceptingAll().recipient("nobody", MailScript.UNKNOWN),
                        "unknown conflicting_answers"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void saysWhatTheHostMeans(Row row) throws IOException {
        try (var domain = OneDomain.servedBy(row.script())) {
            assertSays(row.expected(), row.localPart(), domain);
            assertThat(domain.host(0).wasAskedForMoreThanRcpt()).isFalse();
        }
    }

    @Test
    void asksTheSecondHostWhenTheBestIsSilentWithoutWaitingForItsTimeout() throws IOException {
        try (var domain = OneDomain.servedBy(GOOD.silent(), GOOD)) {
            assertThat(assertSays("valid accepted", "jane", domain).took()).isLessThan(EngineWorld.TIMEOUTS.greeting());
            assertSays("invalid mailbox_not_found", "nobody", domain);
        }
    }

    @Test
    void asksTheSecondHostWhenNobodyListensAtTheBest() throws IOException {
        try (var domain = OneDomain.servedBy(GOOD, GOOD)) {
            domain.host(0).close();
            assertSays("valid accepted", "jane", domain);
        }
    }

    @Test
    void asksTheSecondHostWhenTheBestRefusesUsAtTheGreeting() throws IOException {
        try (var domain = OneDomain.servedBy(GOOD.greeting("554 5.7.1 Not you"), GOOD)) {
            assertSays("valid accepted", "jane", domain);
        }
    }

    @Test
    void doesNotAskAnotherHostForABetterAnswer() throws IOException {
        try (var domain = OneDomain.servedBy(MailScript.knowing(), GOOD)) {
            assertSays("invalid mailbox_not_found", "jane", domain);
            assertThat(domain.host(1).sessions()).isZero();
        }
    }

    @Test
    void saysConnectionFailedWhenNobodyListens() throws IOException {
        try (var domain = OneDomain.servedBy(GOOD)) {
            domain.host(0).close();
            assertSays("unknown connection_failed", "jane", domain);
        }
    }

    @Test
    void saysTimeoutWhenThePortIsSilent() throws IOException {
        try (var port = SilentPort.open();
                var engine = port.engine()) {
            var verification = engine.verify("jane@" + SilentPort.DOMAIN);
            assertThat(EngineWorld.said(verification)).isEqualTo("unknown timeout");
            assertThat(verification.took()).isBetween(EngineWorld.TIMEOUTS.connect(), EngineWorld.TIME_MAX);
        }
    }

    private static Verification assertSays(String expected, String localPart, OneDomain domain) {
        var verification = domain.verify(localPart);
        assertThat(EngineWorld.said(verification))
                .as("%s", verification.evidence())
                .isEqualTo(expected);
        assertThat(verification.took()).isLessThan(EngineWorld.TIME_MAX);
        return verification;
    }
}
