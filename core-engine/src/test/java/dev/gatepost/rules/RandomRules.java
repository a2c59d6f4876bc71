package dev.gatepost.rules;

import dev.gatepost.smtp.ProviderTable;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import dev.gatepost.verify.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Rules and verdicts at random, from a seed that tests print. */
final class RandomRules {
    private static final String[] DOMAINS = {"example.org", "mail.example.org", "org", "other.net", "xn--mnchen-3ya.de"
    };
    private static final String[] ADDRESSES = {
        "ann@example.org", "bob@mail.example.org", "eve@other.net", "jörg@xn--mnchen-3ya.de"
    };
    private static final String[] PROVIDERS = {"Gmail", "Yahoo", "Microsoft 365"};
    private static final String[] MESSAGES = {"", "No.", "Bitte prüfen: \"{}\" \\ </script>", "請檢查"};

    private final Random random;

    RandomRules(long seed) {
        random = new Random(seed);
    }

    /** A workflow that means something: nothing in it contradicts. */
    Workflow sound() {
        while (true) {
            var workflow = any();
            var mistakes = new Mistakes();
            Contradictions.report(workflow, mistakes);
            if (mistakes.isEmpty()) {
                return workflow;
            }
        }
    }

    Workflow any() {
        var rules = new ArrayList<Rule>();
        for (int i = random.nextInt(6); i > 0; i--) {
            rules.add(new Rule("rule " + i, condition(4), one(Outcome.values()), one(MESSAGES)));
        }
        return Workflow.draft("W " + random.nextInt(), rules, one(Outcome.values()), one(MESSAGES));
    }

    Subject subject() {
        var traits = EnumSet.noneOf(Trait.class);
        for (var trait : Trait.values()) {
            if (random.nextInt(4) == 0) {
                traits.add(trait);
            }
        }
        var address = one(ADDRESSES);
        return new Subject(
                new Verdict(one(Reason.values()), traits, random.nextInt(101), List.of()),
                address,
                address.substring(address.indexOf('@') + 1),
                random.nextBoolean() ? one(PROVIDERS) : random.nextBoolean() ? "" : one(providers()));
    }

    private Condition condition(int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 7)) {
            case 0 -> new Condition.StatusIn(some(Status.values()));
            case 1 -> new Condition.HasTrait(one(Trait.values()));
            case 2 -> new Condition.ScoreBelow(1 + random.nextInt(100));
            case 3 -> new Condition.ReasonIn(some(Reason.values()));
            case 4 -> new Condition.DomainIn(some(DOMAINS));
            case 5 -> new Condition.AddressIn(some(ADDRESSES));
            case 6 -> new Condition.ProviderIn(some(PROVIDERS));
            case 7 -> new Condition.All(conditions(depth));
            case 8 -> new Condition.Any(conditions(depth));
            default -> new Condition.Not(condition(depth - 1));
        };
    }

    private List<Condition> conditions(int depth) {
        var conditions = new ArrayList<Condition>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            conditions.add(condition(depth - 1));
        }
        return conditions;
    }

    private static String[] providers() {
        return ProviderTable.names().stream().sorted().toArray(String[]::new);
    }

    private <T> Set<T> some(T[] values) {
        var some = new HashSet<T>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            some.add(one(values));
        }
        return some;
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
