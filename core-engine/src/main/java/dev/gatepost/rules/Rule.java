package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

/**
 * One line of a workflow.
 *
 * @param name the customer's name for it, shown with each decision
 * @param when the condition
 * @param then what follows when it holds
 * @param message what the customer wants said then, for example to the visitor of a form; may be empty
 */
public record Rule(String name, Condition when, Outcome then, String message) {
    public Rule {
        requireNonNull(name, "name");
        requireNonNull(when, "when");
        requireNonNull(then, "then");
        requireNonNull(message, "message");
    }

    /** A rule that says nothing. */
    public Rule(String name, Condition when, Outcome then) {
        this(name, when, then, "");
    }
}
