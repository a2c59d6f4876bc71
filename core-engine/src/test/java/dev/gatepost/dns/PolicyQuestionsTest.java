package dev.gatepost.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.Domain;
import dev.gatepost.dns.DomainPolicy.Dmarc;
import dev.gatepost.dns.DomainPolicy.MtaSts;
import dev.gatepost.dns.DomainPolicy.Spf;
import dev.gatepost.sandbox.FakeZone;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PolicyQuestionsTest {
    private static final Domain CUSTOMER = new Domain("customer.com");

    /** Longer than any answer of these tests takes. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeZone zone = new FakeZone()
            .mx("customer.com", 10, "mx.mail.com")
            .address("mx.mail.com", "192.0.1.1")
            .text("customer.com", "v=spf1 mx -all")
            .text("_dmarc.customer.com", "v=DMARC1; p=reject")
            .text("_mta-sts.customer.com", "v=STSv1; id=1");

    @Test
    void readsWhatTheDomainPublishes() {
        assertThat(router(zone).askPolicies(CUSTOMER, plenty()).landed(LONG))
                .isEqualTo(new DomainPolicy(Spf.PRESENT, Dmarc.REJECT, MtaSts.PRESENT));
    }

    @Test
    void asksAllThreeAtOnce() {
        var asked = new CountDownLatch(3);
        Resolver together = (name, type) -> {
            asked.countDown();
            awaitQuietly(asked);
            return zone.ask(name, type);
        };

        assertThat(router(together).askPolicies(CUSTOMER, plenty()).landed(LONG).mtaSts())
                .isEqualTo(MtaSts.PRESENT);
    }

    @Test
    void takesWhatHasArrivedAndLeavesTheRestUnknown() {
        var never = new CountDownLatch(1);
        Resolver slowForDmarc = (name, type) -> {
            if (name.startsWith("_dmarc.")) {
                awaitQuietly(never);
            }
            return zone.ask(name, type);
        };
        var questions = router(slowForDmarc).askPolicies(CUSTOMER, plenty());

        assertThat(questions.landed(Duration.ofSeconds(2)))
                .isEqualTo(new DomainPolicy(Spf.PRESENT, Dmarc.UNKNOWN, MtaSts.PRESENT));
        never.countDown();
    }

    @Test
    @DisplayName("M8: policies are asked for on what the route left of the verification's budget")
    void staysWithinTheBudgetOfTheVerification() {
        var budget = new QueryBudget(6, LONG);
        var router = router(zone);

        assertThat(router.route(CUSTOMER, budget)).isInstanceOf(MailRoute.MxHosts.class); // five questions
        var policy = router.askPolicies(CUSTOMER, budget).landed(LONG);

        assertThat(Stream.of(
                                policy.spf() != Spf.UNKNOWN,
                                policy.dmarc() != Dmarc.UNKNOWN,
                                policy.mtaSts() != MtaSts.UNKNOWN)
                        .filter(known -> known))
                .hasSize(1);
    }

    private static MailRouter router(Resolver resolver) {
        return new MailRouter(resolver, _ -> true, new Random(1));
    }

    private static QueryBudget plenty() {
        return new QueryBudget(QueryBudget.QUERIES_MAX, LONG);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
