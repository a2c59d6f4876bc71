package dev.gatepost.smtp;

import dev.gatepost.address.EmailAddress;
import dev.gatepost.smtp.ProbeResult.Outcome;
import java.util.List;

/**
 * What to say to a host.
 *
 * @param recipients the address, then perhaps the one nobody has
 * @param mayPipeline whether a group may be sent where the host offers it
 * @param tls whether to encrypt
 */
record Script(SmtpIdentity identity, List<EmailAddress> recipients, boolean mayPipeline, Tls tls) {
    Script {
        recipients = List.copyOf(recipients);
    }

    /** Whether to encrypt: only where a host has demanded it. */
    sealed interface Tls {
        record NotAsked() implements Tls {}

        /**
         * The host wants it.
         *
         * @param impossible how the probe ends when encryption fails
         */
        record Demanded(Outcome impossible) implements Tls {}
    }

    EmailAddress address() {
        return recipients.getFirst();
    }

    Script asking(EmailAddress other) {
        return new Script(identity, List.of(other), mayPipeline, tls);
    }

    Script oneByOne() {
        return new Script(identity, recipients, false, tls);
    }

    Script encrypted(Outcome withoutTls) {
        return new Script(identity, recipients, mayPipeline, new Tls.Demanded(withoutTls));
    }
}
