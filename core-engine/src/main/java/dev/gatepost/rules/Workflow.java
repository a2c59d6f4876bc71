package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

import java.util.List;

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

    /** What decides where nobody chose a workflow, see {@link ReadyMade#STANDARD}. */
    public static final Workflow STANDARD = ReadyMade.STANDARD.workflow();

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
