package dev.gatepost.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.dns.Answer;
import dev.gatepost.dns.RecordType;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MailWorldTest {
    @Test
    void answersOnOnePortAtTheAddressesItsZoneNames() throws Exception {
        try (var world = MailWorld.start()) {
            var mx = (Answer.Found) world.zone().ask("works.sandbox-mail.com", RecordType.MX);
            var host = ((Answer.MxData) mx.records().getFirst()).host();
            var found = (Answer.Found) world.zone().ask(host, RecordType.A);
            var address = ((Answer.AddressData) found.records().getFirst()).address();
            assertThat(greeting(address, world.smtpPort())).startsWith("220 ");
            assertThat(world.hostOf("works.sandbox-mail.com").sessions()).isEqualTo(1);
        }
    }

    private static String greeting(InetAddress address, int port) throws Exception {
        try (var socket = new Socket(address, port);
                var in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            return String.valueOf(in.readLine());
        }
    }

    @Test
    void keepsNullMxMissingDomainsAndFailingNamesApart() {
        try (var world = MailWorld.start()) {
            var zone = world.zone();
            assertThat(zone.ask("no-such-domain.sandbox-mail.com", RecordType.MX))
                    .isInstanceOf(Answer.NoSuchName.class);
            assertThat(zone.ask("no-mail.sandbox-mail.com", RecordType.MX)).isInstanceOf(Answer.NoData.class);
            assertThat(zone.ask("dns-servfail.sandbox-mail.com", RecordType.MX))
                    .isEqualTo(new Answer.Failed(Answer.FailureCause.SERVFAIL));
            var nullMx = (Answer.Found) zone.ask("null-mx.sandbox-mail.com", RecordType.MX);
            assertThat(nullMx.records()).containsExactly(new Answer.MxData(0, ""));
        }
    }

    @Test
    void startsTwiceAtTheSameTime() {
        try (var first = MailWorld.start();
                var second = MailWorld.start()) {
            assertThat(first.smtpPort()).isNotEqualTo(second.smtpPort());
        }
    }

    static Stream<MailWorld.Example> examples() {
        return MailWorld.examples().stream();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void showsOnlyKnownStatuses(MailWorld.Example example) {
        assertThat(example.expectedStatus()).isIn("valid", "risky", "invalid", "unknown");
        assertThat(example.expectedReason()).matches("[a-z0-9_]+");
        assertThat(example.address()).contains("@");
    }

    @Test
    void showsADozenKindsAndMore() {
        assertThat(MailWorld.examples()).hasSizeGreaterThan(20);
        assertThat(MailWorld.examples().stream()
                        .map(MailWorld.Example::expectedReason)
                        .distinct())
                .hasSizeGreaterThan(15)
                .containsAll(Set.of("accepted", "mailbox_not_found", "accept_all", "greylisted", "blocked", "timeout"));
    }
}
