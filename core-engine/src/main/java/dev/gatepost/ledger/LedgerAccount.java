package dev.gatepost.ledger;

import java.util.Locale;

/** Where credits are. Every workspace has these; the first one's sum over all workspaces is what was ever issued. */
public enum LedgerAccount {
    /** Outside: where grants come from. Its balance is minus what the workspace holds. */
    ISSUED,
    /** Free to be used. */
    AVAILABLE,
    /** Set aside for verifications that run. */
    RESERVED,
    /** Used up. */
    SPENT;

    /** As stored and shown: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static LedgerAccount of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
