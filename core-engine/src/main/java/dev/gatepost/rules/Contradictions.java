package dev.gatepost.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds rules that can never do what they say: entries of a list that an earlier list has decided otherwise already, and
 * conditions of an {@code all} that exclude each other. Somebody who writes these means something else.
 */
final class Contradictions {
    private final Mistakes mistakes;
    private final Map<String, Decided> domains = new HashMap<>();
    private final Map<String, Decided> addresses = new HashMap<>();

    private Contradictions(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /** The rule that decides about an entry of a list. */
    private record Decided(int rule, String name, Outcome outcome) {}

    /** A condition and where it stands. */
    private record Placed(Condition condition, String path) {}

    static void report(Workflow workflow, Mistakes mistakes) {
        var contradictions = new Contradictions(mistakes);
        for (int i = 0; i < workflow.rules().size(); i++) {
            var rule = workflow.rules().get(i);
            var when = new Placed(rule.when(), "rules[" + i + "].when");
            contradictions.reportExclusions(when);
            contradictions.reportDecided(when, new Decided(i, rule.name(), rule.then()));
        }
    }

    /** Lists that decide by themselves: alone, or as one of an {@code any}. */
    private static List<Placed> lists(Placed when) {
        return switch (when.condition()) {
            case Condition.DomainIn _, Condition.AddressIn _ -> List.of(when);
            case Condition.Any(var conditions) ->
                inside(conditions, when.path() + ".any").stream()
                        .flatMap(each -> lists(each).stream())
                        .toList();
            case Condition.StatusIn _,
                    Condition.HasTrait _,
                    Condition.ScoreBelow _,
                    Condition.ReasonIn _,
                    Condition.ProviderIn _,
                    Condition.All _,
                    Condition.Not _ -> List.of();
        };
    }

    private static List<Placed> inside(List<Condition> conditions, String path) {
        var placed = new ArrayList<Placed>();
        for (int i = 0; i < conditions.size(); i++) {
            placed.add(new Placed(conditions.get(i), path + "[" + i + "]"));
        }
        return placed;
    }

    private void reportDecided(Placed when, Decided by) {
        for (var list : lists(when)) {
            if (list.condition() instanceof Condition.DomainIn(var entries)) {
                entries.stream()
                        .sorted()
                        .forEach(domain -> reportDecided(list.path() + ".domain_in", domain, domain, by));
                entries.forEach(domain -> domains.putIfAbsent(domain, by));
            } else if (list.condition() instanceof Condition.AddressIn(var entries)) {
                entries.stream()
                        .sorted()
                        .forEach(address -> reportDecided(
                                list.path() + ".address_in", address, address.substring(address.indexOf('@') + 1), by));
                entries.forEach(address -> addresses.putIfAbsent(address, by));
            }
        }
    }

    private void reportDecided(String path, String entry, String domain, Decided by) {
        var earlier = addresses.get(entry);
        for (var rest = domain; earlier == null && !rest.isEmpty(); ) {
            earlier = domains.get(rest);
            var dot = rest.indexOf('.');
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        if (earlier != null && earlier.outcome() != by.outcome() && earlier.rule() != by.rule()) {
            mistakes.add(
                    path,
                    entry + " is decided by rules[" + earlier.rule() + "] (\"" + earlier.name() + "\", "
                            + earlier.outcome().word() + ") already, so it can never be "
                            + by.outcome().word() + " here; take it out of one of both");
        }
    }

    private void reportExclusions(Placed when) {
        switch (when.condition()) {
            case Condition.All(var conditions) -> {
                reportExclusions(conditions, when.path());
                inside(conditions, when.path() + ".all").forEach(this::reportExclusions);
            }
            case Condition.Any(var conditions) ->
                inside(conditions, when.path() + ".any").forEach(this::reportExclusions);
            case Condition.Not(var condition) -> reportExclusions(new Placed(condition, when.path() + ".not"));
            case Condition.StatusIn _,
                    Condition.HasTrait _,
                    Condition.ScoreBelow _,
                    Condition.ReasonIn _,
                    Condition.DomainIn _,
                    Condition.AddressIn _,
                    Condition.ProviderIn _ -> {
                // holds for something by itself
            }
        }
    }

    private void reportExclusions(List<Condition> conditions, String path) {
        for (int i = 1; i < conditions.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (excludes(conditions.get(j), conditions.get(i))) {
                    mistakes.add(
                            path + ".all[" + i + "]",
                            "excludes all[" + j + "], so both never hold at once; did you mean \"any\"?");
                }
            }
        }
    }

    private static boolean excludes(Condition one, Condition other) {
        if (other.equals(new Condition.Not(one)) || one.equals(new Condition.Not(other))) {
            return true;
        }
        return switch (one) {
            case Condition.StatusIn(var statuses) ->
                other instanceof Condition.StatusIn(var others) && isDisjoint(statuses, others);
            case Condition.ReasonIn(var reasons) ->
                other instanceof Condition.ReasonIn(var others) && isDisjoint(reasons, others);
            case Condition.AddressIn(var addresses) ->
                other instanceof Condition.AddressIn(var others) && isDisjoint(addresses, others);
            case Condition.ProviderIn(var providers) ->
                other instanceof Condition.ProviderIn(var others) && isDisjoint(providers, others);
            case Condition.DomainIn(var domains) ->
                other instanceof Condition.DomainIn(var others) && isApart(domains, others) && isApart(others, domains);
            case Condition.HasTrait _, Condition.ScoreBelow _, Condition.All _, Condition.Any _, Condition.Not _ ->
                false;
        };
    }

    private static <T> boolean isDisjoint(Set<T> one, Set<T> other) {
        var both = new HashSet<>(one);
        both.retainAll(other);
        return both.isEmpty();
    }

    private static boolean isApart(Set<String> domains, Set<String> others) {
        return domains.stream().noneMatch(domain -> Condition.isAtOrBelow(domain, others));
    }
}
