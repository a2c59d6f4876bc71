package dev.gatepost.workspace;

import java.util.Locale;

/** Whether a connection may be worked on, and if not, why. */
public enum ConnectionState {
    ACTIVE,
    /** Stopped by a person. */
    PAUSED,
    /** The CRM no longer takes our credentials. */
    NEEDS_REAUTH,
    /** The CRM takes our credentials, but they do not allow what we need. */
    MISSING_SCOPE,
    /** Taken apart; kept for its history. */
    DISCONNECTED;

    /** As stored and shown: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ConnectionState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
