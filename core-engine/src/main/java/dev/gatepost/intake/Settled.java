package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A judged verification and what it cost.
 *
 * @param judged verdict and decision
 * @param billing why it cost what it cost
 * @param credits taken for it, 0 or 1
 * @param finality whether it will be asked again
 * @param validUntil until when the same address is answered from it without a charge
 */
public record Settled(Judged judged, Billing billing, int credits, Finality finality, Instant validUntil) {
    public Settled {
        requireNonNull(judged, "judged");
        requireNonNull(billing, "billing");
        requireNonNull(finality, "finality");
        requireNonNull(validUntil, "validUntil");
    }

    /** Whether a verification has reached its end. */
    public enum Finality {
        FINAL,
        /** It is asked again on schedule, and its receivers told again. */
        OPEN
    }
}
