package dev.gatepost.intake;

import java.util.Locale;

/** Where an event stands; a restart resumes from just this. */
enum EventState {
    /** Stored, to be verified. */
    RECEIVED,
    /** To be verified once there are credits. */
    WAITING_CREDITS,
    /** Verified and judged; the CRM is to be told. */
    DECIDED,
    /** The CRM was told what is known so far; to be asked again when due. */
    RECHECK,
    /** The CRM does not let us in; waits for a person. */
    HELD,
    /** The end: the CRM has our values. */
    DONE,
    /** The end: nothing was to be done; the reason says why. */
    IGNORED,
    /** The end: nothing was written, since the contact is gone or has changed. */
    SKIPPED,
    /** The end: given up; a person may run it again. */
    DEAD;

    /** The word in the table. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static EventState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
