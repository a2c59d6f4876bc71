package dev.gatepost.smtp;

import java.util.Locale;

/** How far a provider's answer at RCPT may be believed. */
public enum Trust {
    LOW,
    MEDIUM,
    HIGH;

    /** The word in evidence. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
