package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.EmailAddress;
import dev.gatepost.dns.MailHost;
import dev.gatepost.egress.Dialer;
import dev.gatepost.egress.Dialled;
import dev.gatepost.egress.Purpose;
import dev.gatepost.smtp.AcceptAllMemory.Question;
import dev.gatepost.smtp.Dialogue.Ending;
import dev.gatepost.smtp.Dialogue.Script;
import dev.gatepost.smtp.Dialogue.Tls;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** Asks a domain's mail hosts about an address, up to RCPT TO and never further. Safe for any thread. */
public final class SmtpProbe {
    /** Addresses tried of one host; its others mostly lead to the same machine. Verification contract, section 2. */
    private static final int ADDRESSES_PER_HOST_MAX = 2;

    /** Connections to one address: as it comes, once more without pipelining, once more with TLS. */
    private static final int CONNECTIONS_PER_ADDRESS_MAX = 3;

    private final Dialer dialer;
    private final SmtpIdentity identity;
    private final int port;
    private final HostGroups groups = new HostGroups();
    private final HostMemory memory;
    private final AcceptAllMemory acceptAll;

    /** One address of one host. */
    private record Target(String host, InetAddress address) {}

    /** What one probe carries along. */
    private record Probe(SmtpTimeouts timeouts, Deadline deadline, Transcript transcript) {}

    /**
     * A probe with empty memories.
     *
     * @param identity who we say we are
     * @param port the mail hosts' port, 25 but in labs
     * @param random draws the local part of the accept-all question
     * @throws IllegalArgumentException when the identity cannot be said in a command line
     */
    public SmtpProbe(Dialer dialer, SmtpIdentity identity, int port, InstantSource clock, RandomGenerator random) {
        this.dialer = requireNonNull(dialer, "dialer");
        this.identity = requireNonNull(identity, "identity");
        this.port = port;
        memory = new HostMemory(clock);
        acceptAll = new AcceptAllMemory(clock, random);
        var _ = CommandLines.ehlo(identity) + CommandLines.mail(identity, false);
    }

    /**
     * Asks; blocks the calling (virtual) thread for at most {@code timeouts.total()}. Never throws for what hosts do.
     *
     * <p>The accept-all question is answered from memory where the domain was asked within a day.
     *
     * @throws IllegalArgumentException when the address did not come from the parser and cannot be a command's argument
     */
    public ProbeResult probe(EmailAddress address, List<MailHost> hosts, SmtpTimeouts timeouts) {
        var _ = CommandLines.rcpt(address);
        var probe = new Probe(timeouts, Deadline.in(timeouts.total()), new Transcript());
        var outcome = askHosts(address, hosts, probe);
        return new ProbeResult(outcome, probe.transcript().lines());
    }

    private Outcome askHosts(EmailAddress address, List<MailHost> hosts, Probe probe) {
        Outcome best = new NoAnswer(hosts.isEmpty() ? "" : hosts.getFirst().name(), Trouble.NO_ROUTE);
        var targets = targets(hosts);
        for (int i = 0; i < targets.size(); i++) {
            boolean last = i == targets.size() - 1;
            var opening = last
                    ? probe.deadline()
                    : probe.deadline().orIn(probe.deadline().left().dividedBy(2));
            switch (ask(targets.get(i), address, opening, probe)) {
                case Ending.Done(var outcome) -> {
                    return outcome;
                }
                case Ending.TryNext(var outcome) -> best = i == 0 || outcome instanceof SenderRefused ? outcome : best;
                case Ending.OneByOne _, Ending.WithTls _ -> throw new IllegalStateException("not settled");
            }
            if (probe.deadline().hasPassed()) {
                break;
            }
        }
        return best;
    }

    /** In the given order, but those that were dead a moment ago come last. */
    private List<Target> targets(List<MailHost> hosts) {
        return hosts.stream()
                .flatMap(host -> host.addresses().stream()
                        .limit(ADDRESSES_PER_HOST_MAX)
                        .map(address -> new Target(host.name(), address)))
                .sorted(Comparator.comparing(target -> memory.isDead(target.address())))
                .toList();
    }

    private Ending ask(Target target, EmailAddress address, Deadline opening, Probe probe) {
        try (var place =
                groups.enter(target.host(), target.address(), probe.deadline()).orElse(null)) {
            return place == null ? noAnswer(target, Trouble.BUSY) : inPlace(target, address, opening, probe);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return noAnswer(target, Trouble.BUSY);
        }
    }

    private Ending inPlace(Target target, EmailAddress address, Deadline opening, Probe probe) {
        var question = acceptAll.about(address.domain());
        var script = new Script(
                identity,
                recipients(address, question, ProviderTable.of(target.host())),
                memory.mayPipeline(target.address()),
                new Tls.NotAsked());
        for (int connection = 0; connection < CONNECTIONS_PER_ADDRESS_MAX; connection++) {
            switch (connect(target, script, opening, probe)) {
                case Ending.OneByOne _ -> {
                    memory.pipelinesBadly(target.address());
                    script = script.oneByOne();
                }
                case Ending.WithTls(var demand) -> script = script.encrypted(demand);
                case Ending.Done(var outcome) -> {
                    return new Ending.Done(withAcceptAll(outcome, question));
                }
                case Ending.TryNext next -> {
                    return next;
                }
            }
        }
        return noAnswer(target, Trouble.PROTOCOL);
    }

    private static List<EmailAddress> recipients(EmailAddress address, Question question, Provider provider) {
        var recipients = new ArrayList<>(List.of(address));
        if (question.isOpen() && provider.probeRandom() && provider.rcptMax() > 1) {
            recipients.add(question.address());
        }
        return recipients;
    }

    private Ending connect(Target target, Script script, Deadline opening, Probe probe) {
        var wait = opening.orIn(probe.timeouts().connect());
        if (wait.hasPassed()) {
            return noAnswer(target, Trouble.TIMEOUT);
        }
        return switch (dialer.dial(Purpose.SMTP, new InetSocketAddress(target.address(), port), wait.left())) {
            case Dialled.Connected(var socket) -> {
                memory.reachable(target.address());
                yield talk(socket, target, script, opening, probe);
            }
            case Dialled.Refused _ -> noAnswer(target, Trouble.EGRESS_REFUSED);
            case Dialled.Unreachable(var cause, var _) -> {
                memory.unreachable(target.address());
                yield noAnswer(target, trouble(cause));
            }
        };
    }

    private static Ending talk(Socket socket, Target target, Script script, Deadline opening, Probe probe) {
        try (socket;
                var session = new SmtpSession(socket, target.host(), probe.transcript(), probe.deadline())) {
            return new Dialogue(session, script, probe.timeouts()).talk(opening);
        } catch (IOException _) {
            return noAnswer(target, Trouble.CONNECTION_LOST);
        }
    }

    /** Adds what is remembered of the domain, and remembers what was learned. */
    private Outcome withAcceptAll(Outcome outcome, Question question) {
        if (!(outcome instanceof Answered answered)) {
            return outcome;
        }
        if (answered.acceptAll() == AcceptAll.NOT_ASKED) {
            return question.isOpen() ? answered : with(answered, question.answer());
        }
        // Refusing the address but taking one that nobody has proves nothing about the next address.
        boolean odd = answered.acceptAll() == AcceptAll.YES && answered.meaning() != ReplyMeaning.ACCEPT;
        acceptAll.learn(question, odd ? AcceptAll.UNCLEAR : answered.acceptAll());
        return answered;
    }

    private static Answered with(Answered answered, AcceptAll known) {
        return new Answered(answered.host(), answered.reply(), answered.meaning(), known);
    }

    private static Ending noAnswer(Target target, Trouble trouble) {
        return new Ending.TryNext(new NoAnswer(target.host(), trouble));
    }

    private static Trouble trouble(Dialled.Cause cause) {
        return switch (cause) {
            case TIMEOUT -> Trouble.TIMEOUT;
            case CONNECTION_REFUSED -> Trouble.CONNECTION_REFUSED;
            case NO_ROUTE -> Trouble.NO_ROUTE;
            case OTHER -> Trouble.CONNECTION_LOST;
        };
    }
}
