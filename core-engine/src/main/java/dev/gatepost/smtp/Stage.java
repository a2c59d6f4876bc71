package dev.gatepost.smtp;

import java.util.Locale;

/** The step of the dialogue a reply came at. */
public enum Stage {
    GREETING,
    EHLO,
    STARTTLS,
    MAIL,
    RCPT;

    /** The word in evidence and on the command line, for example {@code rcpt}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
