package dev.gatepost.smtp;

/** Whether somebody waits for a probe's answer; who does goes first, and does not wait for the groups of lists. */
enum Haste {
    AWAITED,
    PATIENT;

    /** What is to be answered as soon as a real-time call is awaited, however it came to that. */
    static Haste of(SmtpTimeouts timeouts) {
        return timeouts.total().compareTo(SmtpTimeouts.REAL_TIME.total()) <= 0 ? AWAITED : PATIENT;
    }
}
