package dev.gatepost.lists;

/** The lists that evidence may name. */
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
    EDU,
    /** The operator's own: what no other list may say anything against. */
    ALLOW,
    /** The operator's own: what counts as disposable whatever others say. */
    BLOCK,
    /** The operator's own: domains and mail hosts that are never asked for a mailbox (reliability: M6). */
    OPTOUT
}
