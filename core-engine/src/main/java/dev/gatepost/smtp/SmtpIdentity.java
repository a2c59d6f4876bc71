package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

/**
 * Who we say we are.
 *
 * @param helo our own fully qualified host name, which should match the source address's PTR
 * @param mailFrom the reverse path, a real address of ours; empty means the null reverse path {@code <>}
 */
public record SmtpIdentity(String helo, String mailFrom) {
    public SmtpIdentity {
        requireNonNull(helo, "helo");
        requireNonNull(mailFrom, "mailFrom");
    }
}
