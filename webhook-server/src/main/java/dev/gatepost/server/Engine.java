package dev.gatepost.server;

import dev.gatepost.dns.Answer;
import dev.gatepost.dns.DnsjavaResolver;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.dns.NameServers;
import dev.gatepost.dns.Resolver;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.egress.Purpose;
import dev.gatepost.lists.ReferenceLists;
import dev.gatepost.smtp.HostLimits;
import dev.gatepost.smtp.SharedMemory;
import dev.gatepost.smtp.SmtpIdentity;
import dev.gatepost.smtp.SmtpProbe;
import dev.gatepost.store.Ids;
import dev.gatepost.verify.Verifier;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * The verifier and what it stands on; needs no store.
 *
 * @param egress every connection that leaves goes through it
 * @param resolver the one that asks name servers
 */
public record Engine(Egress egress, Resolver resolver, Verifier verifier, Ids ids, InstantSource clock) {

    /** As configured, for one command: what it learns of mail hosts is forgotten when it ends. */
    public static Engine of(Config config, InstantSource clock, SecureRandom random) {
        return of(config, clock, random, SharedMemory.none(random));
    }

    /** As configured: asks name servers, and mail hosts when SMTP is on. Opens no connection yet. */
    public static Engine of(Config config, InstantSource clock, SecureRandom random, SharedMemory memory) {
        var servers = config.dnsServers().isEmpty() ? NameServers.system() : config.dnsServers();
        var egress = new Egress(
                config.egress().withSmtpPort(config.smtp().port()).withNameServers(servers),
                clock,
                config.smtp().source());
        var resolver = new DnsjavaResolver(egress, servers, clock, random);
        var router = new MailRouter(resolver, egress::routable, random);
        var lists = ReferenceLists.shipped();
        var identity = new SmtpIdentity(config.smtp().helo(), config.smtp().mailFrom());
        var verifier = config.smtp().isOn()
                ? Verifier.probing(
                        lists,
                        router,
                        new SmtpProbe(
                                config.smtp().proxy().dialer(egress),
                                identity,
                                config.smtp().port(),
                                clock,
                                memory,
                                limits(config)),
                        clock)
                : Verifier.withoutSmtp(lists, router, clock);
        return new Engine(egress, resolver, verifier, new Ids(clock, random), clock);
    }

    /** In a lab a few loopback addresses play the whole world, so each host stands for an organisation of its own. */
    private static HostLimits limits(Config config) {
        var limits = config.smtp().limits();
        return config.egress().opens(Purpose.SMTP) ? limits.perHost() : limits;
    }

    /** Syntax and lists only; nothing it is asked for makes a packet leave. */
    public static Engine offline(InstantSource clock, SecureRandom random) {
        Resolver nobody = (_, _) -> new Answer.Failed(Answer.FailureCause.UNREACHABLE);
        return new Engine(
                new Egress(EgressRules.strict(), clock),
                nobody,
                Verifier.withoutSmtp(ReferenceLists.shipped(), new MailRouter(nobody, _ -> false, random), clock),
                new Ids(clock, random),
                clock);
    }
}
