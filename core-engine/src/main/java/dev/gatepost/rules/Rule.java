package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

/**
 * One line of a workflow.
 *
 * @param name the customer's name for it, shown with each decision
 * @param when the condition
 * @param then what follows when it holds
 */
public record Rule(String name, Condition when, Outcome then) {
    public Rule {
        requireNonNull(name, "name");
        requireNonNull(when, "when");
        requireNonNull(then, "then");
    }
}
