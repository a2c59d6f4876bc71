package dev.gatepost.doctor;

import static dev.gatepost.doctor.Finding.fine;
import static dev.gatepost.doctor.Finding.mend;
import static dev.gatepost.doctor.Finding.unsure;

import dev.gatepost.address.Domain;
import dev.gatepost.dns.Answer;
import dev.gatepost.dns.MailRoute;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.dns.RecordType;
import dev.gatepost.dns.Resolver;
import dev.gatepost.dns.ReverseName;
import dev.gatepost.dns.SpfCheck;
import dev.gatepost.smtp.SmtpIdentity;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether the names we give fit the address we come from, as mail hosts check (reliability: M2). */
final class IdentityCheck {

    private final SmtpIdentity identity;
    private final Resolver resolver;
    private final MailRouter router;

    IdentityCheck(SmtpIdentity identity, Resolver resolver, MailRouter router) {
        this.identity = identity;
        this.resolver = resolver;
        this.router = router;
    }

    /** @param source where mail hosts see us; empty when unknown, then what hangs on it cannot be told */
    List<Finding> findings(Optional<InetAddress> source) {
        var findings = new ArrayList<Finding>();
        findings.add(helo(source));
        source.ifPresent(address -> findings.add(ptr(address)));
        source.ifPresent(address -> findings.add(spf(address)));
        findings.add(senderDomain());
        return findings;
    }

    private Finding helo(Optional<InetAddress> source) {
        var check = "HELO";
        var helo = identity.helo().toLowerCase(Locale.ROOT);
        if (helo.startsWith("[") || !helo.contains(".")) {
            return mend(
                    check,
                    helo + " is no full host name",
                    "set GATEPOST_SMTP_HELO to the name that the PTR record gives");
        }
        return switch (resolver.ask(helo, RecordType.A)) {
            case Answer.Found(var records, var _, var _) -> {
                var addresses = addresses(records);
                var shown = String.join(
                        ", ",
                        addresses.stream().map(InetAddress::getHostAddress).toList());
                if (source.isEmpty()) {
                    yield unsure(check, helo + " leads to " + shown + "; whether that is us cannot be told", "");
                }
                yield addresses.contains(source.get())
                        ? fine(check, helo + " leads to " + source.get().getHostAddress())
                        : mend(
                                check,
                                helo + " leads to " + shown + ", but mail hosts see us at "
                                        + source.get().getHostAddress(),
                                "set the A record of " + helo + " to "
                                        + source.get().getHostAddress()
                                        + ", or GATEPOST_SMTP_HELO to the name of that address");
            }
            case Answer.NoData _, Answer.NoSuchName _ ->
                mend(
                        check,
                        helo + " leads nowhere",
                        "give it an A record"
                                + source.map(address -> " with " + address.getHostAddress())
                                        .orElse("")
                                + ", or set GATEPOST_SMTP_HELO to another name");
            case Answer.Failed(var cause) -> unsure(check, helo + " could not be asked for (" + cause + ")", "");
        };
    }

    private static List<InetAddress> addresses(List<Answer.Data> records) {
        return records.stream()
                .filter(Answer.AddressData.class::isInstance)
                .map(data -> ((Answer.AddressData) data).address())
                .toList();
    }

    private Finding ptr(InetAddress source) {
        var check = "PTR";
        var address = source.getHostAddress();
        var helo = identity.helo().toLowerCase(Locale.ROOT);
        var ask = "ask whoever gave you the address to set its PTR record to " + helo;
        return switch (resolver.ask(ReverseName.of(source), RecordType.PTR)) {
            case Answer.Found(var records, var _, var _) -> {
                var names = records.stream()
                        .filter(Answer.NameData.class::isInstance)
                        .map(data -> ((Answer.NameData) data).name())
                        .toList();
                yield names.contains(helo)
                        ? fine(check, address + " is called " + helo)
                        : mend(
                                check,
                                "PTR of " + address + " is " + String.join(", ", names) + ", not " + helo,
                                ask + ", or set GATEPOST_SMTP_HELO to " + names.getFirst());
            }
            case Answer.NoData _, Answer.NoSuchName _ -> mend(check, "PTR of " + address + " is missing", ask);
            case Answer.Failed(var cause) ->
                unsure(check, "the PTR record of " + address + " could not be asked for (" + cause + ")", "");
        };
    }

    private Finding spf(InetAddress source) {
        var check = "SPF";
        var domain = domain();
        var result = new SpfCheck(resolver).check(source, domain);
        var address = source.getHostAddress();
        var term = (address.contains(":") ? "ip6:" : "ip4:") + address;
        return switch (result.outcome()) {
            case PASS -> fine(check, domain + " lets " + address + " send its mail: " + result.why());
            case NONE -> mend(check, result.why(), "add a TXT record to " + domain + ": v=spf1 " + term + " -all");
            case FAIL, SOFTFAIL, NEUTRAL ->
                mend(
                        check,
                        domain + " does not let " + address + " send its mail: " + result.why(),
                        "add " + term + " to the SPF record of " + domain
                                + ", or set GATEPOST_SMTP_MAIL_FROM to an address elsewhere");
            case PERMERROR -> mend(check, result.why(), "mend the SPF record of " + domain);
            case TEMPERROR -> unsure(check, result.why(), "");
            case CANNOT_TELL -> unsure(check, "cannot be told: " + result.why(), "make sure that it covers " + address);
        };
    }

    private Finding senderDomain() {
        var check = "MAIL FROM";
        var domain = domain();
        var setIt = "set GATEPOST_SMTP_MAIL_FROM to a mailbox of yours";
        return switch (router.route(new Domain(domain))) {
            case MailRoute.MxHosts(var hosts, var _) ->
                fine(check, domain + " takes mail at " + hosts.getFirst().name());
            case MailRoute.ImplicitMx _ ->
                mend(
                        check,
                        domain + " has no MX record; many hosts refuse such a sender",
                        "give " + domain + " an MX record");
            case MailRoute.NoDomain _ -> mend(check, domain + " does not exist", setIt);
            case MailRoute.NullMx _, MailRoute.NoHosts _, MailRoute.Unresolvable _, MailRoute.Unroutable _ ->
                mend(check, domain + " takes no mail; hosts refuse such a sender", setIt);
            case MailRoute.Failed(var cause) -> unsure(check, domain + " could not be asked for (" + cause + ")", "");
        };
    }

    private String domain() {
        var from = identity.mailFrom();
        return from.substring(from.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }
}
