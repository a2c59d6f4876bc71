package dev.gatepost.verify;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressFix;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.address.RandomText;
import dev.gatepost.address.Syntax;
import dev.gatepost.dns.DomainPolicy;
import dev.gatepost.dns.MailHost;
import dev.gatepost.dns.MailRoute;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.dns.QueryBudget;
import dev.gatepost.lists.ListHit;
import dev.gatepost.lists.ReferenceLists;
import dev.gatepost.smtp.Pause;
import dev.gatepost.smtp.ProbeResult;
import dev.gatepost.smtp.ProviderTable;
import dev.gatepost.smtp.ReplyClassifier;
import dev.gatepost.smtp.SmtpProbe;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.verify.VerifyRequest.Depth;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Verifies one address: syntax, lists, DNS, SMTP; stops at the first conclusive fact. Safe for any thread. */
public final class Verifier implements AutoCloseable {
    /** Waited for a domain's policies where no SMTP dialogue gives them time: a nice-to-have must not be felt. */
    private static final Duration POLICY_PATIENCE = Duration.ofMillis(300);

    private final Knowledge knowledge;
    private final MailRouter router;
    private final @Nullable SmtpProbe probe;
    private final InstantSource clock;
    private final GoingOn goingOn;

    private Verifier(Knowledge knowledge, MailRouter router, @Nullable SmtpProbe probe, InstantSource clock) {
        this(knowledge, router, probe, clock, new GoingOn(GoingOn.VERIFICATIONS_MAX));
    }

    Verifier(Knowledge knowledge, MailRouter router, @Nullable SmtpProbe probe, InstantSource clock, GoingOn goingOn) {
        this.knowledge = requireNonNull(knowledge, "knowledge");
        this.router = requireNonNull(router, "router");
        this.probe = probe;
        this.clock = requireNonNull(clock, "clock");
        this.goingOn = goingOn;
    }

    /** A verifier that asks mail hosts. */
    public static Verifier probing(Knowledge knowledge, MailRouter router, SmtpProbe probe, InstantSource clock) {
        return new Verifier(knowledge, router, requireNonNull(probe, "probe"), clock);
    }

    /** The same, with lists that stay as they are and the shipped provider table. */
    public static Verifier probing(ReferenceLists lists, MailRouter router, SmtpProbe probe, InstantSource clock) {
        return probing(new Knowledge(() -> lists, ProviderTable.shipped()), router, probe, clock);
    }

    /** A verifier that stops at DNS, for installations without an SMTP identity. */
    public static Verifier withoutSmtp(Knowledge knowledge, MailRouter router, InstantSource clock) {
        return new Verifier(knowledge, router, null, clock);
    }

    /** The same, with lists that stay as they are and the shipped provider table. */
    public static Verifier withoutSmtp(ReferenceLists lists, MailRouter router, InstantSource clock) {
        return withoutSmtp(new Knowledge(() -> lists, ProviderTable.shipped()), router, clock);
    }

    /** Mail hosts that are left alone for the time being, since they refuse us; empty when all is well or SMTP is off. */
    public List<Pause> pauses() {
        return probe == null ? List.of() : probe.pauses();
    }

    /** Calls off what still goes on, and takes leave of the mail hosts that connections are kept to. */
    @Override
    public void close() {
        goingOn.close();
        if (probe != null) {
            probe.close();
        }
    }

    /**
     * Verifies; blocks the calling (virtual) thread for at most the request's patience. Never throws for what the address,
     * DNS or a mail host is like. When the patience ends first, the answer holds what was seen by then, it is not final,
     * and nothing goes on.
     */
    public Verification verify(VerifyRequest request) {
        var patience = Patience.from(request.patience());
        var began = clock.instant();
        return switch (AddressParser.parse(request.text(), request.dialect())) {
            case Syntax.Malformed(var defect) -> malformed(request, new Evidence.Malformed(defect), began);
            case Syntax.Wellformed(var address) -> {
                var evidence = new ArrayList<Evidence>();
                gather(address, request, patience, evidence);
                yield wellformed(request, address, evidence, began);
            }
        };
    }

    /**
     * Verifies as above, but goes on when the request's patience ends first: the answer then has the reason
     * {@link Reason#IN_PROGRESS} and is not final, and the whole verification, with the same id, is given to {@code later}
     * as soon as there is one, within the usual bounds and on a thread of its own. It is given once, and only after such an
     * answer; not at all when this verifier is closed before. When more than {@link GoingOn#VERIFICATIONS_MAX} are under
     * way, this one does not go on: then its answer has another reason, for example {@link Reason#TIMEOUT}.
     */
    public Verification verify(VerifyRequest request, Consumer<Verification> later) {
        var began = clock.instant();
        return switch (AddressParser.parse(request.text(), request.dialect())) {
            case Syntax.Malformed(var defect) -> malformed(request, new Evidence.Malformed(defect), began);
            case Syntax.Wellformed(var address) -> goingOn.enter() ? goOn(request, address, later) : verify(request);
        };
    }

    private Verification goOn(VerifyRequest request, EmailAddress address, Consumer<Verification> later) {
        var began = clock.instant();
        var unhurried = request.unhurried();
        var evidence = Collections.synchronizedList(new ArrayList<Evidence>());
        Callable<Verification> work = () -> {
            gather(address, unhurried, Patience.from(unhurried.patience()), evidence);
            return wellformed(request, address, evidence, began);
        };
        return goingOn.run(work, request.patience(), later)
                .orElseGet(() -> wellformed(request, address, soFar(evidence), began));
    }

    /** What was seen by now. It may even hold the conclusion by now, but that is told later, as promised. */
    private static List<Evidence> soFar(List<Evidence> evidence) {
        var soFar = new ArrayList<Evidence>(List.of(new Evidence.StillAsking()));
        soFar.addAll(evidence);
        return soFar;
    }

    private Verification wellformed(
            VerifyRequest request, EmailAddress address, List<Evidence> evidence, Instant began) {
        return new Verification(
                request.id(),
                request.text(),
                address.normalized(),
                address.domain().ascii(),
                evidence,
                Verdict.of(List.copyOf(evidence)),
                clock.instant(),
                Duration.between(began, clock.instant()));
    }

    private Verification malformed(VerifyRequest request, Evidence.Malformed malformed, Instant began) {
        var evidence = new ArrayList<Evidence>();
        evidence.add(malformed);
        meant(request.text()).ifPresent(evidence::add);
        var now = clock.instant();
        return new Verification(
                request.id(),
                request.text(),
                "",
                "",
                evidence,
                Verdict.of(evidence),
                now,
                Duration.between(began, now));
    }

    /** What comes out when the text is cleaned; a slip in that is mended on the way, since it is only offered. */
    private Optional<Evidence> meant(String text) {
        return AddressFix.propose(text)
                .map(address -> knowledge.lists().get().suggestion(address).orElse(address))
                .map(address -> new Evidence.Suggested(address.toString()));
    }

    private void gather(EmailAddress address, VerifyRequest request, Patience patience, List<Evidence> evidence) {
        var lists = knowledge.lists().get();
        evidence.add(new Evidence.Form(
                address.isSubaddressed(), address.needsSmtputf8(), lists.isHomograph(address.domain())));
        if (RandomText.isLikely(address.localPart())) {
            evidence.add(new Evidence.RandomLooking());
        }
        lists.hits(address).forEach(hit -> evidence.add(new Evidence.Listed(hit)));
        var suggestion = lists.suggestion(address).map(EmailAddress::toString).map(Evidence.Suggested::new);
        if (address.domain().isSpecialUse()) {
            suggestion.ifPresent(evidence::add);
            evidence.add(new Evidence.SpecialUse(address.domain().ascii()));
            return;
        }
        if (request.depth() == Depth.OFFLINE) {
            suggestion.ifPresent(evidence::add);
            evidence.add(new Evidence.Offline());
            return;
        }
        var budget = router.budget(patience.left());
        var route = router.route(address.domain(), budget);
        if (!isTrueMailDomain(address.domain(), route, lists)) {
            suggestion.ifPresent(evidence::add);
        }
        var terms = new Terms(lists, request.timeouts(), patience, budget);
        switch (route) {
            case MailRoute.NoDomain _ -> evidence.add(new Evidence.NoDomain());
            case MailRoute.NullMx _ -> evidence.add(new Evidence.NullMx());
            case MailRoute.NoHosts _ -> evidence.add(new Evidence.NoMailHost());
            case MailRoute.Unresolvable(var hosts) -> evidence.add(new Evidence.MxUnresolvable(hosts));
            case MailRoute.Unroutable(var hosts) -> evidence.add(new Evidence.MxUnroutable(hosts));
            case MailRoute.Failed(var cause) -> evidence.add(new Evidence.DnsFailed(cause));
            case MailRoute.MxHosts(var hosts, var notes) -> {
                evidence.add(mailHosts(hosts, HostsFrom.MX, notes));
                addSuspicion(hosts, lists, evidence);
                ask(address, hosts, terms, evidence);
            }
            case MailRoute.ImplicitMx(var host) -> {
                evidence.add(mailHosts(List.of(host), HostsFrom.ADDRESS_RECORD, List.of()));
                ask(address, List.of(host), terms, evidence);
            }
        }
    }

    /** What one verification goes by: the lists as they were at its beginning, and how long others are waited for. */
    private record Terms(ReferenceLists lists, SmtpTimeouts timeouts, Patience patience, QueryBudget budget) {}

    /** Asks the domain for its policies while the mail host is asked for the mailbox, and waits for the host only. */
    private void ask(EmailAddress address, List<MailHost> hosts, Terms terms, List<Evidence> evidence) {
        var policies = router.askPolicies(address.domain(), terms.budget());
        var optOut = optOut(address.domain(), hosts, terms.lists());
        if (optOut.isPresent()) {
            addPolicies(policies.landed(terms.patience().atMost(POLICY_PATIENCE)), evidence);
            evidence.add(new Evidence.OptedOut(optOut.get()));
            return;
        }
        if (probe == null) {
            addPolicies(policies.landed(terms.patience().atMost(POLICY_PATIENCE)), evidence);
            evidence.add(new Evidence.SmtpOff());
            return;
        }
        var result = probe.probe(
                address, hosts, terms.timeouts().within(terms.patience().left()));
        addPolicies(policies.landed(Duration.ZERO), evidence);
        result.transcript()
                .forEach(line ->
                        evidence.add(new Evidence.Said(line.host(), line.stage(), line.reply(), line.millis())));
        evidence.add(
                switch (result.outcome()) {
                    case ProbeResult.Answered(var host, var reply, var meaning, var acceptAll) ->
                        new Evidence.RecipientAnswered(
                                host, reply, meaning, acceptAll, ReplyClassifier.saysMailboxExists(reply));
                    case ProbeResult.SenderRefused(var host, var stage, var reply, var meaning) ->
                        new Evidence.SenderRefused(host, stage, reply, meaning);
                    case ProbeResult.NoAnswer(var host, var trouble) -> new Evidence.NoAnswer(host, trouble);
                    case ProbeResult.Smtputf8Unsupported(var host) -> new Evidence.Smtputf8Unsupported(host);
                });
    }

    /** A list that knows the domain knows better than its mail host's other customers. */
    private static void addSuspicion(List<MailHost> hosts, ReferenceLists lists, List<Evidence> evidence) {
        if (evidence.stream().anyMatch(Verifier::isOfAKnownDomain)) {
            return;
        }
        hosts.stream()
                .map(MailHost::name)
                .filter(lists::servesDisposableDomains)
                .findFirst()
                .ifPresent(host -> evidence.add(new Evidence.DisposableSuspected(host)));
    }

    private static boolean isOfAKnownDomain(Evidence evidence) {
        return evidence instanceof Evidence.Listed(ListHit(var list, var _, var _))
                && switch (list) {
                    case DISPOSABLE, FREE, RELAY, ALLOW, BLOCK -> true;
                    case ROLE, EDU, OPTOUT -> false;
                };
    }

    private static void addPolicies(DomainPolicy policy, List<Evidence> evidence) {
        if (!policy.equals(DomainPolicy.UNKNOWN)) {
            evidence.add(new Evidence.Policies(policy));
        }
    }

    /**
     * Whether somebody keeps mail hosts for the very domain that was typed: then it is no slip, however near to a provider's
     * it is. Those who live from the slips of others keep mail hosts, too.
     */
    private static boolean isTrueMailDomain(Domain domain, MailRoute route, ReferenceLists lists) {
        return route instanceof MailRoute.MxHosts(var hosts, var _)
                && !lists.isSquat(domain)
                && hosts.stream().map(MailHost::name).noneMatch(lists::servesDisposableDomains);
    }

    /** The entry that forbids to ask for the mailbox, of the domain or of one of its mail hosts (reliability: M6). */
    private static Optional<ListHit> optOut(Domain domain, List<MailHost> hosts, ReferenceLists lists) {
        return lists.optOut(domain)
                .or(() -> hosts.stream()
                        .map(host -> lists.optOut(host.name()))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    private Evidence mailHosts(List<MailHost> hosts, HostsFrom from, List<String> notes) {
        var provider = knowledge.providers().of(hosts.getFirst().name());
        return new Evidence.MailHosts(
                hosts.stream().map(MailHost::name).toList(),
                from == HostsFrom.ADDRESS_RECORD,
                provider.name(),
                provider.acceptTrust(),
                notes,
                provider.rule());
    }

    private enum HostsFrom {
        MX,
        ADDRESS_RECORD
    }
}
