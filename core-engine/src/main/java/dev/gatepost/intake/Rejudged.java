package dev.gatepost.intake;

import java.util.List;

/**
 * What judging stored evidence again came to.
 *
 * @param looked how many final verdicts were judged again
 * @param changed how many came out otherwise
 * @param decisionsChanged how many of these are decided otherwise, too
 * @param unreadable how many could not be judged, since their evidence is damaged
 * @param applied how many of the changed were written; 0 unless asked for
 * @param toWriteBack how many contacts are told to their CRM again
 * @param changes the newest that changed, at most {@link Rejudging#CHANGES_SHOWN_MAX}
 */
public record Rejudged(
        long looked,
        long changed,
        long decisionsChanged,
        long unreadable,
        long applied,
        long toWriteBack,
        List<Change> changes) {
    public Rejudged {
        changes = List.copyOf(changes);
    }

    /**
     * A verdict that came out otherwise.
     *
     * @param connectionId empty for a request of the API
     * @param objectId the CRM's id of the contact; empty as above
     */
    public record Change(
            String verificationId, String email, String connectionId, String objectId, View before, View after) {}

    /**
     * What a verification says, in the words of the API.
     *
     * @param traits in the order of the alphabet, a blank between
     */
    public record View(
            String label, String status, String reason, int score, String traits, String decision, String rule) {
        boolean isSameDecision(View other) {
            return decision.equals(other.decision()) && rule.equals(other.rule());
        }
    }
}
