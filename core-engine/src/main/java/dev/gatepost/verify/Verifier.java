package dev.gatepost.verify;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressParser;
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
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Verifies one address: syntax, lists, DNS, SMTP; stops at the first conclusive fact. Safe for any thread. */
public final class Verifier implements AutoCloseable {
    /** Waited for a domain's policies where no SMTP dialogue gives them time: a nice-to-have must not be felt. */
    private static final Duration POLICY_PATIENCE = Duration.ofMillis(300);

    private final ReferenceLists lists;
    private final MailRouter router;
    private final @Nullable SmtpProbe probe;
    private final InstantSource clock;
    private final GoingOn goingOn;

    private Verifier(ReferenceLists lists, MailRouter router, @Nullable SmtpProbe probe, InstantSource clock) {
        this(lists, router, probe, clock, new GoingOn(GoingOn.VERIFICATIONS_MAX));
    }

    Verifier(ReferenceLists lists, MailRouter router, @Nullable SmtpProbe probe, InstantSource clock, GoingOn goingOn) {
        this.lists = requireNonNull(lists, "lists");
        this.router = requireNonNull(router, "router");
        this.probe = probe;
        this.clock = requireNonNull(clock, "clock");
        this.goingOn = goingOn;
    }

    /** A verifier that asks mail hosts. */
    public static Verifier probing(ReferenceLists lists, MailRouter router, SmtpProbe probe, InstantSource clock) {
        return new Verifier(lists, router, requireNonNull(probe, "probe"), clock);
    }

    /** A verifier that stops at DNS, for installations without an SMTP identity. */
    public static Verifier withoutSmtp(ReferenceLists lists, MailRouter router, InstantSource clock) {
        return new Verifier(lists, router, null, clock);
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
        List<Evidence> evidence = List.of(malformed);
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

    private void gather(EmailAddress address, VerifyRequest request, Patience patience, List<Evidence> evidence) {
        addForm(address, evidence);
        lists.hits(address).forEach(hit -> evidence.add(new Evidence.Listed(hit)));
        lists.suggestion(address).ifPresent(meant -> evidence.add(new Evidence.Suggested(meant.toString())));
        if (address.domain().isSpecialUse()) {
            evidence.add(new Evidence.SpecialUse(address.domain().ascii()));
            return;
        }
        if (request.depth() == Depth.OFFLINE) {
            evidence.add(new Evidence.Offline());
            return;
        }
        var budget = router.budget(patience.left());
        switch (router.route(address.domain(), budget)) {
            case MailRoute.NoDomain _ -> evidence.add(new Evidence.NoDomain());
            case MailRoute.NullMx _ -> evidence.add(new Evidence.NullMx());
            case MailRoute.NoHosts _ -> evidence.add(new Evidence.NoMailHost());
            case MailRoute.Unresolvable(var hosts) -> evidence.add(new Evidence.MxUnresolvable(hosts));
            case MailRoute.Unroutable(var hosts) -> evidence.add(new Evidence.MxUnroutable(hosts));
            case MailRoute.Failed(var cause) -> evidence.add(new Evidence.DnsFailed(cause));
            case MailRoute.MxHosts(var hosts, var notes) -> {
                evidence.add(mailHosts(hosts, HostsFrom.MX, notes));
                addSuspicion(hosts, evidence);
                ask(address, hosts, new Terms(request.timeouts(), patience, budget), evidence);
            }
            case MailRoute.ImplicitMx(var host) -> {
                evidence.add(mailHosts(List.of(host), HostsFrom.ADDRESS_RECORD, List.of()));
                ask(address, List.of(host), new Terms(request.timeouts(), patience, budget), evidence);
            }
        }
    }

    /** How long others are waited for. */
    private record Terms(SmtpTimeouts timeouts, Patience patience, QueryBudget budget) {}

    /** Asks the domain for its policies while the mail host is asked for the mailbox, and waits for the host only. */
    private void ask(EmailAddress address, List<MailHost> hosts, Terms terms, List<Evidence> evidence) {
        var policies = router.askPolicies(address.domain(), terms.budget());
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
    private void addSuspicion(List<MailHost> hosts, List<Evidence> evidence) {
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
                    case DISPOSABLE, FREE, RELAY -> true;
                    case ROLE, EDU -> false;
                };
    }

    private static void addPolicies(DomainPolicy policy, List<Evidence> evidence) {
        if (!policy.equals(DomainPolicy.UNKNOWN)) {
            evidence.add(new Evidence.Policies(policy));
        }
    }

    private void addForm(EmailAddress address, List<Evidence> evidence) {
        evidence.add(new Evidence.Form(
                address.isSubaddressed(), address.needsSmtputf8(), lists.isHomograph(address.domain())));
        if (RandomText.isLikely(address.localPart())) {
            evidence.add(new Evidence.RandomLooking());
        }
    }

    private static Evidence mailHosts(List<MailHost> hosts, HostsFrom from, List<String> notes) {
        var provider = ProviderTable.of(hosts.getFirst().name());
        return new Evidence.MailHosts(
                hosts.stream().map(MailHost::name).toList(),
                from == HostsFrom.ADDRESS_RECORD,
                provider.name(),
                provider.acceptTrust(),
                notes);
    }

    private enum HostsFrom {
        MX,
        ADDRESS_RECORD
    }
}
