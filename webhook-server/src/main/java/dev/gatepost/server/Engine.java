package dev.gatepost.server;

import dev.gatepost.dns.Answer;
import dev.gatepost.dns.DnsjavaResolver;
import dev.gatepost.dns.HostAddresses;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.dns.NameServers;
import dev.gatepost.dns.Resolver;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.egress.Purpose;
import dev.gatepost.lists.ListFolder;
import dev.gatepost.lists.ListRefresh;
import dev.gatepost.lists.ListsInUse;
import dev.gatepost.smtp.HostLimits;
import dev.gatepost.smtp.HostRules;
import dev.gatepost.smtp.ProviderTable;
import dev.gatepost.smtp.SharedMemory;
import dev.gatepost.smtp.SmtpIdentity;
import dev.gatepost.smtp.SmtpProbe;
import dev.gatepost.store.Ids;
import dev.gatepost.verify.Knowledge;
import dev.gatepost.verify.Verifier;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * The verifier and what it stands on; needs no store.
 *
 * @param egress every connection that leaves goes through it
 * @param resolver the one that asks name servers
 * @param lists the edition in use, which the verifier asks for
 */
public record Engine(
        Egress egress, Resolver resolver, Verifier verifier, ListsInUse lists, Ids ids, InstantSource clock) {

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
        var lists = new ListsInUse(new ListFolder(config.data()));
        var knowledge = new Knowledge(lists, ProviderFile.read(config.data()));
        var identity = new SmtpIdentity(config.smtp().helo(), config.smtp().mailFrom());
        var verifier = config.smtp().isOn()
                ? Verifier.probing(
                        knowledge,
                        router,
                        new SmtpProbe(
                                config.smtp().proxy().dialer(egress),
                                identity,
                                config.smtp().port(),
                                clock,
                                memory,
                                new HostRules(limits(config), knowledge.providers())),
                        clock)
                : Verifier.withoutSmtp(knowledge, router, clock);
        return new Engine(egress, resolver, verifier, lists, new Ids(clock, random), clock);
    }

    /** In a lab a few loopback addresses play the whole world, so each host stands for an organisation of its own. */
    private static HostLimits limits(Config config) {
        var limits = config.smtp().limits();
        return config.egress().opens(Purpose.SMTP) ? limits.perHost() : limits;
    }

    /** Takes newer editions of the lists into the data folder. */
    public ListRefresh listRefresh() {
        var http = egress.http(Purpose.LISTS, new HostAddresses(resolver));
        return new ListRefresh(lists.folder(), new ListDownload(http), clock);
    }

    /** Syntax and lists only; nothing it is asked for makes a packet leave. */
    public static Engine offline(ListsInUse lists, InstantSource clock, SecureRandom random) {
        Resolver nobody = (_, _) -> new Answer.Failed(Answer.FailureCause.UNREACHABLE);
        return new Engine(
                new Egress(EgressRules.strict(), clock),
                nobody,
                Verifier.withoutSmtp(
                        new Knowledge(lists, ProviderTable.shipped()),
                        new MailRouter(nobody, _ -> false, random),
                        clock),
                lists,
                new Ids(clock, random),
                clock);
    }
}
