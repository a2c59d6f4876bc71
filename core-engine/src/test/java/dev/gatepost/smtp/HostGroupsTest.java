package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.dns.MailHost;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("M3: two sessions at once towards one organisation")
final class HostGroupsTest {
    private final HostGroups groups = new HostGroups();

    private static Deadline soon() {
        return Deadline.in(Duration.ofMillis(20));
    }

    private boolean isFull(String host, String address) throws InterruptedException {
        var place = groups.enter(host, InetAddress.ofLiteral(address), soon());
        place.ifPresent(HostGroups.Place::close);
        return place.isEmpty();
    }

    @Test
    void countsHostsOfOneRegistrableDomainTogether() throws Exception {
        try (var _ = groups.enter("mx1.firm.co.uk", InetAddress.ofLiteral("192.0.2.1"), soon())
                        .orElseThrow();
                var _ = groups.enter("mx2.firm.co.uk", InetAddress.ofLiteral("198.51.100.1"), soon())
                        .orElseThrow()) {
            assertThat(isFull("mx3.firm.co.uk", "203.0.113.1")).isTrue();
            assertThat(isFull("mx1.other.co.uk", "203.0.113.1")).isFalse();
        }
        assertThat(isFull("mx3.firm.co.uk", "203.0.113.1")).isFalse();
    }

    @Test
    void countsHostsOfOneNetworkTogether() throws Exception {
        try (var _ = groups.enter("mx.one.com", InetAddress.ofLiteral("192.0.2.1"), soon())
                        .orElseThrow();
                var _ = groups.enter("mx.two.com", InetAddress.ofLiteral("192.0.2.77"), soon())
                        .orElseThrow()) {
            assertThat(isFull("mx.three.com", "192.0.2.200")).isTrue();
            assertThat(isFull("mx.three.com", "192.0.3.200")).isFalse();
        }
    }

    @Test
    void countsHostsOfOneProviderTogether() throws Exception {
        try (var _ = groups.enter("a-com.mail.protection.outlook.com", InetAddress.ofLiteral("192.0.2.1"), soon())
                        .orElseThrow();
                var _ = groups.enter("b-com.a-v1.mx.microsoft", InetAddress.ofLiteral("198.51.100.1"), soon())
                        .orElseThrow()) {
            assertThat(isFull("c-com.mail.protection.outlook.com", "203.0.113.1"))
                    .isTrue();
        }
    }

    @Test
    void saysBusyWhenNoPlaceComesFreeInTime() throws Exception {
        var patient = new SmtpTimeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10));
        var hasty = new SmtpTimeouts(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(200));
        try (var bench = new ProbeBench(MailScript.knowing("jane").slow(Duration.ofSeconds(1)));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<MailHost> hosts = List.of(bench.at("mx.works-host.net"));
            var first = threads.submit(() -> bench.probe.probe(ProbeBench.address("jane"), hosts, patient));
            var second = threads.submit(() -> bench.probe.probe(ProbeBench.address("jane"), hosts, patient));
            await().until(() -> bench.host.sessions() == 2);
            assertThat(bench.probe
                            .probe(ProbeBench.address("jane"), hosts, hasty)
                            .outcome())
                    .isEqualTo(new NoAnswer("mx.works-host.net", Trouble.BUSY));
            assertThat(first.get().outcome()).isInstanceOf(Answered.class);
            assertThat(second.get().outcome()).isInstanceOf(Answered.class);
        }
    }

    @Test
    void neverOpensMoreThanTwoSessionsHoweverManyAsk() throws Exception {
        try (var bench = new ProbeBench(MailScript.acceptingAll());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asks = new ArrayList<Callable<ProbeResult>>();
            for (int i = 0; i < 40; i++) {
                var address = ProbeBench.address("user" + i);
                asks.add(() ->
                        bench.probe.probe(address, List.of(bench.at("mx.works-host.net")), SmtpTimeouts.REAL_TIME));
            }
            for (var answer : threads.invokeAll(asks)) {
                assertThat(answer.get().outcome()).isInstanceOf(Answered.class);
            }
            // A host may see the third connection before it notices that the first has been closed.
            assertThat(bench.host.sessionsAtOnceMax()).isLessThanOrEqualTo(2 * HostGroups.SESSIONS_MAX);
            assertThat(bench.host.sessions()).isEqualTo(40);
        }
    }
}
