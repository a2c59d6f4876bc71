package dev.gatepost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import dev.gatepost.verify.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            MAILBOX_NOT_FOUND ;                 ; reject ; reject invalid
            ACCEPTED          ; DISPOSABLE      ; reject ; reject disposable
            ACCEPT_ALL        ; ACCEPT_ALL      ; flag   ; flag risky or unknown
            TIMEOUT           ;                 ; flag   ; flag risky or unknown
            ACCEPTED          ; ROLE            ; flag   ; flag role
            ACCEPTED          ; FREE            ; accept ; default
            ACCEPTED          ;                 ; accept ; default
            """)
    void theStandardWorkflowTurnsAwayMarksAndLetsIn(Reason reason, String trait, String decision, String rule) {
        var traits = trait == null ? Set.<Trait>of() : Set.of(Trait.valueOf(trait));

        var decided = Workflow.STANDARD.decide(subject(reason, traits, 50, "ann@example.org"));

        assertThat(decided.word()).isEqualTo(decision);
        assertThat(decided.rule()).isEqualTo(rule);
    }

    @Test
    void matchesADomainAndWhatIsBelowItAtLabelBoundariesOnly() {
        var listed = new Condition.DomainIn(Set.of("example.org"));

        assertThat(listed.holds(subject(Reason.ACCEPTED, Set.of(), 95, "ann@example.org")))
                .isTrue();
        assertThat(listed.holds(subject(Reason.ACCEPTED, Set.of(), 95, "ann@mail.example.org")))
                .isTrue();
        assertThat(listed.holds(subject(Reason.ACCEPTED, Set.of(), 95, "ann@notexample.org")))
                .isFalse();
    }

    @Test
    void theFirstRuleThatAppliesDecides() {
        var always = new Condition.All(List.of());
        var workflow = new Workflow(
                "w",
                "W",
                List.of(
                        new Rule("never", new Condition.Any(List.of()), Outcome.REJECT),
                        new Rule("first", always, Outcome.FLAG),
                        new Rule("second", always, Outcome.REJECT)),
                Outcome.ACCEPT);

        assertThat(workflow.decide(subject(Reason.ACCEPTED, Set.of(), 95, "ann@example.org")))
                .isEqualTo(new Decision.Flag("first"));
    }

    @Test
    void agreesWithAReferenceInterpreterOnRandomRules() {
        var seed = 20261123L;
        var random = new Random(seed);
        for (int run = 0; run < 5_000; run++) {
            var rules = new ArrayList<Rule>();
            for (int i = random.nextInt(5); i > 0; i--) {
                rules.add(new Rule("r" + i, condition(random, 3), outcome(random)));
            }
            var workflow = new Workflow("w", "W", rules, outcome(random));
            var subject = subject(random);
            assertThat(workflow.decide(subject).word())
                    .as("seed %d run %d", seed, run)
                    .isEqualTo(reference(workflow, subject));
        }
    }

    private static String reference(Workflow workflow, Subject subject) {
        for (var rule : workflow.rules()) {
            if (applies(rule.when(), subject)) {
                return rule.then().word();
            }
        }
        return workflow.otherwise().word();
    }

    private static boolean applies(Condition condition, Subject subject) {
        return switch (condition) {
            case Condition.StatusIn c ->
                c.statuses().contains(subject.verdict().reason().status());
            case Condition.HasTrait c -> subject.verdict().traits().contains(c.trait());
            case Condition.ScoreBelow c -> subject.verdict().score() < c.score();
            case Condition.ReasonIn c -> c.reasons().contains(subject.verdict().reason());
            case Condition.DomainIn c -> c.domains().stream().anyMatch(d -> ("." + subject.domain()).endsWith("." + d));
            case Condition.AddressIn c -> c.addresses().contains(subject.normalized());
            case Condition.ProviderIn c -> c.providers().contains(subject.provider());
            case Condition.All c ->
                c.conditions().stream().filter(x -> !applies(x, subject)).count() == 0;
            case Condition.Any c ->
                c.conditions().stream().filter(x -> applies(x, subject)).count() > 0;
            case Condition.Not c -> !applies(c.condition(), subject);
        };
    }

    private static Condition condition(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 7)) {
            case 0 -> new Condition.StatusIn(Set.of(one(random, Status.values())));
            case 1 -> new Condition.HasTrait(one(random, Trait.values()));
            case 2 -> new Condition.ScoreBelow(random.nextInt(101));
            case 3 -> new Condition.ReasonIn(Set.of(one(random, Reason.values())));
            case 4 -> new Condition.DomainIn(Set.of(one(random, new String[] {"example.org", "org", "other.net"})));
            case 5 -> new Condition.AddressIn(Set.of("ann@example.org"));
            case 6 -> new Condition.ProviderIn(Set.of(one(random, new String[] {"google", "yahoo"})));
            case 7 -> new Condition.All(conditions(random, depth));
            case 8 -> new Condition.Any(conditions(random, depth));
            default -> new Condition.Not(condition(random, depth - 1));
        };
    }

    private static List<Condition> conditions(Random random, int depth) {
        var conditions = new ArrayList<Condition>();
        for (int i = random.nextInt(4); i > 0; i--) {
            conditions.add(condition(random, depth - 1));
        }
        return conditions;
    }

    private static Outcome outcome(Random random) {
        return one(random, Outcome.values());
    }

    private static Subject subject(Random random) {
        var traits = EnumSet.noneOf(Trait.class);
        for (var trait : Trait.values()) {
            if (random.nextBoolean()) {
                traits.add(trait);
            }
        }
        var address = one(random, new String[] {"ann@example.org", "bob@mail.example.org", "eve@other.net"});
        return new Subject(
                new Verdict(one(random, Reason.values()), traits, random.nextInt(101), List.of()),
                address,
                address.substring(address.indexOf('@') + 1),
                one(random, new String[] {"google", "yahoo", ""}));
    }

    private static Subject subject(Reason reason, Set<Trait> traits, int score, String address) {
        return new Subject(
                new Verdict(reason, traits, score, List.of()),
                address,
                address.substring(address.indexOf('@') + 1),
                "");
    }

    private static <T> T one(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }
}
