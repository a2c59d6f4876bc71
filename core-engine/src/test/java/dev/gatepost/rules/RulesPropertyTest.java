package dev.gatepost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules against ten lines that say the same in another way. A failure names its seed and run. */
class RulesPropertyTest {
    private static final int RUNS = 20_000;

    @ParameterizedTest
    @ValueSource(longs = {20261123, 20261125, 4})
    void decideLikeAReferenceInterpreterWhateverTheRulesAndVerdicts(long seed) {
        var random = new RandomRules(seed);
        for (int run = 0; run < RUNS; run++) {
            var workflow = random.any();
            var subject = random.subject();
            assertThat(workflow.decide(subject))
                    .as("seed %d run %d: %s on %s", seed, run, workflow, subject)
                    .isEqualTo(reference(workflow, subject));
        }
    }

    @Test
    void aDecisionIsReachedByEachOutcomeAndByDefault() {
        var random = new RandomRules(7);
        var seen = new HashSet<String>();
        for (int run = 0; run < RUNS; run++) {
            var decision = random.any().decide(random.subject());
            seen.add(decision.word() + (decision.rule().equals(Workflow.BY_DEFAULT) ? " by default" : " by a rule"));
        }

        assertThat(seen).hasSize(6);
    }

    private static Decision reference(Workflow workflow, Subject subject) {
        for (var rule : workflow.rules()) {
            if (applies(rule.when(), subject)) {
                return rule.then().by(rule.name(), rule.message());
            }
        }
        return workflow.otherwise().by("default", workflow.otherwiseMessage());
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
}
