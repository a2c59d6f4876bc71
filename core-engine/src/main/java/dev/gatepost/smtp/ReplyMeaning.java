package dev.gatepost.smtp;

import java.util.Locale;

/** The thirteen things an SMTP reply can mean to a verification. */
public enum ReplyMeaning {
    ACCEPT,
    MAILBOX_NOT_FOUND,
    MAILBOX_FULL,
    DISABLED,
    GREYLISTED,
    RATE_LIMITED,
    BLOCKED_REPUTATION,
    POLICY,
    RELAY_DENIED,
    TLS_REQUIRED,
    AUTH_REQUIRED,
    SYNTAX,
    TEMPORARY;

    /** The word in files and on the command line, for example {@code mailbox_not_found}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
