package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What we found out about one contact, ready to be written to its record.
 *
 * @param objectId the contact
 * @param email the address that was verified, as it stood in the CRM; a contact that has another one by now is skipped
 * @param label one of the seven words
 * @param status one of the four words
 * @param score 0-100
 * @param reason stable code, for example {@code mailbox_not_found}
 * @param decision accept, flag or reject
 * @param disposable trait
 * @param free trait
 * @param role trait
 * @param suggestion the address that may have been meant, or empty
 * @param checkedAt when the verdict was reached
 * @param message what the customer's rule says about the decision; may be empty
 */
public record Finding(
        String objectId,
        String email,
        String label,
        String status,
        int score,
        String reason,
        String decision,
        boolean disposable,
        boolean free,
        boolean role,
        String suggestion,
        Instant checkedAt,
        String message) {
    public Finding {
        requireNonNull(objectId, "objectId");
        requireNonNull(email, "email");
        requireNonNull(label, "label");
        requireNonNull(status, "status");
        requireNonNull(reason, "reason");
        requireNonNull(decision, "decision");
        requireNonNull(suggestion, "suggestion");
        requireNonNull(checkedAt, "checkedAt");
        requireNonNull(message, "message");
    }

    /** Where no rule says anything. */
    public Finding(
            String objectId,
            String email,
            String label,
            String status,
            int score,
            String reason,
            String decision,
            boolean disposable,
            boolean free,
            boolean role,
            String suggestion,
            Instant checkedAt) {
        this(
                objectId,
                email,
                label,
                status,
                score,
                reason,
                decision,
                disposable,
                free,
                role,
                suggestion,
                checkedAt,
                "");
    }

    /** The same, judged differently. */
    public Finding withDecision(String other) {
        return new Finding(
                objectId,
                email,
                label,
                status,
                score,
                reason,
                other,
                disposable,
                free,
                role,
                suggestion,
                checkedAt,
                message);
    }
}
