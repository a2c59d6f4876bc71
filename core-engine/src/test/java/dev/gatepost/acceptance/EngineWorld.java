package dev.gatepost.acceptance;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.dns.DnsjavaResolver;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.dns.RecordType;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.lists.ReferenceLists;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.sandbox.SandboxNameServer;
import dev.gatepost.smtp.SmtpIdentity;
import dev.gatepost.smtp.SmtpProbe;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.Verifier;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.verify.VerifyRequest.Depth;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The verifier with nothing of it replaced: shipped lists, the real resolver asking a name server on loopback over UDP,
 * egress with its rules, the SMTP probe. Only the zone and the mail hosts' addresses are ours. Safe for any thread.
 */
final class EngineWorld implements AutoCloseable {
    /** Who the verifier says it is. */
    static final SmtpIdentity IDENTITY = new SmtpIdentity("verifier.sandbox-mail.com", "probe@sandbox-mail.com");

    /** Short enough that silent hosts do not hold the tests up, long enough for a busy machine. */
    static final SmtpTimeouts TIMEOUTS = new SmtpTimeouts(
            Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(10));

    /** What the probe may take, what the resolver may take (reliability: M8), and a busy machine's share. */
    static final Duration TIME_MAX = TIMEOUTS.total().plusSeconds(8).plusSeconds(2);

    /** Draws the accept-all questions and the order of equal hosts; fixed, so that a failure can be seen again. */
    private static final long SEED = 20261123;

    private final SandboxNameServer nameServer;
    private final Verifier verifier;
    private final AtomicInteger verified = new AtomicInteger();

    private EngineWorld(SandboxNameServer nameServer, int smtpPort, String smtpRange) {
        this.nameServer = nameServer;
        var clock = InstantSource.system();
        var servers = List.of(nameServer.address());
        var rules = EgressRules.parse("smtp=" + smtpRange + ":" + smtpPort)
                .withSmtpPort(smtpPort)
                .withNameServers(servers);
        var egress = new Egress(rules, clock);
        var resolver = new DnsjavaResolver(egress, servers, clock, new Random(SEED));
        var router = new MailRouter(resolver, egress::routable, new Random(SEED));
        var probe = new SmtpProbe(egress, IDENTITY, smtpPort, clock, new Random(SEED));
        verifier = Verifier.probing(ReferenceLists.shipped(), router, probe, clock);
    }

    /**
     * Starts a name server for the zone, and an engine that asks it.
     *
     * @param smtpPort where all mail hosts listen
     * @param smtpRange the loopback range they listen in; nothing beside it may be dialled
     */
    static EngineWorld over(FakeZone zone, int smtpPort, String smtpRange) {
        return new EngineWorld(SandboxNameServer.start(zone), smtpPort, smtpRange);
    }

    Verification verify(String address) {
        return verify(address, AddressDialect.SMTP);
    }

    Verification verify(String address, AddressDialect dialect) {
        var id = "acceptance-" + verified.incrementAndGet();
        return verifier.verify(new VerifyRequest(id, address, dialect, Depth.FULL, TIMEOUTS));
    }

    /** How often the name server was asked this question. */
    int asked(String name, RecordType type) {
        return nameServer.asked(name, type);
    }

    /** Status and reason in the API's words, as the tables have them: {@code valid accepted}. */
    static String said(Verification verification) {
        var reason = verification.verdict().reason();
        return reason.status().word() + " " + reason.code();
    }

    @Override
    public void close() {
        nameServer.close();
    }
}
