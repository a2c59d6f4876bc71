package dev.gatepost.intake;

import dev.gatepost.rules.Outcome;
import java.time.Instant;
import java.util.List;

/**
 * What a workflow would have decided about stored verdicts, beside what was decided.
 *
 * @param verdicts how many were looked at
 * @param shifts how many went from each decision to each other, and how many stayed
 * @param changes the newest contacts that would be decided otherwise, at most {@link Simulator#CHANGES_SHOWN_MAX}
 * @param oldest when the oldest of the verdicts was reached; the epoch when there was none
 */
public record Simulation(long verdicts, List<Shift> shifts, List<Change> changes, Instant oldest) {
    public Simulation {
        shifts = List.copyOf(shifts);
        changes = List.copyOf(changes);
    }

    /** How many verdicts went from one decision to another, or stayed when both are the same. */
    public record Shift(Outcome before, Outcome after, long count) {}

    /**
     * A contact that would be decided otherwise.
     *
     * @param connectionId empty for a request of the API
     * @param objectId the CRM's id of the contact; empty as above
     * @param before as decided then
     * @param ruleBefore the rule that decided then
     * @param after as the workflow would decide
     * @param ruleAfter the rule that would decide
     * @param message what it would say; may be empty
     */
    public record Change(
            String verificationId,
            String email,
            String connectionId,
            String objectId,
            Outcome before,
            String ruleBefore,
            Outcome after,
            String ruleAfter,
            String message) {}

    /** How many would be decided otherwise. */
    public long changed() {
        return shifts.stream()
                .filter(shift -> shift.before() != shift.after())
                .mapToLong(Shift::count)
                .sum();
    }

    /** How many were decided so. */
    public long before(Outcome outcome) {
        return shifts.stream()
                .filter(shift -> shift.before() == outcome)
                .mapToLong(Shift::count)
                .sum();
    }

    /** How many would be decided so. */
    public long after(Outcome outcome) {
        return shifts.stream()
                .filter(shift -> shift.after() == outcome)
                .mapToLong(Shift::count)
                .sum();
    }
}
