package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.EmailAddress;
import dev.gatepost.dns.MailHost;
import dev.gatepost.egress.Dialer;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * Asks a domain's mail hosts about an address, up to RCPT TO and never further. Keeps connections for a few seconds for
 * the next address. Safe for any thread.
 */
public final class SmtpProbe implements AutoCloseable {
    private final Dialer dialer;
    private final HostGroups groups;
    private final HostMemory memory;
    private final Pauses pauses;
    private final WarmSessions warm;
    private final HostRace.Course course;
    private final HostTalk.Room room;
    private final ProviderTable providers;

    /** A probe with empty memories and polite limits. See the other constructor. */
    public SmtpProbe(Dialer dialer, SmtpIdentity identity, int port, InstantSource clock, RandomGenerator random) {
        this(dialer, identity, port, clock, random, HostLimits.POLITE);
    }

    /** A probe with empty memories and the shipped provider table. See the last constructor. */
    public SmtpProbe(
            Dialer dialer,
            SmtpIdentity identity,
            int port,
            InstantSource clock,
            RandomGenerator random,
            HostLimits limits) {
        this(dialer, identity, port, clock, SharedMemory.none(random), limits);
    }

    /** A probe with the shipped provider table. See the last constructor. */
    public SmtpProbe(
            Dialer dialer,
            SmtpIdentity identity,
            int port,
            InstantSource clock,
            SharedMemory shared,
            HostLimits limits) {
        this(dialer, identity, port, clock, shared, new HostRules(limits, ProviderTable.shipped()));
    }

    /**
     * A probe that remembers what the memory holds, and tells it what must outlive the process.
     *
     * @param identity who we say we are
     * @param port the mail hosts' port, 25 but in labs
     * @param rules how hosts are treated
     * @throws IllegalArgumentException when the identity cannot be said in a command line
     */
    public SmtpProbe(
            Dialer dialer, SmtpIdentity identity, int port, InstantSource clock, SharedMemory shared, HostRules rules) {
        requireNonNull(identity, "identity");
        var limits = rules.limits();
        var _ = CommandLines.ehlo(identity) + CommandLines.mail(identity, false);
        providers = rules.providers();
        memory = new HostMemory(clock);
        pauses = new Pauses(identity, clock, rules::groupOf, shared);
        groups = new HostGroups(limits, shared, clock);
        warm = new WarmSessions(clock, limits.sessionsInAll());
        this.dialer = requireNonNull(dialer, "dialer");
        var opener = new Opener(dialer, port, memory, pauses);
        course = new HostRace.Course(opener, groups, memory);
        room = new HostTalk.Room(
                identity,
                opener,
                warm,
                new WaitingProbes(),
                new GroupSizes(clock),
                memory,
                new AcceptAllMemory(clock, shared));
    }

    /**
     * Asks; blocks the calling (virtual) thread for at most {@code timeouts.total()}. Never throws for what hosts do.
     *
     * <p>The accept-all question is answered from memory where the domain was asked within a day. A host that refused us
     * lately is not asked at all: the answer is what it said then, and the transcript is empty.
     *
     * @throws IllegalArgumentException when the address did not come from the parser and cannot be a command's argument
     */
    public ProbeResult probe(EmailAddress address, List<MailHost> hosts, SmtpTimeouts timeouts) {
        var _ = CommandLines.rcpt(address);
        var probe = new Probe(address, timeouts, Deadline.in(timeouts.total()), new Transcript());
        if (probe.deadline().hasPassed()) {
            return new ProbeResult(new NoAnswer(firstName(hosts), Trouble.TIMEOUT), List.of());
        }
        var targets = targets(hosts);
        if (targets.isEmpty()) {
            return new ProbeResult(new NoAnswer(firstName(hosts), Trouble.NO_ROUTE), List.of());
        }
        var open = targets.stream()
                .filter(target -> pauses.standing(target).isEmpty())
                .toList();
        var outcome = open.isEmpty() ? standing(targets.getFirst()) : ask(probe, open);
        return new ProbeResult(outcome, probe.transcript().lines());
    }

    private static String firstName(List<MailHost> hosts) {
        return hosts.isEmpty() ? "" : hosts.getFirst().name();
    }

    /** Which hosts are left alone just now, since they refuse us or are busy; the longest pause first. */
    public List<Pause> pauses() {
        return pauses.all();
    }

    /** The answer while a pause lasts; it may have ended this very moment. */
    private Outcome standing(Target target) {
        return pauses.standing(target).orElseGet(() -> new NoAnswer(target.host(), Trouble.BUSY));
    }

    /** Says good-bye on all connections that are kept. Probes under way end as they would; later ones keep nothing. */
    @Override
    public void close() {
        warm.close();
        groups.close();
    }

    /** In the given order, but those that were dead a moment ago come last. */
    private List<Target> targets(List<MailHost> hosts) {
        return Target.of(hosts, providers, dialer::leadsTo)
                .sorted(Comparator.comparing(target -> memory.isDead(target.address())))
                .toList();
    }

    private Outcome ask(Probe probe, List<Target> targets) {
        var busy = new NoAnswer(targets.getFirst().host(), Trouble.BUSY);
        try {
            if (!groups.awaitTurn(targets.getFirst(), probe.deadline(), probe.haste())) {
                return busy;
            }
            return ask(probe, targets, () -> sessions(targets.getFirst())).orElse(busy);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return busy;
        }
    }

    /** How many may talk to the host at once; a single one where another connection would cost somebody else's. */
    private int sessions(Target target) {
        return warm.size() < groups.spareInAll() ? groups.sessions(target) : 1;
    }

    /** Asks when its turn has come, unless another probe of the domain has asked for this address as well. */
    private Optional<Outcome> ask(Probe probe, List<Target> targets, IntSupplier sessions) throws InterruptedException {
        var line = room.waiting();
        var waiting = line.join(probe, sessions);
        var place = Optional.<HostGroups.Place>empty();
        try {
            if (!line.await(waiting, sessions)) {
                return Optional.empty();
            }
            if (waiting.answer().isPresent()) {
                return waiting.answer().map(Outcome.class::cast);
            }
            place = place(waiting, targets.getFirst());
            if (place.isEmpty()) {
                return Optional.empty();
            }
            var outcome = inPlace(probe, targets, place.get());
            pauses.learn(outcome);
            return Optional.of(outcome);
        } finally {
            waiting.claim().ifPresent(HostGroups.Place::close);
            var kept = place.filter(groups::mayHandOn);
            place.filter(own -> kept.isEmpty()).ifPresent(HostGroups.Place::close);
            line.leave(waiting, sessions, kept).ifPresent(HostGroups.Place::close);
        }
    }

    /** The place that was left to it by another of its domain, or one of its own. */
    private Optional<HostGroups.Place> place(Waiting waiting, Target target) throws InterruptedException {
        var left = waiting.claim();
        if (left.isPresent() && !groups.isFor(left.get(), target)) {
            left.get().close();
            left = Optional.empty();
        }
        return left.isPresent()
                ? left
                : groups.awaitPlace(
                        target, waiting.probe().deadline(), waiting.probe().haste());
    }

    private static void adapt(HostGroups.Place place, Outcome outcome) {
        switch (Attitude.of(outcome)) {
            case CLEAN -> place.answeredCleanly(1);
            case TOO_FAST, PUTS_OFF, BLOCKS -> place.foundUsTooFast();
            case NONE -> {
                // nothing to learn
            }
        }
    }

    private Outcome inPlace(Probe probe, List<Target> targets, HostGroups.Place place) throws InterruptedException {
        var opening = kept(probe, targets, place);
        var left = new ArrayList<>(targets);
        Optional<Outcome> best = Optional.empty();
        while (!left.isEmpty() && !probe.deadline().hasPassed()) {
            if (opening.isEmpty()) {
                warm.trim(left.getFirst().group(), place.spare(), groups.spareInAll());
                var race = new HostRace(course, probe, left, place);
                opening = Optional.of(race.run());
                left.removeAll(race.failed());
            }
            switch (opening.get()) {
                case Opening.Failed(var _, var outcome) -> {
                    adapt(place, outcome);
                    return better(best, outcome);
                }
                case Opening.Greeted(var target, var session, var own) -> {
                    try (own) {
                        switch (new HostTalk(room, probe, target, own).over(session)) {
                            case Ending.TryNext(var outcome) -> best = Optional.of(better(best, outcome));
                            case Ending.Done(var outcome) -> {
                                adapt(own, outcome);
                                return outcome;
                            }
                            case Ending other -> throw new IllegalStateException("not settled: " + other);
                        }
                    }
                    left.remove(target);
                }
            }
            opening = Optional.empty();
        }
        return best.orElseGet(() -> new NoAnswer(targets.getFirst().host(), Trouble.TIMEOUT));
    }

    /** A connection kept to the best host, or to one as good that shares its place. */
    private Optional<Opening> kept(Probe probe, List<Target> targets, HostGroups.Place place) {
        var first = targets.getFirst();
        return targets.stream()
                .filter(target -> target.preference() == first.preference()
                        && target.group().equals(first.group()))
                .flatMap(target -> HostTalk.kept(room, probe, target)
                        .map(session -> new Opening.Greeted(target, session, place.shared()))
                        .stream())
                .map(Opening.class::cast)
                .findFirst();
    }

    /** The first host's failure, unless a later one said something against us. */
    private static Outcome better(Optional<Outcome> best, Outcome outcome) {
        return outcome instanceof SenderRefused ? outcome : best.orElse(outcome);
    }
}
