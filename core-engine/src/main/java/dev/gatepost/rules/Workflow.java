package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import java.util.List;
import java.util.Set;

/**
 * The customer's ordered rules: the first that applies decides, else the default.
 *
 * @param id stable id; empty for a draft that was never saved
 * @param version 1, 2, 3 … as it was saved; 0 for a draft, and for {@link ReadyMade} ones before they are saved
 * @param name the customer's name for it
 * @param rules in order
 * @param otherwise what happens when no rule applies
 * @param otherwiseMessage what the customer wants said then; may be empty
 */
public record Workflow(
        String id, int version, String name, List<Rule> rules, Outcome otherwise, String otherwiseMessage) {
    /** What stands for the rule's name when no rule applied. */
    public static final String BY_DEFAULT = "default";

    /**
     * What decides where nobody chose a workflow: turns away what cannot be mailed or is thrown away, marks what is
     * doubtful.
     */
    public static final Workflow STANDARD = new Workflow(
            "standard",
            0,
            "Standard",
            List.of(
                    new Rule("reject invalid", new Condition.StatusIn(Set.of(Status.INVALID)), Outcome.REJECT),
                    new Rule("reject disposable", new Condition.HasTrait(Trait.DISPOSABLE), Outcome.REJECT),
                    new Rule(
                            "flag risky or unknown",
                            new Condition.StatusIn(Set.of(Status.RISKY, Status.UNKNOWN)),
                            Outcome.FLAG),
                    new Rule("flag role", new Condition.HasTrait(Trait.ROLE), Outcome.FLAG)),
            Outcome.ACCEPT,
            "");

    public Workflow {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        rules = List.copyOf(rules);
        requireNonNull(otherwise, "otherwise");
        requireNonNull(otherwiseMessage, "otherwiseMessage");
    }

    /** A workflow that nobody saved yet. */
    public static Workflow draft(String name, List<Rule> rules, Outcome otherwise, String otherwiseMessage) {
        return new Workflow("", 0, name, rules, otherwise, otherwiseMessage);
    }

    /** The same rules under an id and version. */
    public Workflow as(String newId, int newVersion) {
        return new Workflow(newId, newVersion, name, rules, otherwise, otherwiseMessage);
    }

    /** The decision for {@code subject}. Pure. */
    public Decision decide(Subject subject) {
        for (var rule : rules) {
            if (rule.when().holds(subject)) {
                return rule.then().by(rule.name(), rule.message());
            }
        }
        return otherwise.by(BY_DEFAULT, otherwiseMessage);
    }
}
