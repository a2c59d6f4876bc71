package dev.gatepost.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.dns.DomainPolicy;
import dev.gatepost.dns.DomainPolicy.Dmarc;
import dev.gatepost.dns.DomainPolicy.MtaSts;
import dev.gatepost.dns.DomainPolicy.Spf;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.dns.RecordType;
import dev.gatepost.dns.Resolver;
import dev.gatepost.egress.Dialled;
import dev.gatepost.lists.ReferenceLists;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.smtp.SmtpIdentity;
import dev.gatepost.smtp.SmtpProbe;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.verify.VerifyRequest.Depth;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A domain's policies are evidence when they are there in time, and nobody waits for them otherwise. */
@Timeout(30)
class VerifierPoliciesTest {
    private static final InstantSource CLOCK = InstantSource.system();

    private final FakeZone zone = new FakeZone()
            .mx("customer.com", 10, "mx.mail.com")
            .address("mx.mail.com", "192.0.1.1")
            .text("customer.com", "v=spf1 mx -all")
            .text("_dmarc.customer.com", "v=DMARC1; p=none")
            .mx("null-mx.com", 0, "")
            .text("null-mx.com", "v=spf1 -all");

    private final CountDownLatch released = new CountDownLatch(1);

    /** Answers everything but TXT, until released. */
    private final Resolver silentForText = (name, type) -> {
        if (type == RecordType.TXT) {
            awaitRelease();
        }
        return zone.ask(name, type);
    };

    @AfterEach
    void release() {
        released.countDown();
    }

    @Test
    void addsPoliciesWhereSmtpIsOff() {
        var verification = verify(withoutSmtp(zone), "jane@customer.com");

        assertThat(verification.evidence())
                .contains(new Evidence.Policies(new DomainPolicy(Spf.PRESENT, Dmarc.NONE, MtaSts.ABSENT)));
        assertThat(verification.verdict().score()).isEqualTo(50 + 3 + 2);
    }

    @Test
    void goesOnWithoutPoliciesThatAreNotThereInTime() {
        var verification = verify(withoutSmtp(silentForText), "jane@customer.com");

        assertThat(policies(verification)).isEmpty();
        assertThat(verification.verdict().reason()).isEqualTo(Reason.SMTP_OFF);
        assertThat(verification.took()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void doesNotWaitForPoliciesWhenTheMailHostHasAnswered() {
        var verification = verify(probing(silentForText), "jane@customer.com");

        assertThat(policies(verification)).isEmpty();
        assertThat(verification.verdict().reason()).isEqualTo(Reason.CONNECTION_FAILED);
        assertThat(released.getCount()).as("TXT is still unanswered").isOne();
    }

    @Test
    void addsPoliciesThatArriveWhileTheMailHostIsAsked() {
        await().until(() ->
                !policies(verify(probing(zone), "jane@customer.com")).isEmpty());
    }

    @Test
    void asksForNoPoliciesWhereNoMailCanGo() {
        var asked = new ConcurrentLinkedQueue<RecordType>();
        Resolver counting = (name, type) -> {
            asked.add(type);
            return zone.ask(name, type);
        };

        assertThat(verify(withoutSmtp(counting), "jane@null-mx.com").verdict().reason())
                .isEqualTo(Reason.NULL_MX);
        assertThat(asked).doesNotContain(RecordType.TXT);
    }

    private static List<Evidence> policies(Verification verification) {
        return verification.evidence().stream()
                .filter(Evidence.Policies.class::isInstance)
                .toList();
    }

    private static Verifier withoutSmtp(Resolver resolver) {
        return Verifier.withoutSmtp(ReferenceLists.shipped(), router(resolver), CLOCK);
    }

    /** Every mail host refuses the connection at once. */
    private static Verifier probing(Resolver resolver) {
        var probe = new SmtpProbe(
                (_, _, _) -> new Dialled.Unreachable(Dialled.Cause.CONNECTION_REFUSED, "refused"),
                new SmtpIdentity("verifier.customer.com", "probe@customer.com"),
                25,
                CLOCK,
                new Random(1));
        return Verifier.probing(ReferenceLists.shipped(), router(resolver), probe, CLOCK);
    }

    private static MailRouter router(Resolver resolver) {
        return new MailRouter(resolver, _ -> true, new Random(1));
    }

    private static Verification verify(Verifier verifier, String address) {
        return verifier.verify(
                new VerifyRequest("id", address, AddressDialect.SMTP, Depth.FULL, SmtpTimeouts.REAL_TIME));
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
