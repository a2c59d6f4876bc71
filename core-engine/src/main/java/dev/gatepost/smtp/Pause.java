package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A time in which nothing is asked of some hosts, since they want nothing from us.
 *
 * @param group the provider's or organisation's name, or the host's where only that is meant
 * @param since when it began
 * @param until when the next question may be asked
 * @param cause why
 * @param mend what the operator can do about it, in plain English
 * @param lastReply what the host said, without addresses; empty when it said nothing
 */
public record Pause(String group, Instant since, Instant until, RefusalCause cause, String mend, String lastReply) {
    public Pause {
        requireNonNull(group, "group");
        requireNonNull(since, "since");
        requireNonNull(until, "until");
        requireNonNull(cause, "cause");
        requireNonNull(mend, "mend");
        requireNonNull(lastReply, "lastReply");
    }
}
