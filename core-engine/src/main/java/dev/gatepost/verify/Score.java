package dev.gatepost.verify;

import dev.gatepost.dns.DomainPolicy;
import dev.gatepost.dns.DomainPolicy.Spf;
import dev.gatepost.smtp.Trust;
import dev.gatepost.verify.Evidence.CrmSaid.CrmMeaning;
import dev.gatepost.verify.Verdict.ScoreStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How sure we are that mail arrives at a person, 0-100. The numbers are judgement: a base for the reason, deltas for
 * what makes delivery or a person behind it less likely, then caps for what outweighs all else.
 */
record Score(int points, List<ScoreStep> steps) {
    static Score of(Reason reason, Set<Trait> traits, List<Evidence> evidence) {
        var tally = new Tally();
        tally.add(reason.code(), base(reason));
        if (reason.status() == Status.INVALID) {
            return tally.score();
        }
        if (traits.contains(Trait.ROLE)) {
            tally.add("role", -15);
        }
        if (traits.contains(Trait.RELAY)) {
            tally.add("relay", -10);
        }
        if (traits.contains(Trait.IMPLICIT_MX)) {
            tally.add("implicit_mx", -15); // often a parked web host
        }
        if (evidence.stream().anyMatch(Evidence.RandomLooking.class::isInstance)) {
            tally.add("random_looking", -10);
        }
        if (traits.contains(Trait.SUBADDRESS)) {
            tally.add("subaddress", -2);
        }
        evidence.forEach(each -> addPolicies(each, tally));
        if (evidence.stream()
                .anyMatch(each -> each instanceof Evidence.MailHosts hosts && hosts.acceptTrust() == Trust.LOW)) {
            tally.cap("low_provider_trust", 75);
        }
        if (evidence.stream().anyMatch(Evidence.Suggested.class::isInstance)) {
            tally.cap("suggestion", 35);
        }
        if (evidence.stream().anyMatch(Evidence.DisposableSuspected.class::isInstance)) {
            tally.cap("disposable_suspected", 30);
        }
        if (evidence.stream()
                .anyMatch(each -> each instanceof Evidence.CrmSaid said && said.meaning() == CrmMeaning.BOUNCED)) {
            tally.cap("bounced_before", 20);
        }
        if (traits.contains(Trait.HOMOGRAPH)) {
            tally.cap("homograph", 15);
        }
        if (traits.contains(Trait.DISPOSABLE)) {
            tally.cap("disposable", 10);
        }
        return tally.score();
    }

    /** A domain that somebody looks after is more likely to have somebody behind its mailboxes. */
    private static void addPolicies(Evidence evidence, Tally tally) {
        if (evidence instanceof Evidence.Policies(DomainPolicy(var spf, var dmarc, var _))) {
            if (spf == Spf.PRESENT) { // a domain that sends no mail has nobody who would answer
                tally.add("spf", 3);
            }
            switch (dmarc) {
                case NONE, QUARANTINE, REJECT -> tally.add("dmarc", 2);
                case ABSENT, UNKNOWN -> {}
            }
        }
    }

    private static int base(Reason reason) {
        return switch (reason.status()) {
            case VALID -> 95;
            case RISKY -> reason == Reason.ACCEPT_ALL ? 60 : 45;
            case UNKNOWN -> 50;
            case INVALID -> 0;
        };
    }

    private static final class Tally {
        private final List<ScoreStep> steps = new ArrayList<>();
        private int points;

        void add(String why, int delta) {
            var bounded = Math.clamp((long) points + delta, 0, 100) - points;
            points += bounded;
            steps.add(new ScoreStep(why, bounded));
        }

        void cap(String why, int most) {
            if (points > most) {
                add(why, most - points);
            }
        }

        Score score() {
            return new Score(points, steps);
        }
    }
}
