package dev.gatepost.smtp;

import dev.gatepost.address.EmailAddress;

/**
 * What one probe carries along.
 *
 * @param deadline end of everything done for it
 */
record Probe(EmailAddress address, SmtpTimeouts timeouts, Deadline deadline, Transcript transcript) {
    Haste haste() {
        return Haste.of(timeouts);
    }

    SmtpSession.Use use(Target target) {
        return new SmtpSession.Use(target.host(), transcript, deadline);
    }
}
