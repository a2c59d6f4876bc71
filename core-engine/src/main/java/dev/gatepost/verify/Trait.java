package dev.gatepost.verify;

import java.util.Locale;

/** What else is true of an address; independent of its status and of each other. */
public enum Trait {
    DISPOSABLE,
    FREE,
    ROLE,
    ACCEPT_ALL,
    MAILBOX_FULL,
    RELAY,
    SUBADDRESS,
    SMTPUTF8,
    HOMOGRAPH,
    IMPLICIT_MX;

    /** The word in JSON, tables and CRM fields. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
