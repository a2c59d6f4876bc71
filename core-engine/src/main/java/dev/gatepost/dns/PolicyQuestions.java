package dev.gatepost.dns;

import dev.gatepost.address.Domain;
import java.time.Duration;

/** The questions about a domain's mail policies, on their way side by side. */
public final class PolicyQuestions {
    private final Pending spf;
    private final Pending dmarc;
    private final Pending mtaSts;

    private PolicyQuestions(Pending spf, Pending dmarc, Pending mtaSts) {
        this.spf = spf;
        this.dmarc = dmarc;
        this.mtaSts = mtaSts;
    }

    static PolicyQuestions ask(Resolver resolver, Domain domain, QueryBudget budget) {
        return new PolicyQuestions(
                Pending.ask(resolver, domain.ascii(), RecordType.TXT, budget),
                Pending.ask(resolver, "_dmarc." + domain.ascii(), RecordType.TXT, budget),
                Pending.ask(resolver, "_mta-sts." + domain.ascii(), RecordType.TXT, budget));
    }

    /**
     * What is known by now.
     *
     * @param patience how long to wait for all of them together; zero takes what has arrived
     */
    public DomainPolicy landed(Duration patience) {
        var until = System.nanoTime() + patience.toNanos();
        return new DomainPolicy(
                PolicyRecords.spf(spf.landedBy(until)),
                PolicyRecords.dmarc(dmarc.landedBy(until)),
                PolicyRecords.mtaSts(mtaSts.landedBy(until)));
    }
}
