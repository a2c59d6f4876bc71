package dev.gatepost.smtp;

import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.dns.MailHost;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** One scripted mail host and a probe that talks to it. */
final class ProbeBench implements AutoCloseable {
    static final SmtpIdentity IDENTITY = new SmtpIdentity("probe.gatepost.dev", "probe@gatepost.dev");

    /** Longer than any loaded machine takes to answer. */
    static final SmtpTimeouts PATIENT = new SmtpTimeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(20));

    /** Short, so that tests of silence are quick. */
    static final SmtpTimeouts SHORT = new SmtpTimeouts(
            Duration.ofMillis(800), Duration.ofMillis(800), Duration.ofMillis(800), Duration.ofSeconds(4));

    static final Domain DOMAIN = new Domain("works.sandbox-mail.com");

    final ScriptedMailHost host;
    final LoopbackDialer dialer = new LoopbackDialer();
    final MutableClock clock = new MutableClock(Instant.parse("2026-01-02T03:04:05Z"));
    final SmtpProbe probe;

    ProbeBench(MailScript script) {
        this(script, HostLimits.POLITE);
    }

    ProbeBench(MailScript script, HostLimits limits) {
        host = ScriptedMailHost.start(script);
        probe = new SmtpProbe(dialer, IDENTITY, host.port(), clock, new Random(7), limits);
    }

    ProbeResult.Outcome ask(String localPart) {
        return ask(localPart, PATIENT);
    }

    ProbeResult.Outcome ask(String localPart, SmtpTimeouts timeouts) {
        return probe.probe(address(localPart), List.of(at("mx.works-host.net")), timeouts)
                .outcome();
    }

    MailHost at(String name) {
        return new MailHost(name, 10, List.of(host.address()));
    }

    static EmailAddress address(String localPart) {
        return new EmailAddress(localPart, DOMAIN);
    }

    @Override
    public void close() {
        probe.close();
        host.close();
    }
}
