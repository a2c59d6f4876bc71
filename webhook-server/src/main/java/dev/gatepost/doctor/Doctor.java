package dev.gatepost.doctor;

import static java.util.Objects.requireNonNull;

import dev.gatepost.dns.DnsjavaResolver;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.dns.NameServers;
import dev.gatepost.server.Config;
import dev.gatepost.server.Engine;
import dev.gatepost.smtp.SmtpIdentity;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Runs the checks that need no store. Changes nothing; asks name servers and says hello to a few mail hosts. */
public final class Doctor {

    /** Whose mail hosts are called when nobody says otherwise: big, always up, and polite to strangers. */
    public static final List<String> USUAL_DOMAINS = List.of("gmail.com", "outlook.com");

    private final Config config;
    private final Engine engine;
    private final List<String> domains;
    private final Path timeSync;
    private final RandomGenerator random;

    /**
     * @param domains whose mail hosts are called, for example {@link #USUAL_DOMAINS}
     * @param timeSync a file that is there while the system's clock is synchronised
     * @param random draws names that do not exist
     */
    public Doctor(Config config, Engine engine, List<String> domains, Path timeSync, RandomGenerator random) {
        this.config = requireNonNull(config, "config");
        this.engine = requireNonNull(engine, "engine");
        this.domains = List.copyOf(domains);
        this.timeSync = requireNonNull(timeSync, "timeSync");
        this.random = requireNonNull(random, "random");
    }

    /** Examines; blocks for half a minute at worst. */
    public List<Finding> examine() {
        var findings = new ArrayList<Finding>();
        findings.addAll(new FolderCheck(config).findings());
        findings.addAll(new UrlCheck(config.listen()).findings());
        findings.addAll(new ListsCheck(config, engine.clock()).findings());
        var servers = config.dnsServers().isEmpty() ? NameServers.system() : config.dnsServers();
        for (var server : servers) {
            findings.add(new NameServerCheck(name(server), resolver(server), domains.getFirst()).finding());
        }
        findings.add(new HonestyCheck(engine.resolver(), random).finding());
        var router = new MailRouter(engine.resolver(), engine.egress()::routable, random);
        var calls = new Calls(config, engine, router);
        var called = calls.to(domains);
        findings.add(PortCheck.finding(called, config));
        findings.add(calls.overIpv6(domains));
        findings.add(new ClockCheck(engine.clock(), timeSync).finding(called));
        var source = SourceAddress.of(called, config.smtp(), engine);
        findings.add(source.finding());
        if (config.smtp().isOn()) {
            var identity = new SmtpIdentity(config.smtp().helo(), config.smtp().mailFrom());
            findings.addAll(new IdentityCheck(identity, engine.resolver(), router).findings(source.address()));
        } else {
            findings.add(Finding.mend(
                    "identity",
                    "mailboxes are not asked for, since we have no name to give: verdicts end at the domain",
                    "set GATEPOST_SMTP_HELO and GATEPOST_SMTP_MAIL_FROM"));
        }
        return findings;
    }

    private DnsjavaResolver resolver(InetSocketAddress server) {
        return new DnsjavaResolver(engine.egress(), List.of(server), engine.clock(), random);
    }

    private static String name(InetSocketAddress server) {
        return server.getAddress().getHostAddress() + ":" + server.getPort();
    }
}
