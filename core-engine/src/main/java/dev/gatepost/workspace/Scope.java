package dev.gatepost.workspace;

import java.util.Locale;

/** What an API key may be used for. None includes another. */
public enum Scope {
    /** Verify single addresses and read the outcome of each. */
    VERIFY,
    /** Hand in lists of addresses, and fetch what became of them. */
    BULK,
    /** Read verifications, workflows, credits, usage and transactions. */
    READ,
    /** Change workflows, hooks and keys, and see who did what. */
    ADMIN;

    /** The word in JSON and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
