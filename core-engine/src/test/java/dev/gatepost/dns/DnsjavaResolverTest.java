package dev.gatepost.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.dns.Answer.FailureCause;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.sandbox.SandboxNameServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

class DnsjavaResolverTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-08-01T00:00:00Z"));
    private final FakeZone zone = new FakeZone();
    private final SandboxNameServer server = SandboxNameServer.start(zone);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void readsEachTypeOfRecord() {
        zone.mx("customer.com", 10, "MX1.Customer.com")
                .mx("customer.com", 20, "")
                .address("customer.com", "192.0.1.1")
                .address("customer.com", "2a00::1")
                .text("customer.com", "v=spf1 \"quoted\" \\ é " + "x".repeat(300))
                .pointer("1.1.0.192.in-addr.arpa", "mx1.customer.com");
        var resolver = resolver(server.address());

        assertThat(found(resolver.ask("customer.com", RecordType.MX)))
                .containsExactlyInAnyOrder(new Answer.MxData(10, "mx1.customer.com"), new Answer.MxData(20, ""));
        assertThat(found(resolver.ask("customer.com", RecordType.A)))
                .containsExactly(new Answer.AddressData(InetAddress.ofLiteral("192.0.1.1")));
        assertThat(found(resolver.ask("customer.com", RecordType.AAAA)))
                .containsExactly(new Answer.AddressData(InetAddress.ofLiteral("2a00::1")));
        assertThat(found(resolver.ask("customer.com", RecordType.TXT)))
                .containsExactly(new Answer.TextData("v=spf1 \"quoted\" \\ é " + "x".repeat(300)));
        assertThat(found(resolver.ask("1.1.0.192.in-addr.arpa", RecordType.PTR)))
                .containsExactly(new Answer.NameData("mx1.customer.com"));
    }

    @Test
    void tellsANameWithoutTheRecordFromNoName() {
        zone.address("customer.com", "192.0.1.1");
        var resolver = resolver(server.address());

        assertThat(resolver.ask("customer.com", RecordType.MX)).isInstanceOf(Answer.NoData.class);
        assertThat(resolver.ask("nobody.com", RecordType.MX)).isInstanceOf(Answer.NoSuchName.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVFAIL", "REFUSED", "MALFORMED", "TIMEOUT"})
    void tellsEachFailureFromANo(FailureCause cause) {
        zone.failing("broken.com", cause);

        assertThat(resolver(server.address()).ask("broken.com", RecordType.MX)).isEqualTo(new Answer.Failed(cause));
    }

    @Test
    void asksASilentServerOnceMore() {
        zone.failing("broken.com", FailureCause.TIMEOUT);

        var answer = resolver(server.address()).ask("broken.com", RecordType.MX);

        assertThat(answer).isEqualTo(new Answer.Failed(FailureCause.TIMEOUT));
        assertThat(server.asked("broken.com", RecordType.MX)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVFAIL", "REFUSED", "MALFORMED", "TIMEOUT"})
    void asksTheSecondServerWhenTheFirstFails(FailureCause cause) {
        zone.mx("customer.com", 10, "mx.customer.com");
        try (var broken = SandboxNameServer.start(new FakeZone().failing("customer.com", cause))) {
            var answer = resolver(broken.address(), server.address()).ask("customer.com", RecordType.MX);

            assertThat(found(answer)).hasSize(1);
            assertThat(broken.asked()).isEqualTo(1);
        }
    }

    @Test
    void asksTheSecondServerWhenNobodyListensAtTheFirst() {
        zone.mx("customer.com", 10, "mx.customer.com");
        var gone = SandboxNameServer.start(new FakeZone());
        gone.close();

        assertThat(found(resolver(gone.address(), server.address()).ask("customer.com", RecordType.MX)))
                .hasSize(1);
    }

    @Test
    void asksASilentServerLastForHalfAMinute() throws IOException {
        try (var silent = HostileNameServer.byDatagram(_ -> List.of())) {
            var resolver = resolver(silent.address(), server.address());
            resolver.ask("one.com", RecordType.MX);
            resolver.ask("two.com", RecordType.MX);
            assertThat(silent.datagramQueries).hasValue(1);

            pass(Duration.ofSeconds(30));
            resolver.ask("three.com", RecordType.MX);
            assertThat(silent.datagramQueries).hasValue(2);
        }
    }

    @Test
    void saysUnreachableWhenNobodyListensAndRemembersNothingOfIt() {
        var gone = SandboxNameServer.start(new FakeZone());
        gone.close();
        var resolver = resolver(gone.address());

        assertThat(resolver.ask("customer.com", RecordType.MX)).isEqualTo(new Answer.Failed(FailureCause.UNREACHABLE));
        try (var back = SandboxNameServer.start(zone.mx("customer.com", 1, "mx.customer.com"), gone.address())) {
            assertThat(found(resolver.ask("customer.com", RecordType.MX))).hasSize(1);
            assertThat(back.asked()).isEqualTo(1);
        }
    }

    @Test
    void asksNoServerThatEgressRefuses() {
        var resolver = new DnsjavaResolver(
                new Egress(EgressRules.strict(), InstantSource.system()),
                List.of(server.address()),
                now::get,
                random());

        assertThat(resolver.ask("customer.com", RecordType.MX)).isEqualTo(new Answer.Failed(FailureCause.UNREACHABLE));
        assertThat(server.asked()).isZero();
    }

    @Test
    void asksOverTcpWhenTheAnswerIsTruncated() {
        for (int i = 0; i < 60; i++) {
            zone.mx("many.com", i, "a-rather-long-name-for-a-mail-host-" + i + ".many.com");
        }

        assertThat(found(resolver(server.address()).ask("many.com", RecordType.MX)))
                .hasSize(60);
        assertThat(server.asked("many.com", RecordType.MX)).isEqualTo(2);
        assertThat(resolver(server.address()).ask("many.com", RecordType.MX, new QueryBudget(1, Duration.ofSeconds(5))))
                .as("the second query, over TCP, counts too")
                .isEqualTo(new Answer.Failed(FailureCause.BUDGET));
    }

    @Test
    void followsAliasesAndSaysSo() {
        zone.alias("www.customer.com", "web.customer.com")
                .alias("web.customer.com", "real.customer.com")
                .mx("real.customer.com", 10, "mx.customer.com");

        assertThat(resolver(server.address()).ask("www.customer.com", RecordType.MX))
                .isEqualTo(new Answer.Found(
                        List.of(new Answer.MxData(10, "mx.customer.com")), Duration.ofMinutes(5), true));
        assertThat(server.asked()).isEqualTo(1);
    }

    @Test
    void givesNoDataForAnAliasWhoseTargetHasNoSuchRecord() {
        zone.alias("www.customer.com", "web.customer.com").address("web.customer.com", "192.0.1.1");

        assertThat(resolver(server.address()).ask("www.customer.com", RecordType.MX))
                .isInstanceOf(Answer.NoData.class);
    }

    @Test
    void findsOneCacheEntryWhateverTheCaseOfTheName() {
        zone.mx("customer.com", 10, "mx.customer.com");
        var resolver = resolver(server.address());

        resolver.ask("CUSTOMER.com", RecordType.MX);
        resolver.ask("customer.COM.", RecordType.MX);

        assertThat(server.asked()).isEqualTo(1);
    }

    @Test
    void asksOnceWhateverTheNumberOfAskersAtOnce() throws Exception {
        var released = new CountDownLatch(1);
        try (var slow = HostileNameServer.byDatagram(query -> {
                    awaitUninterrupted(released);
                    return List.of(withAddress(query, "192.0.1.1", 300));
                });
                var askers = Executors.newVirtualThreadPerTaskExecutor()) {
            var resolver = resolver(slow.address());
            var answers = IntStream.range(0, 1_000)
                    .mapToObj(_ -> askers.submit(() -> resolver.ask("customer.com", RecordType.A)))
                    .toList();
            released.countDown();

            for (var answer : answers) {
                assertThat(found(answer.get())).hasSize(1);
            }
            assertThat(slow.datagramQueries).hasValue(1);
        }
    }

    @Test
    void asksAgainWhenTheTimeToLiveIsOver() {
        zone.mx("customer.com", 10, "mx.customer.com");
        var resolver = resolver(server.address());
        resolver.ask("customer.com", RecordType.MX);

        pass(Duration.ofMinutes(5).minusMillis(1));
        resolver.ask("customer.com", RecordType.MX);
        assertThat(server.asked()).isEqualTo(1);

        pass(Duration.ofMillis(1));
        resolver.ask("customer.com", RecordType.MX);
        assertThat(server.asked()).isEqualTo(2);
    }

    @Test
    void leavesAFailingNameAloneForHalfAMinute() {
        zone.failing("broken.com", FailureCause.SERVFAIL);
        var resolver = resolver(server.address());

        resolver.ask("broken.com", RecordType.MX);
        resolver.ask("broken.com", RecordType.MX);
        assertThat(server.asked()).isEqualTo(1);

        pass(Duration.ofSeconds(30));
        resolver.ask("broken.com", RecordType.MX);
        assertThat(server.asked()).isEqualTo(2);
    }

    @Test
    void countsEachQueryThatLeavesAgainstTheBudgetAndNoneTheCacheAnswers() {
        zone.mx("one.com", 10, "mx.one.com").mx("two.com", 10, "mx.two.com");
        var resolver = resolver(server.address());
        var budget = new QueryBudget(1, Duration.ofSeconds(5));

        assertThat(found(resolver.ask("one.com", RecordType.MX, budget))).hasSize(1);
        assertThat(found(resolver.ask("one.com", RecordType.MX, budget))).hasSize(1);
        assertThat(resolver.ask("two.com", RecordType.MX, budget)).isEqualTo(new Answer.Failed(FailureCause.BUDGET));
        assertThat(found(resolver.ask("two.com", RecordType.MX))).hasSize(1);
    }

    @Test
    void doesNotPassOnAnothersSpentBudget() throws Exception {
        var released = new CountDownLatch(1);
        try (var lossy = HostileNameServer.byDatagram(query -> {
                    awaitUninterrupted(released);
                    return List.of();
                });
                var askers = Executors.newVirtualThreadPerTaskExecutor()) {
            var resolver = resolver(lossy.address(), server.address());
            zone.mx("customer.com", 10, "mx.customer.com");
            var poor = askers.submit(
                    () -> resolver.ask("customer.com", RecordType.MX, new QueryBudget(1, Duration.ofSeconds(6))));
            await().until(() -> lossy.datagramQueries.get() == 1);
            var rich = askers.submit(() -> resolver.ask("customer.com", RecordType.MX));
            released.countDown();

            assertThat(poor.get()).isEqualTo(new Answer.Failed(FailureCause.BUDGET));
            assertThat(found(rich.get())).hasSize(1);
        }
    }

    @Test
    void drawsANewIdForEachQuery() throws IOException {
        var ids = new ConcurrentLinkedQueue<Integer>();
        try (var server = HostileNameServer.byDatagram(query -> {
            ids.add(query.getHeader().getID());
            return List.of(withAddress(query, "192.0.1.1", 300));
        })) {
            var resolver = resolver(server.address());
            IntStream.range(0, 20).forEach(i -> resolver.ask("name" + i + ".com", RecordType.A));
        }

        assertThat(ids.stream().distinct().count()).isGreaterThan(15);
    }

    @Test
    void cannotAskForANameThatIsNone() {
        assertThat(resolver(server.address()).ask("a".repeat(64) + ".com", RecordType.A))
                .isEqualTo(new Answer.Failed(FailureCause.MALFORMED));
        assertThat(resolver(server.address()).ask("a..com", RecordType.A))
                .isEqualTo(new Answer.Failed(FailureCause.MALFORMED));
    }

    private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private DnsjavaResolver resolver(InetSocketAddress... servers) {
        var rules = EgressRules.strict().withNameServers(List.of(servers));
        return new DnsjavaResolver(new Egress(rules, InstantSource.system()), List.of(servers), now::get, random());
    }

    private static SecureRandom random() {
        return new SecureRandom();
    }

    private static List<Answer.Data> found(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Found.class);
        return ((Answer.Found) answer).records();
    }

    private static byte[] withAddress(Message query, String address, long ttl) {
        var answer = HostileNameServer.answer(query);
        answer.addRecord(
                new ARecord(query.getQuestion().getName(), DClass.IN, ttl, InetAddress.ofLiteral(address)),
                Section.ANSWER);
        return answer.toWire();
    }
}
