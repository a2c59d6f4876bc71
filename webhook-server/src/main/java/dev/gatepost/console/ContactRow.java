package dev.gatepost.console;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One verification as the page shows it.
 *
 * @param at when the verdict was reached
 * @param email the address as it was given
 * @param label one of the seven words
 * @param status one of the four words
 * @param score 0-100
 * @param reason stable code
 * @param reasonText the reason as a sentence
 * @param decision accept, flag or reject
 * @param rule the rule that decided
 * @param billing what it cost, as the usage log says it, for example {@code charged}
 * @param credits what it cost, in credits
 * @param writeBack how telling the CRM went, for example {@code written}
 */
public record ContactRow(
        Instant at,
        String email,
        String label,
        String status,
        int score,
        String reason,
        String reasonText,
        String decision,
        String rule,
        String billing,
        long credits,
        String writeBack) {

    public ContactRow {
        requireNonNull(at, "at");
        requireNonNull(email, "email");
        requireNonNull(label, "label");
        requireNonNull(status, "status");
        requireNonNull(reason, "reason");
        requireNonNull(reasonText, "reasonText");
        requireNonNull(decision, "decision");
        requireNonNull(rule, "rule");
        requireNonNull(billing, "billing");
        requireNonNull(writeBack, "writeBack");
    }
}
