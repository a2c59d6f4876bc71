package dev.gatepost.smtp;

import dev.gatepost.address.EmailAddress;
import dev.gatepost.dns.MailHost;
import dev.gatepost.egress.Dialer;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** Asks a domain's mail hosts about an address, up to RCPT TO and never further. Safe for any thread. */
public final class SmtpProbe {
    /**
     * @param identity who we say we are
     * @param port the mail hosts' port, 25 but in labs
     * @param random draws the local part of the accept-all question
     */
    public SmtpProbe(Dialer dialer, SmtpIdentity identity, int port, InstantSource clock, RandomGenerator random) {
        throw placeholder();
    }

    /** Asks; blocks the calling (virtual) thread for at most {@code timeouts.total()}. Never throws for what hosts do. */
    public ProbeResult probe(EmailAddress address, List<MailHost> hosts, SmtpTimeouts timeouts) {
        throw placeholder();
    }

    private static RuntimeException placeholder() {
        return new IllegalStateException("placeholder");
    }
}
