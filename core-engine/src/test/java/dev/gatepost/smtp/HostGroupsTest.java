package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.dns.MailHost;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("M3: two sessions at once towards one organisation")
final class HostGroupsTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final HostGroups groups = new HostGroups(HostLimits.POLITE, new OwnMemory(new Random(7)), clock);

    /** Long enough to see that nothing comes. */
    private static Deadline soon() {
        return Deadline.in(Duration.ofMillis(400));
    }

    /** Long enough for what comes at once, on any loaded machine. */
    private static Deadline inTime() {
        return Deadline.in(Duration.ofSeconds(10));
    }

    private static Target at(String host, String address) {
        return new Target(
                host,
                10,
                InetAddress.ofLiteral(address),
                ProviderTable.shipped().of(host));
    }

    private boolean isFull(String host, String address) throws InterruptedException {
        var place = groups.enter(at(host, address), soon(), Haste.AWAITED);
        place.ifPresent(HostGroups.Place::close);
        return place.isEmpty();
    }

    @Test
    void countsHostsOfOneRegistrableDomainTogether() throws Exception {
        try (var _ = groups.enter(at("mx1.firm.co.uk", "192.0.2.1"), inTime(), Haste.AWAITED)
                        .orElseThrow();
                var _ = groups.enter(at("mx2.firm.co.uk", "198.51.100.1"), inTime(), Haste.AWAITED)
                        .orElseThrow()) {
            assertThat(isFull("mx3.firm.co.uk", "203.0.113.1")).isTrue();
            assertThat(isFull("mx1.other.co.uk", "203.0.113.1")).isFalse();
        }
        assertThat(isFull("mx3.firm.co.uk", "203.0.113.1")).isFalse();
    }

    @Test
    void countsHostsOfOneNetworkTogether() throws Exception {
        try (var _ = groups.enter(at("mx.one.com", "192.0.2.1"), inTime(), Haste.AWAITED)
                        .orElseThrow();
                var _ = groups.enter(at("mx.two.com", "192.0.2.77"), inTime(), Haste.AWAITED)
                        .orElseThrow()) {
            assertThat(isFull("mx.three.com", "192.0.2.200")).isTrue();
            assertThat(isFull("mx.three.com", "192.0.3.200")).isFalse();
        }
    }

    @Test
    void countsHostsOfOneProviderTogether() throws Exception {
        try (var _ = groups.enter(at("a-com.mail.protection.outlook.com", "192.0.2.1"), inTime(), Haste.AWAITED)
                        .orElseThrow();
                var _ = groups.enter(at("b-com.a-v1.mx.microsoft", "198.51.100.1"), inTime(), Haste.AWAITED)
                        .orElseThrow()) {
            assertThat(isFull("c-com.mail.protection.outlook.com", "203.0.113.1"))
                    .isTrue();
        }
    }

    @Test
    @DisplayName("M3: grows to four sessions while answers are clean, and halves when told to slow down")
    void adaptsToTheAnswers() throws Exception {
        var mx = at("mx.one.com", "192.0.2.1");
        try (var place = groups.enter(mx, inTime(), Haste.AWAITED).orElseThrow()) {
            for (int answers = 0; answers < 10 * HostGroup.CLEAN_TO_GROW; answers++) {
                place.answeredCleanly(1);
            }
            assertThat(groups.sessions(mx)).isEqualTo(4);
            assertThat(place.spare()).isEqualTo(3);
            place.foundUsTooFast();
            assertThat(groups.sessions(mx)).isEqualTo(2);
            place.foundUsTooFast();
            place.foundUsTooFast();
            assertThat(groups.sessions(mx)).isEqualTo(1);
            assertThat(isFull("mx.one.com", "192.0.2.1")).isTrue();
        }
        assertThat(isFull("mx.one.com", "192.0.2.1")).isFalse();
    }

    @Test
    @DisplayName("M3: 120 addresses a minute at an organisation nobody knows, more where the table says so")
    void holdsTheAddressesOfAMinute() throws Exception {
        assertThat(turnsAtOnce("mx.one.com", "192.0.2.1")).isEqualTo(120);
        assertThat(turnsAtOnce("aspmx.l.google.com", "198.51.100.1")).isEqualTo(600);
        clock.forward(Duration.ofSeconds(59));
        assertThat(turnsAtOnce("mx.one.com", "192.0.2.1")).isZero();
        clock.forward(Duration.ofSeconds(1));
        assertThat(turnsAtOnce("mx.one.com", "192.0.2.1")).isEqualTo(120);
    }

    @Test
    @DisplayName("M3: of the addresses of a minute and a day, lists leave a tenth to those whom somebody waits for")
    void keepsTurnsForWhoeverIsAwaited() throws Exception {
        var mx = at("mx.one.com", "192.0.2.1");
        int listed = 0;
        while (groups.awaitTurn(mx, soon(), Haste.PATIENT)) {
            listed++;
        }
        assertThat(listed).isEqualTo(108);
        for (int i = 0; i < 12; i++) {
            assertThat(groups.awaitTurn(mx, soon(), Haste.AWAITED)).isTrue();
        }
        assertThat(groups.awaitTurn(mx, soon(), Haste.AWAITED)).isFalse();
        for (int minutes = 0; minutes < 60; minutes++) {
            clock.forward(Duration.ofMinutes(1));
            while (groups.awaitTurn(mx, soon(), Haste.PATIENT)) {
                listed++;
            }
        }
        assertThat(listed).as("in a day").isEqualTo(4_500 - 12);
        assertThat(groups.awaitTurn(mx, soon(), Haste.AWAITED)).isTrue();
    }

    @Test
    @DisplayName("M3: 5,000 addresses a day at an organisation nobody knows")
    void holdsTheAddressesOfADay() throws Exception {
        int turns = 0;
        for (int minutes = 0; minutes < 60; minutes++) {
            turns += turnsAtOnce("mx.one.com", "192.0.2.1");
            clock.forward(Duration.ofMinutes(1));
        }
        assertThat(turns).isEqualTo(5_000);
        clock.forward(Duration.ofHours(23));
        assertThat(turnsAtOnce("mx.one.com", "192.0.2.1")).isEqualTo(120);
    }

    private int turnsAtOnce(String host, String address) throws InterruptedException {
        int turns = 0;
        while (true) {
            var place = groups.enter(at(host, address), soon(), Haste.AWAITED);
            if (place.isEmpty()) {
                return turns;
            }
            place.get().close();
            turns++;
        }
    }

    @Test
    @DisplayName("M3: so many sessions in all, whoever they go to")
    void limitsTheSessionsInAll() throws Exception {
        var few = new HostGroups(new HostLimits(2, 4, 120, 5_000, 3), new OwnMemory(new Random(7)), clock);
        var places = new ArrayList<HostGroups.Place>();
        for (int i = 1; i <= 3; i++) {
            places.add(few.enter(at("mx.h" + i + ".com", "192.0." + i + ".1"), inTime(), Haste.AWAITED)
                    .orElseThrow());
        }
        assertThat(few.enter(at("mx.h4.com", "192.0.4.1"), soon(), Haste.AWAITED))
                .isEmpty();
        places.getFirst().close();
        assertThat(few.enter(at("mx.h4.com", "192.0.4.1"), soon(), Haste.AWAITED))
                .isPresent();
    }

    @Test
    @DisplayName("M3: no session of the total is lost, however many wait and give up")
    void losesNoShareOfTheTotal() throws Exception {
        var few = new HostGroups(new HostLimits(2, 4, 1_000_000, 1_000_000, 3), new OwnMemory(new Random(7)), clock);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asks = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < 3_000; i++) {
                var target = at("mx.h" + i % 7 + ".com", "192.0." + i % 7 + ".1");
                var patience = Duration.ofMillis(i % 5 == 0 ? 1 : 2_000);
                var haste = i % 3 == 0 ? Haste.AWAITED : Haste.PATIENT;
                asks.add(() -> {
                    try (var place =
                            few.enter(target, Deadline.in(patience), haste).orElse(null)) {
                        return place != null && few.spareInAll() < 3;
                    }
                });
            }
            int entered = 0;
            for (var answer : threads.invokeAll(asks)) {
                entered += answer.get() ? 1 : 0;
            }
            assertThat(entered).isPositive();
        }
        assertThat(few.spareInAll()).isEqualTo(3);
        clock.forward(Places.EXPECTED);
        for (int i = 1; i <= 3; i++) {
            assertThat(few.enter(at("mx.k" + i + ".com", "198.51." + i + ".1"), inTime(), Haste.PATIENT))
                    .as("for lists, too")
                    .isPresent();
        }
    }

    @Test
    void waitsForItsTurnWhenThatComesInTime() {
        var pace = new Pace(3, Duration.ofSeconds(10));
        var now = clock.instant();
        for (int i = 0; i < 3; i++) {
            assertThat(pace.turn(now, Duration.ZERO)).contains(Duration.ZERO);
        }
        assertThat(pace.turn(now, Duration.ofSeconds(9))).isEmpty();
        assertThat(pace.turn(now.plusSeconds(4), Duration.ofSeconds(6))).contains(Duration.ofSeconds(6));
        assertThat(pace.turn(now.plusSeconds(4), Duration.ofSeconds(6))).contains(Duration.ofSeconds(6));
        assertThat(pace.turn(now.plusSeconds(4), Duration.ofSeconds(6))).contains(Duration.ofSeconds(6));
        assertThat(pace.turn(now.plusSeconds(4), Duration.ofSeconds(15))).isEmpty();
        assertThat(pace.turn(now.plusSeconds(4), Duration.ofSeconds(16))).contains(Duration.ofSeconds(16));
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
            var elsewhere = new EmailAddress("jane", new Domain("also.sandbox-mail.com"));
            var second = threads.submit(() -> bench.probe.probe(elsewhere, hosts, patient));
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
    void opensFewSessionsHoweverManyAsk() throws Exception {
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
            // Clean answers let it grow; a host may see a new connection before it notices that an old one has been
            // closed.
            assertThat(bench.host.sessionsAtOnceMax()).isLessThanOrEqualTo(2 * HostLimits.POLITE.sessionsMax());
            assertThat(bench.host.sessions()).isLessThanOrEqualTo(8);
        }
    }
}
