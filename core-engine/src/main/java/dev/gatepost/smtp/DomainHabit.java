package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.EmailAddress;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import java.time.Instant;

/**
 * Whether a domain takes any local part, as it was seen.
 *
 * @param asked the address nobody has that it was asked about
 * @param answer what it said
 * @param at when
 */
public record DomainHabit(EmailAddress asked, AcceptAll answer, Instant at) {
    public DomainHabit {
        requireNonNull(asked, "asked");
        requireNonNull(answer, "answer");
        requireNonNull(at, "at");
    }
}
