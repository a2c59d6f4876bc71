package dev.gatepost.doctor;

import static dev.gatepost.doctor.Finding.fine;
import static dev.gatepost.doctor.Finding.unsure;

import dev.gatepost.address.Domain;
import dev.gatepost.dns.Answer;
import dev.gatepost.dns.MailHost;
import dev.gatepost.dns.MailRoute;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.dns.RecordType;
import dev.gatepost.egress.Dialled;
import dev.gatepost.server.Config;
import dev.gatepost.server.Engine;
import dev.gatepost.smtp.Hello;
import dev.gatepost.smtp.SmtpIdentity;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Says hello to mail hosts that are known to be up. */
final class Calls {

    /** For the connection, and again for greeting and EHLO. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Config config;
    private final Engine engine;
    private final MailRouter router;

    Calls(Config config, Engine engine, MailRouter router) {
        this.config = config;
        this.engine = engine;
        this.router = router;
    }

    /** What came of calling one domain's mail host. */
    sealed interface Called {

        /**
         * A host was called.
         *
         * @param at when it answered, by our clock
         */
        record Host(String name, Hello hello, Instant at) implements Called {}

        /** DNS gave no host to call. */
        record NoHost(String domain, String why) implements Called {}
    }

    /** The best host of each domain over IPv4. */
    List<Called> to(List<String> domains) {
        var called = new ArrayList<Called>();
        for (var domain : domains) {
            switch (router.route(new Domain(domain))) {
                case MailRoute.MxHosts(var hosts, var _) -> called.add(call(domain, hosts));
                case MailRoute.ImplicitMx(var host) -> called.add(call(domain, List.of(host)));
                case MailRoute.Failed(var cause) ->
                    called.add(new Called.NoHost(domain, "the name servers could not be asked (" + cause + ")"));
                case MailRoute.Unroutable _ ->
                    called.add(new Called.NoHost(domain, "its addresses are none of the public internet"));
                case MailRoute.NullMx _, MailRoute.NoHosts _, MailRoute.Unresolvable _, MailRoute.NoDomain _ ->
                    called.add(new Called.NoHost(domain, "it has no mail host"));
            }
        }
        return called;
    }

    private Called call(String domain, List<MailHost> hosts) {
        return hosts.stream()
                .flatMap(host -> host.addresses().stream()
                        .filter(address -> !(address instanceof Inet6Address))
                        .limit(1)
                        .map(address -> (Called) new Called.Host(
                                host.name(), say(address), engine.clock().instant())))
                .findFirst()
                .orElseGet(() -> new Called.NoHost(domain, "its mail hosts have no IPv4 address"));
    }

    private Hello say(InetAddress address) {
        var identity = new SmtpIdentity(config.smtp().helo(), config.smtp().mailFrom());
        return Hello.say(
                config.smtp().dialer(engine.egress()),
                identity,
                new InetSocketAddress(address, config.smtp().port()),
                TIMEOUT);
    }

    /** Whether hosts can be reached over IPv6 too; they need not. */
    Finding overIpv6(List<String> domains) {
        var check = "IPv6";
        for (var domain : domains) {
            if (!(router.route(new Domain(domain)) instanceof MailRoute.MxHosts(var hosts, var _))) {
                continue;
            }
            for (var host : hosts) {
                if (engine.resolver().ask(host.name(), RecordType.AAAA)
                                instanceof Answer.Found(var records, var _, var _)
                        && records.getFirst() instanceof Answer.AddressData(var address)) {
                    return switch (say(address)) {
                        case Hello.Greeted _, Hello.Refused _, Hello.Mute _ ->
                            fine(check, "works; IPv4 goes first, since many hosts want more of IPv6 senders");
                        case Hello.NotConnected(Dialled.Refused(var why)) -> fine(check, "not used: " + why);
                        case Hello.NotConnected _ -> fine(check, "not available; mail hosts are reached over IPv4");
                    };
                }
            }
        }
        return unsure(check, "no mail host with an IPv6 address was found to try it", "");
    }
}
