package dev.gatepost.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.dns.Resolver;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.MailScript.Quirk;
import dev.gatepost.sandbox.ScriptedMailHost;
import dev.gatepost.smtp.HostLimits;
import dev.gatepost.smtp.SmtpIdentity;
import dev.gatepost.smtp.SmtpProbe;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.verify.VerifyRequest.Depth;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller's patience bounds every wait, and what it does not last for may go on behind it. */
@Timeout(60)
class VerifierDeadlineTest {
    private static final InstantSource CLOCK = InstantSource.system();

    private static final Duration BRIEF = Duration.ofMillis(50);

    /** Far below the 28 s that name servers and mail hosts may take, far above what a loaded machine adds. */
    private static final Duration CUT_SHORT = Duration.ofSeconds(7);

    private static final HostLimits ROOMY = new HostLimits(2, 4, 10_000, 10_000, 200);

    private final FakeZone zone =
            new FakeZone().mx("customer.com", 10, "mx.works-host.net").address("mx.works-host.net", "127.0.0.1");

    private final CountDownLatch released = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<Verification> later = new ConcurrentLinkedQueue<>();
    private final ScriptedMailHost host = ScriptedMailHost.start(MailScript.knowing("jane", "slow"));
    private final Resolver silent = (name, type) -> {
        awaitRelease();
        return zone.ask(name, type);
    };

    @AfterEach
    void close() {
        released.countDown();
        host.close();
    }

    @Test
    void isInNoHurryUnlessToldTo() {
        try (var verifier = verifier(zone, ROOMY)) {
            var verification = verifier.verify(request("jane@customer.com"));

            assertThat(verification.verdict().reason()).isEqualTo(Reason.ACCEPTED);
            assertThat(verification.isFinal()).isTrue();
        }
    }

    @Test
    void answersWhatItKnowsWhileNameServersAreSilent() {
        try (var verifier = verifier(silent, ROOMY)) {
            var verification = verifier.verify(request("info@gmial.com").within(BRIEF));

            assertThat(verification.took()).isLessThan(CUT_SHORT);
            assertThat(verification.verdict().reason()).isEqualTo(Reason.DNS_TEMPORARY);
            assertThat(verification.isFinal()).isFalse();
            assertThat(verification.verdict().has(Trait.ROLE)).isTrue();
            assertThat(verification.suggestion()).isEqualTo("info@gmail.com");
        }
    }

    @Test
    void answersWhatItKnowsWhileTheMailHostIsSilentAndLeavesNoConnection() {
        host.follow(MailScript.knowing().silent());
        try (var verifier = verifier(zone, ROOMY)) {
            var verification = verifier.verify(request("jane@customer.com").within(BRIEF));

            assertThat(verification.took()).isLessThan(CUT_SHORT);
            assertThat(verification.verdict().reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(verification.isFinal()).isFalse();
            assertThat(verification.mx()).containsExactly("mx.works-host.net");
            await().until(() -> host.sessionsOpen() == 0);
        }
    }

    @Test
    void holdsNothingAgainstAHostThatTheCallerDidNotWaitFor() {
        host.follow(MailScript.knowing("jane").with(Quirk.STALLS_AT_FIRST_RCPT));
        try (var verifier = verifier(zone, ROOMY)) {
            var cut = verifier.verify(request("jane@customer.com").within(Duration.ofMillis(500)));
            assertThat(cut.isFinal()).isFalse();

            var whole = verifier.verify(request("jane@customer.com"));

            assertThat(whole.verdict().reason()).isEqualTo(Reason.ACCEPTED);
            assertThat(host.commands().stream().filter(line -> line.startsWith("EHLO")))
                    .as("one connection for each, so groups are still sent")
                    .hasSize(2);
        }
    }

    @Test
    void waitsNoLongerForAPlaceInAFullGroup() throws InterruptedException {
        host.follow(MailScript.knowing("jane", "slow").slow(Duration.ofSeconds(3)));
        try (var verifier = verifier(zone, new HostLimits(1, 1, 10_000, 10_000, 1))) {
            var first = Thread.ofVirtual().start(() -> verifier.verify(request("slow@customer.com")));
            await().until(() -> host.sessionsOpen() == 1);

            var second = verifier.verify(request("jane@customer.com").within(BRIEF));

            assertThat(second.verdict().reason()).isEqualTo(Reason.BUSY);
            assertThat(second.isFinal()).isFalse();
            assertThat(host.sessions()).isOne();
            first.interrupt();
            first.join();
        }
    }

    @Test
    void waitsNoLongerForATurn() {
        try (var verifier = verifier(zone, new HostLimits(1, 1, 1, 10_000, 1))) {
            assertThat(verifier.verify(request("jane@customer.com")).isFinal()).isTrue();

            var second = verifier.verify(request("slow@customer.com").within(BRIEF));

            assertThat(second.took()).isLessThan(CUT_SHORT);
            assertThat(second.verdict().reason()).isEqualTo(Reason.BUSY);
        }
    }

    @Test
    void goesOnBehindTheCallerAndDeliversTheWholeAnswerOnce() {
        try (var verifier = verifier(silent, ROOMY)) {
            var now = verifier.verify(request("jane@customer.com").within(BRIEF), later::add);

            assertThat(now.verdict().reason()).isEqualTo(Reason.IN_PROGRESS);
            assertThat(now.verdict().status()).isEqualTo(Status.UNKNOWN);
            assertThat(now.isFinal()).isFalse();
            assertThat(later).isEmpty();

            released.countDown();
            await().until(() -> !later.isEmpty());
            assertThat(later).singleElement().satisfies(whole -> {
                assertThat(whole.id()).isEqualTo(now.id());
                assertThat(whole.verdict().reason()).isEqualTo(Reason.ACCEPTED);
                assertThat(whole.isFinal()).isTrue();
            });
        }
    }

    @Test
    void deliversNothingLaterWhenTheAnswerWasThereInTime() {
        try (var verifier = verifier(zone, ROOMY)) {
            var now = verifier.verify(request("jane@customer.com").within(Duration.ofSeconds(20)), later::add);

            assertThat(now.verdict().reason()).isEqualTo(Reason.ACCEPTED);
        }
        assertThat(later).isEmpty();
    }

    @Test
    void doesNotGoOnWhenTooManyDo() {
        var bound = new GoingOn(1);
        try (var verifier = verifier(silent, ROOMY, bound)) {
            assertThat(verifier.verify(request("jane@customer.com").within(BRIEF), later::add)
                            .verdict()
                            .reason())
                    .isEqualTo(Reason.IN_PROGRESS);

            var second = verifier.verify(request("slow@customer.com").within(BRIEF), later::add);

            assertThat(second.verdict().reason()).isEqualTo(Reason.DNS_TEMPORARY);
            released.countDown();
            await().until(bound::enter);
            assertThat(later).hasSize(1);
        }
    }

    @Test
    void callsOffWhatGoesOnWhenItIsClosed() {
        host.follow(MailScript.knowing().silent());
        var verifier = verifier(zone, ROOMY);
        assertThat(verifier.verify(request("jane@customer.com").within(BRIEF), later::add)
                        .isFinal())
                .isFalse();
        await().until(() -> host.sessionsOpen() == 1);

        verifier.close();

        await().until(() -> host.sessionsOpen() == 0);
        assertThat(later).isEmpty();
        assertThat(verifier.verify(request("jane@customer.com").within(BRIEF), later::add)
                        .verdict()
                        .reason())
                .as("nothing goes on any longer")
                .isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void tellsTheCallerOfAMistakeOfOurs() {
        Resolver broken = (_, _) -> {
            throw new IllegalStateException("broken");
        };
        try (var verifier = verifier(broken, ROOMY)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> verifier.verify(request("jane@customer.com"), later::add));
        }
        assertThat(later).isEmpty();
    }

    @Test
    void refusesARequestWithoutAnyPatience() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request("jane@customer.com").within(Duration.ZERO));
    }

    private Verifier verifier(Resolver resolver, HostLimits limits) {
        return verifier(resolver, limits, new GoingOn(GoingOn.VERIFICATIONS_MAX));
    }

    private Verifier verifier(Resolver resolver, HostLimits limits, GoingOn goingOn) {
        var egress = new Egress(EgressRules.parse("smtp=127.0.0.1:" + host.port()), CLOCK);
        var probe = new SmtpProbe(
                egress,
                new SmtpIdentity("verifier.customer.com", "probe@customer.com"),
                host.port(),
                CLOCK,
                new Random(1),
                limits);
        var router = new MailRouter(resolver, _ -> true, new Random(1));
        return new Verifier(Knowledge.shipped(), router, probe, CLOCK, goingOn);
    }

    private static VerifyRequest request(String address) {
        return new VerifyRequest("id-" + address, address, AddressDialect.SMTP, Depth.FULL, SmtpTimeouts.REAL_TIME);
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
