package dev.gatepost.smtp;

import dev.gatepost.address.EmailAddress;
import dev.gatepost.smtp.AcceptAllMemory.Question;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The talk with one host about one address, over as many connections as that takes; connections that are still good
 * afterwards are kept. One object for one talk.
 */
final class HostTalk {
    /** Connections to one address: one kept from before, a new one, one without pipelining, one with TLS. */
    private static final int CONNECTIONS_MAX = 4;

    /** Addresses of a list in one group where the next who is awaited would have to wait for it. */
    static final int GROUP_IN_THE_WAY_MAX = 8;

    /** What talks need. */
    record Room(
            SmtpIdentity identity,
            Opener opener,
            WarmSessions warm,
            WaitingProbes waiting,
            GroupSizes groupSizes,
            HostMemory memory,
            AcceptAllMemory acceptAll) {}

    private final Room room;
    private final Probe probe;
    private final Target target;
    private final HostGroups.Place place;
    private final Provider provider;
    private final Question question;
    private Script script;

    HostTalk(Room room, Probe probe, Target target, HostGroups.Place place) {
        this.room = room;
        this.probe = probe;
        this.target = target;
        this.place = place;
        provider = target.provider();
        question = room.acceptAll().about(probe.address().domain());
        script = new Script(
                room.identity(),
                recipients(),
                room.memory().mayPipeline(target.address()),
                room.memory().tls(target.address()));
    }

    private boolean asksAcceptAll() {
        return question.isOpen() && provider.probeRandom();
    }

    private List<EmailAddress> recipients() {
        var recipients = new ArrayList<>(List.of(probe.address()));
        if (asksAcceptAll() && provider.rcptMax() > 1) {
            recipients.add(question.address());
        }
        return recipients;
    }

    /** A connection kept from an earlier probe that may still be good for this one. */
    static Optional<SmtpSession> kept(Room room, Probe probe, Target target) {
        var kept = room.warm().take(target.address(), 1);
        kept.ifPresent(session -> session.begin(probe.use(target)));
        return kept;
    }

    /** Talks, beginning with a connection that has been greeted; ends with an answer or the need of another host. */
    Ending over(SmtpSession first) {
        var session = first;
        for (int connection = 1; true; connection++) {
            switch (once(session, script)) {
                case Ending.Stale _ -> {
                    // A new connection must tell.
                }
                case Ending.OneByOne _ -> {
                    room.memory().pipelinesBadly(target.address());
                    script = script.oneByOne();
                }
                case Ending.WithTls(var demand) -> {
                    room.memory().demandsTls(target.address(), demand);
                    script = script.encrypted(demand);
                }
                case Ending.AskApart(var answered) -> {
                    return new Ending.Done(withAcceptAll(askApart(answered)));
                }
                case Ending.Done(var outcome) -> {
                    return new Ending.Done(withAcceptAll(outcome));
                }
                case Ending.TryNext next -> {
                    return next;
                }
            }
            if (connection == CONNECTIONS_MAX) {
                return Ending.noAnswer(target.host(), Trouble.PROTOCOL);
            }
            switch (room.opener().open(target, probe, place.shared())) {
                case Opening.Failed(var _, var outcome) -> {
                    return new Ending.TryNext(outcome);
                }
                case Opening.Greeted(var _, var greeted, var _) -> session = greeted;
            }
        }
    }

    /** Asks over one connection, which is kept or closed afterwards. */
    private Ending once(SmtpSession session, Script words) {
        Ending ending;
        try {
            var introduced = session.isIntroduced()
                    ? Optional.<Ending>empty()
                    : new Introduction(session, words, probe.timeouts()).make();
            ending = introduced.isPresent() ? introduced.get() : transaction(session, words);
        } catch (IOException e) {
            ending = session.isKept() ? new Ending.Stale() : Ending.noAnswer(target.host(), Ending.trouble(e));
        }
        boolean isGood = ending instanceof Ending.AskApart
                || (ending instanceof Ending.Done(var outcome) && outcome instanceof Answered);
        if (isGood) {
            room.warm().park(session, target);
        } else {
            session.close();
        }
        return ending;
    }

    /** Asks for others that wait, too, where the host takes groups. */
    private Ending transaction(SmtpSession session, Script words) throws IOException {
        var companions = Companions.of(room.waiting(), probe, companionsMax(session, words));
        var transaction = new Transaction(session, words, probe.timeouts(), companions.addresses());
        var replies = List.<ReplyReader.Received>of();
        var acceptAll = Optional.of(question.answer());
        long begin = System.nanoTime();
        try {
            var ending = transaction.run();
            acceptAll = words.recipients().size() > 1 ? settled(ending) : acceptAll;
            replies = acceptAll.isPresent() ? transaction.companionReplies() : replies;
            return ending;
        } finally {
            if (!asksApart(words)) {
                learn(transaction.heard(), Duration.ofNanos(System.nanoTime() - begin));
            }
            place.answeredCleanly(companions.tell(target.host(), replies, acceptAll.orElse(AcceptAll.UNCLEAR)));
        }
    }

    /** Whether this is about the address nobody has, and nothing else. */
    private boolean asksApart(Script words) {
        return words.address().equals(question.address());
    }

    private void learn(List<ReplyReader.Received> heard, Duration took) {
        int refused = (int) heard.stream().filter(reply -> !reply.isPositive()).count();
        room.groupSizes().learn(probe.address().domain(), heard.size(), refused, took);
        if (heard.stream().skip(1).anyMatch(Transaction::isOneTooMany)) {
            room.memory().wantsOneAtATime(target.address());
        }
    }

    /** How many others the host may be asked about in the same group. */
    private int companionsMax(SmtpSession session, Script words) {
        boolean takesGroups = words.mayPipeline()
                && session.offers("PIPELINING")
                && provider.rcptMax() > 1
                && room.memory().mayNameSeveral(target.address());
        if (!takesGroups) {
            room.waiting().askOneByOne(probe.address().domain());
        }
        if (!takesGroups || asksApart(words) || probe.address().needsSmtputf8()) {
            return 0;
        }
        int randoms = words.recipients().size() - 1;
        int byRefusals = room.groupSizes().most(probe.address().domain(), session.refusals() + randoms);
        int most = Math.min(byRefusals, session.room(provider.rcptMax()) - randoms);
        boolean isInTheWay = probe.haste() == Haste.PATIENT && place.isExpectedBySomebodyAwaited();
        return Math.min(most, isInTheWay ? GROUP_IN_THE_WAY_MAX : most) - 1;
    }

    /** A host that takes one recipient at a time hears of the one nobody has by itself, over a new connection if need be. */
    private Answered askApart(Answered answered) {
        var alone = script.asking(question.address());
        var ending =
                kept(room, probe, target).map(session -> once(session, alone)).orElseGet(Ending.Stale::new);
        if (ending instanceof Ending.Stale
                && room.opener().open(target, probe, place.shared())
                        instanceof Opening.Greeted(var _, var greeted, var _)) {
            ending = once(greeted, alone);
        }
        var acceptAll = ending instanceof Ending.Done(var outcome) && outcome instanceof Answered random
                ? AcceptAll.ofRandom(random.meaning())
                : AcceptAll.UNCLEAR;
        return answered.with(acceptAll);
    }

    /** Adds what is remembered of the domain, and remembers what was learned. */
    private Outcome withAcceptAll(Outcome outcome) {
        if (!(outcome instanceof Answered answered)) {
            return outcome;
        }
        if (answered.acceptAll() == AcceptAll.NOT_ASKED && !question.isOpen()) {
            return answered.with(question.answer());
        }
        boolean accepted = answered.meaning() == ReplyMeaning.ACCEPT;
        if (answered.acceptAll() == AcceptAll.NOT_ASKED && accepted && asksAcceptAll()) {
            answered = askApart(answered); // the provider takes one recipient in a session
        }
        if (answered.acceptAll() != AcceptAll.NOT_ASKED) {
            room.acceptAll().learn(question, aboutOthers(answered));
        }
        return answered;
    }

    /** What the answer to the address nobody has tells about all other addresses of the domain, if it came. */
    private static Optional<AcceptAll> settled(Ending ending) {
        return ending instanceof Ending.Done(var outcome) && outcome instanceof Answered answered
                ? Optional.of(aboutOthers(answered))
                : Optional.empty();
    }

    /** Refusing the address but taking one that nobody has proves nothing about the next address. */
    private static AcceptAll aboutOthers(Answered answered) {
        boolean odd = answered.acceptAll() == AcceptAll.YES && answered.meaning() != ReplyMeaning.ACCEPT;
        return odd ? AcceptAll.UNCLEAR : answered.acceptAll();
    }
}
