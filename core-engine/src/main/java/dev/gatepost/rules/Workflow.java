package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import java.util.List;
import java.util.Set;

/**
 * The customer's ordered rules: the first that applies decides, else the default.
 *
 * @param id stable id
 * @param name the customer's name for it
 * @param rules in order
 * @param otherwise what happens when no rule applies
 */
public record Workflow(String id, String name, List<Rule> rules, Outcome otherwise) {
    /** What stands for the rule's name when no rule applied. */
    public static final String BY_DEFAULT = "default";

    /** What a new workspace starts with: turn away what cannot be mailed or is thrown away, mark what is doubtful. */
    public static final Workflow STANDARD = new Workflow(
            "standard",
            "Standard",
            List.of(
                    new Rule("reject invalid", new Condition.StatusIn(Set.of(Status.INVALID)), Outcome.REJECT),
                    new Rule("reject disposable", new Condition.HasTrait(Trait.DISPOSABLE), Outcome.REJECT),
                    new Rule(
                            "flag risky or unknown",
                            new Condition.StatusIn(Set.of(Status.RISKY, Status.UNKNOWN)),
                            Outcome.FLAG),
                    new Rule("flag role", new Condition.HasTrait(Trait.ROLE), Outcome.FLAG)),
            Outcome.ACCEPT);

    public Workflow {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        rules = List.copyOf(rules);
        requireNonNull(otherwise, "otherwise");
    }

    /** The decision for {@code subject}. Pure. */
    public Decision decide(Subject subject) {
        return rules.stream()
                .filter(rule -> rule.when().holds(subject))
                .findFirst()
                .map(rule -> rule.then().by(rule.name()))
                .orElseGet(() -> otherwise.by(BY_DEFAULT));
    }
}
