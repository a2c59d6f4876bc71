package dev.gatepost.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.Domain;
import dev.gatepost.dns.Answer.FailureCause;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.sandbox.SandboxNameServer;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MailRouterTest {
    private static final Domain CUSTOMER = new Domain("customer.com");
    private static final Egress EGRESS = new Egress(EgressRules.strict(), InstantSource.system());

    private final FakeZone zone = new FakeZone();

    @Test
    void findsTheHostsThatMxNames() {
        zone.mx("customer.com", 20, "b.mail.com")
                .mx("customer.com", 10, "a.mail.com")
                .address("a.mail.com", "2a00::1")
                .address("a.mail.com", "192.0.1.1")
                .address("b.mail.com", "192.0.1.2");

        assertThat(route())
                .isEqualTo(new MailRoute.MxHosts(
                        List.of(
                                new MailHost("a.mail.com", 10, addresses("192.0.1.1", "2a00::1")),
                                new MailHost("b.mail.com", 20, addresses("192.0.1.2"))),
                        List.of()));
    }

    @Test
    void shufflesHostsOfEqualPreferenceAndNoOthers() {
        zone.mx("customer.com", 5, "best.mail.com").address("best.mail.com", "192.0.1.9");
        for (var name : List.of("a", "b", "c")) {
            zone.mx("customer.com", 10, name + ".mail.com").address(name + ".mail.com", "192.0.1.1");
        }
        var router = router(zone);
        var seconds = new HashSet<String>();
        for (int i = 0; i < 50; i++) {
            var names =
                    hosts(router.route(CUSTOMER)).stream().map(MailHost::name).toList();
            assertThat(names).first().isEqualTo("best.mail.com");
            seconds.add(names.get(1));
        }

        assertThat(seconds).containsExactlyInAnyOrder("a.mail.com", "b.mail.com", "c.mail.com");
    }

    @Test
    void takesASingleRootOfPreferenceZeroForANullMx() {
        zone.mx("customer.com", 0, "").address("customer.com", "192.0.1.1");

        assertThat(route()).isEqualTo(new MailRoute.NullMx());
    }

    @Test
    void ignoresARootAmongOtherMx() {
        zone.mx("customer.com", 0, "").mx("customer.com", 10, "a.mail.com").address("a.mail.com", "192.0.1.1");

        assertThat(route())
                .isEqualTo(new MailRoute.MxHosts(
                        List.of(new MailHost("a.mail.com", 10, addresses("192.0.1.1"))),
                        List.of("null_mx_among_others")));
    }

    @Test
    void takesARootOfAnotherPreferenceForNoHostRatherThanANullMx() {
        zone.mx("customer.com", 10, "").address("customer.com", "192.0.1.1");

        assertThat(route()).isEqualTo(new MailRoute.Unresolvable(List.of()));
    }

    @Test
    void takesTheDomainItselfForItsHostWithoutMx() {
        zone.address("customer.com", "192.0.1.1").address("customer.com", "2a00::1");

        assertThat(route())
                .isEqualTo(
                        new MailRoute.ImplicitMx(new MailHost("customer.com", 0, addresses("192.0.1.1", "2a00::1"))));
    }

    @Test
    void fallsNotBackToTheDomainsAddressWhenMxTargetsDoNotExist() {
        zone.mx("customer.com", 10, "gone.mail.com").address("customer.com", "192.0.1.1");

        assertThat(route()).isEqualTo(new MailRoute.Unresolvable(List.of("gone.mail.com")));
    }

    @Test
    void tellsNoDomainFromADomainWithoutHosts() {
        assertThat(route()).isEqualTo(new MailRoute.NoDomain());

        zone.text("customer.com", "v=spf1 -all");
        assertThat(route()).isEqualTo(new MailRoute.NoHosts());
    }

    @ParameterizedTest
    @EnumSource(FailureCause.class)
    void saysNothingAboutADomainThatCouldNotBeAsked(FailureCause cause) {
        zone.failing("customer.com", cause);

        assertThat(route()).isEqualTo(new MailRoute.Failed(cause));
    }

    @Test
    void saysNothingWhenOneOfTheTargetsCouldNotBeAskedAndTheOthersHaveNoAddress() {
        zone.mx("customer.com", 10, "gone.mail.com")
                .mx("customer.com", 20, "broken.mail.com")
                .mx("customer.com", 30, "inside.mail.com")
                .address("inside.mail.com", "10.0.0.1")
                .failing("broken.mail.com", FailureCause.SERVFAIL);

        assertThat(route()).isEqualTo(new MailRoute.Failed(FailureCause.SERVFAIL));
    }

    @Test
    void usesTheOtherHostsWhenOneCouldNotBeAsked() {
        zone.mx("customer.com", 10, "broken.mail.com")
                .mx("customer.com", 20, "a.mail.com")
                .address("a.mail.com", "192.0.1.1")
                .failing("broken.mail.com", FailureCause.SERVFAIL);

        assertThat(hosts(route())).extracting(MailHost::name).containsExactly("a.mail.com");
    }

    @Test
    void saysNothingWithoutMxWhenOneFamilyCouldNotBeAsked() {
        Resolver half = (_, type) -> switch (type) {
            case MX -> new Answer.NoData(Duration.ZERO);
            case A -> new Answer.Failed(FailureCause.TIMEOUT);
            default -> new Answer.NoData(Duration.ZERO);
        };

        assertThat(router(half).route(CUSTOMER)).isEqualTo(new MailRoute.Failed(FailureCause.TIMEOUT));
    }

    @Test
    void believesAnAddressMoreThanTheDenialOfItsNameForMx() {
        Resolver inconsistent = (_, type) -> switch (type) {
            case A ->
                new Answer.Found(
                        List.of(new Answer.AddressData(InetAddress.ofLiteral("192.0.1.1"))), Duration.ZERO, false);
            default -> new Answer.NoSuchName(Duration.ZERO);
        };

        assertThat(router(inconsistent).route(CUSTOMER)).isInstanceOf(MailRoute.ImplicitMx.class);
    }

    @ParameterizedTest(name = "MX to {0}")
    @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "100.64.0.1", "169.254.169.254", "0.0.0.0", "::1", "fd00::1"})
    void neverRoutesToAnAddressThatPublicMailCannotHave(String address) {
        zone.mx("customer.com", 10, "inside.mail.com").address("inside.mail.com", address);
        assertThat(route()).isEqualTo(new MailRoute.Unroutable(List.of("inside.mail.com")));

        zone.address("inside.mail.com", "192.0.1.1");
        assertThat(hosts(route())).containsExactly(new MailHost("inside.mail.com", 10, addresses("192.0.1.1")));
    }

    @Test
    void neverRoutesToThePrivateAddressOfADomainWithoutMx() {
        zone.address("customer.com", "192.168.0.1");

        assertThat(route()).isEqualTo(new MailRoute.Unroutable(List.of("customer.com")));
    }

    @ParameterizedTest(name = "MX {0}")
    @ValueSource(strings = {"192.0.1.1", "2a00::1"})
    void cannotUseAnAddressWrittenAsAHostName(String text) {
        zone.mx("customer.com", 10, text).address(text, "192.0.1.1");
        assertThat(route()).isEqualTo(new MailRoute.Unresolvable(List.of(text)));

        zone.mx("customer.com", 20, "a.mail.com").address("a.mail.com", "192.0.1.1");
        assertThat(route())
                .isEqualTo(new MailRoute.MxHosts(
                        List.of(new MailHost("a.mail.com", 20, addresses("192.0.1.1"))), List.of("mx_is_address")));
    }

    @Test
    void followsATargetThatIsAnAliasAndNotesIt() {
        zone.mx("customer.com", 10, "alias.mail.com")
                .alias("alias.mail.com", "real.mail.com")
                .address("real.mail.com", "192.0.1.1");

        assertThat(route())
                .isEqualTo(new MailRoute.MxHosts(
                        List.of(new MailHost("alias.mail.com", 10, addresses("192.0.1.1"))), List.of("mx_is_cname")));
    }

    @Test
    void followsADomainThatIsAnAlias() {
        zone.alias("customer.com", "real.com").mx("real.com", 10, "a.mail.com").address("a.mail.com", "192.0.1.1");

        assertThat(hosts(route())).hasSize(1);
    }

    @Test
    void keepsFiveHostsAndFourAddressesOfEach() {
        for (int i = 0; i < 30; i++) {
            zone.mx("customer.com", i, "mx" + i + ".mail.com");
            for (int j = 1; j <= 6; j++) {
                zone.address("mx" + i + ".mail.com", "192.0.1." + j);
            }
        }

        assertThat(hosts(route()))
                .extracting(MailHost::name)
                .containsExactly("mx0.mail.com", "mx1.mail.com", "mx2.mail.com", "mx3.mail.com", "mx4.mail.com");
        assertThat(hosts(route()))
                .allSatisfy(host -> assertThat(host.addresses()).hasSize(4));
    }

    @Test
    void looksFurtherBeforeItSaysThatNoHostExists() {
        for (int i = 0; i < 7; i++) {
            zone.mx("customer.com", i, "mx" + i + ".mail.com");
        }
        zone.address("mx6.mail.com", "192.0.1.1");

        assertThat(hosts(route())).extracting(MailHost::name).containsExactly("mx6.mail.com");
    }

    @Test
    void saysThatTheBudgetIsSpentRatherThanThatNoneOfThirtyHostsExists() throws Exception {
        for (int i = 0; i < 30; i++) {
            zone.mx("customer.com", i, "mx" + i + ".mail.com");
        }
        try (var server = SandboxNameServer.start(zone)) {
            assertThat(router(resolver(server)).route(CUSTOMER)).isEqualTo(new MailRoute.Failed(FailureCause.BUDGET));
            assertThat(server.asked()).as("M8").isLessThanOrEqualTo(30);
        }
    }

    @Test
    void givesUpWhenTheTimeIsOver() {
        var never = new CyclicBarrier(99);
        Resolver silent = (_, _) -> {
            meet(never);
            return new Answer.NoData(Duration.ZERO);
        };

        assertThat(new MailRouter(silent, EGRESS::routable, new Random(1), Duration.ofMillis(100)).route(CUSTOMER))
                .isEqualTo(new MailRoute.Failed(FailureCause.BUDGET));
    }

    @Test
    void asksForMxAndBothAddressesAtOnceAndForAllHostsAtOnce() {
        zone.mx("customer.com", 10, "a.mail.com")
                .mx("customer.com", 20, "b.mail.com")
                .address("a.mail.com", "192.0.1.1")
                .address("b.mail.com", "192.0.1.2");
        var three = new CyclicBarrier(3);
        var four = new CyclicBarrier(4);
        Resolver together = (name, type) -> {
            meet(name.equals("customer.com") ? three : four);
            return zone.ask(name, type);
        };

        assertThat(hosts(router(together).route(CUSTOMER))).hasSize(2);
        assertThat(three.isBroken() || four.isBroken()).isFalse();
    }

    @Test
    void routesThroughRealSocketsAndAsksNothingTwice() {
        zone.mx("customer.com", 10, "a.mail.com").address("a.mail.com", "192.0.1.1");
        try (var server = SandboxNameServer.start(zone)) {
            var router = router(resolver(server));
            for (int i = 0; i < 100; i++) {
                assertThat(hosts(router.route(CUSTOMER))).hasSize(1);
            }
            assertThat(server.asked("customer.com", RecordType.MX)).isEqualTo(1);
            assertThat(server.asked()).isEqualTo(5);
        }
    }

    private MailRoute route() {
        return router(zone).route(CUSTOMER);
    }

    private static MailRouter router(Resolver resolver) {
        return new MailRouter(resolver, EGRESS::routable, new Random(1));
    }

    private static Resolver resolver(SandboxNameServer server) {
        var servers = List.of(server.address());
        var egress = new Egress(EgressRules.strict().withNameServers(servers), InstantSource.system());
        return new DnsjavaResolver(egress, servers, InstantSource.system(), new SecureRandom());
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("the questions did not go out at once", e);
        }
    }

    private static List<MailHost> hosts(MailRoute route) {
        assertThat(route).isInstanceOf(MailRoute.MxHosts.class);
        return ((MailRoute.MxHosts) route).hosts();
    }

    private static List<InetAddress> addresses(String... literals) {
        return Arrays.stream(literals).map(InetAddress::ofLiteral).toList();
    }
}
