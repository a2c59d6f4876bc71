package dev.gatepost.verify;

import java.util.Locale;

/** Can mail be delivered to the address? */
public enum Status {
    /** A mail host takes mail for just this mailbox. */
    VALID,
    /** It may well be delivered, and it may not: a host that takes every local part, a full mailbox. */
    RISKY,
    /** It cannot be delivered: a fact of syntax or DNS, or a permanent refusal of this very recipient. */
    INVALID,
    /** Nobody told us. Says nothing about the address and costs nothing. */
    UNKNOWN;

    /** The word in JSON, tables and CRM fields. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
