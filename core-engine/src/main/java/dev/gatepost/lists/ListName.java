package dev.gatepost.lists;

/** The reference lists. */
public enum ListName {
    /** Domains that hand out throw-away mailboxes. */
    DISPOSABLE,
    /** Domains where anybody gets a mailbox for nothing. */
    FREE,
    /** Local parts that name a function and not a person. */
    ROLE,
    /** Domains that forward to a real person's mailbox under an alias. */
    RELAY,
    /** Domains of schools and universities; for information only. */
    EDU
}
