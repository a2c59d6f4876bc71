package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import java.util.List;
import java.util.Set;

/** When a rule applies. Data, since admins edit and store it. Looks at status, traits and score, never at the label. */
public sealed interface Condition {
    /** The status is one of these. */
    record StatusIn(Set<Status> statuses) implements Condition {
        public StatusIn {
            statuses = Set.copyOf(statuses);
        }
    }

    /** The trait is set. */
    record HasTrait(Trait trait) implements Condition {
        public HasTrait {
            requireNonNull(trait, "trait");
        }
    }

    /** The score is below this, 1-100. */
    record ScoreBelow(int score) implements Condition {
        public ScoreBelow {
            if (score < 1 || score > RuleLimits.SCORE_MAX) {
                throw new IllegalArgumentException("score " + score);
            }
        }
    }

    /** The reason is one of these. */
    record ReasonIn(Set<Reason> reasons) implements Condition {
        public ReasonIn {
            reasons = Set.copyOf(reasons);
        }
    }

    /** The domain is one of these, or below one of them. A-label form, lower case. */
    record DomainIn(Set<String> domains) implements Condition {
        public DomainIn {
            domains = Set.copyOf(domains);
        }
    }

    /** The address is one of these, normalized. */
    record AddressIn(Set<String> addresses) implements Condition {
        public AddressIn {
            addresses = Set.copyOf(addresses);
        }
    }

    /** The mail hosts are run by one of these, named as in the table of providers. */
    record ProviderIn(Set<String> providers) implements Condition {
        public ProviderIn {
            providers = Set.copyOf(providers);
        }
    }

    /** Every one of these holds; true when there is none. */
    record All(List<Condition> conditions) implements Condition {
        public All {
            conditions = List.copyOf(conditions);
        }
    }

    /** At least one of these holds; false when there is none. */
    record Any(List<Condition> conditions) implements Condition {
        public Any {
            conditions = List.copyOf(conditions);
        }
    }

    /** This does not hold. */
    record Not(Condition condition) implements Condition {
        public Not {
            requireNonNull(condition, "condition");
        }
    }

    /** Whether the condition holds for {@code subject}. */
    default boolean holds(Subject subject) {
        var verdict = subject.verdict();
        return switch (this) {
            case StatusIn(var statuses) -> statuses.contains(verdict.status());
            case HasTrait(var trait) -> verdict.has(trait);
            case ScoreBelow(var score) -> verdict.score() < score;
            case ReasonIn(var reasons) -> reasons.contains(verdict.reason());
            case DomainIn(var domains) -> isAtOrBelow(subject.domain(), domains);
            case AddressIn(var addresses) -> addresses.contains(subject.normalized());
            case ProviderIn(var providers) -> providers.contains(subject.provider());
            case All(var conditions) -> conditions.stream().allMatch(each -> each.holds(subject));
            case Any(var conditions) -> conditions.stream().anyMatch(each -> each.holds(subject));
            case Not(var condition) -> !condition.holds(subject);
        };
    }

    /** Whether {@code domain} is one of {@code domains} or below one of them. */
    static boolean isAtOrBelow(String domain, Set<String> domains) {
        for (var rest = domain; !rest.isEmpty(); ) {
            if (domains.contains(rest)) {
                return true;
            }
            var dot = rest.indexOf('.');
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        return false;
    }
}
