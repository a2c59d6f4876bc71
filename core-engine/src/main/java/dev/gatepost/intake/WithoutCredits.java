package dev.gatepost.intake;

/** What becomes of a CRM's events while their workspace has no credits (reliability C4). */
public enum WithoutCredits {
    /** They wait, and go on by themselves after a grant. */
    WAIT,
    /** They end at once, {@code ignored} with the reason {@code no_credits}; a person may run them again. */
    DISCARD
}
