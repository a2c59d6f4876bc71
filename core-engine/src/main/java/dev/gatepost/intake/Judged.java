package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.rules.Decision;
import dev.gatepost.rules.Subject;
import dev.gatepost.rules.Workflow;
import dev.gatepost.verify.Verification;

/** A verification and what the customer's workflow makes of it. */
public record Judged(Verification verification, Workflow workflow, Decision decision) {
    public Judged {
        requireNonNull(verification, "verification");
        requireNonNull(workflow, "workflow");
        requireNonNull(decision, "decision");
    }

    /** Judges {@code verification} by {@code workflow}. Pure. */
    public static Judged by(Workflow workflow, Verification verification) {
        return new Judged(verification, workflow, workflow.decide(Subject.of(verification)));
    }
}
