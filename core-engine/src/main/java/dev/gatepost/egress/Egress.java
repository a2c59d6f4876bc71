package dev.gatepost.egress;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges every destination and dials it: the only place in the product that opens outgoing sockets (reliability: E1).
 * Safe for any thread; blocks the calling (virtual) thread for at most the time-out given.
 */
public final class Egress implements Dialer {
    /** How long a read on a dialled socket waits unless its user sets its own bound: nothing waits for ever. */
    static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    /** Largest answer taken in one datagram, in octets; more than any resolver sends when asked for 1,232. */
    private static final int DATAGRAM_OCTETS_MAX = 4_096;

    /** Unacceptable datagrams dropped before an exchange is given up: somebody is guessing. */
    private static final int STRAY_DATAGRAMS_MAX = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Egress.class);

    private final EgressRules rules;
    private final Predicate<InetAddress> own;
    private final SourceAddresses sources;
    private volatile BiConsumer<Purpose, String> refusals = (_, _) -> {};

    /** Logs a warning for each allowance, since each is a hole in the defaults. */
    public Egress(EgressRules rules, InstantSource clock) {
        this(rules, clock, SourceAddresses.ANY);
    }

    /**
     * The same, showing mail hosts these addresses.
     *
     * @param sources for SMTP only
     */
    public Egress(EgressRules rules, InstantSource clock, SourceAddresses sources) {
        this(rules, new OwnAddresses(clock), sources);
    }

    Egress(EgressRules rules, Predicate<InetAddress> own) {
        this(rules, own, SourceAddresses.ANY);
    }

    Egress(EgressRules rules, Predicate<InetAddress> own, SourceAddresses sources) {
        this.sources = requireNonNull(sources, "sources");
        this.rules = requireNonNull(rules, "rules");
        this.own = requireNonNull(own, "own");
        for (var allowance : rules.allowances()) {
            LOG.warn("egress is opened beyond the defaults: {}", allowance);
        }
        if (rules.metadata() == EgressRules.Metadata.OPEN) {
            LOG.warn("egress to cloud metadata services is open where an allowance covers them");
        }
    }

    /**
     * From now on each refused dial is told: for what, and why in words for the operator.
     *
     * @param told called on the dialling thread, so it must not block
     */
    public void onRefusal(BiConsumer<Purpose, String> told) {
        refusals = requireNonNull(told, "told");
    }

    void refused(Purpose purpose, String why) {
        refusals.accept(purpose, why);
    }

    /** Whether the destination may be dialled. */
    public boolean allows(Purpose purpose, InetAddress address, int port) {
        return !(judge(purpose, address, port) instanceof Judgement.Refused);
    }

    /**
     * Whether a mail host can have this address at all. This machine's own public address can be a mail host's: dialling
     * it is refused, but that says nothing against the domain.
     */
    public boolean routable(InetAddress address) {
        return rules.admits(Purpose.SMTP, address);
    }

    /**
     * An HTTP client that reaches only what the rules allow for {@code purpose}: {@code https} at port 443 of public
     * hosts, and what the operator opened. No proxies, no redirects; connecting takes at most 5 s, a call 20 s
     * (reliability: W7). Make one and share it.
     *
     * @param lookup answers names; the Java platform's own resolver is never asked
     */
    public OkHttpClient http(Purpose purpose, HostLookup lookup) {
        return http(purpose, lookup, Set.of());
    }

    /**
     * The same, for named hosts at or below {@code hostSuffixes} only (reliability: E3). Addresses that the operator opened
     * may be called all the same.
     *
     * @param hostSuffixes lower-case A-label names, as in {@code hubapi.com}; empty for any host
     */
    public OkHttpClient http(Purpose purpose, HostLookup lookup, Set<String> hostSuffixes) {
        return GuardedHttp.client(this, purpose, lookup, urlRules(purpose, hostSuffixes));
    }

    /** The checks for URLs that users supply, under the same rules. */
    public UrlRules urlRules(Purpose purpose) {
        return urlRules(purpose, Set.of());
    }

    /** The same, for named hosts at or below {@code hostSuffixes} only. */
    public UrlRules urlRules(Purpose purpose, Set<String> hostSuffixes) {
        return new UrlRules(rules, purpose, hostSuffixes);
    }

    @Override
    public Dialled dial(Purpose purpose, InetSocketAddress target, Duration timeout) {
        if (target.isUnresolved()) {
            return new Dialled.Refused("a name, not an address");
        }
        if (judge(purpose, target.getAddress(), target.getPort()) instanceof Judgement.Refused(var why)) {
            refused(purpose, why);
            return new Dialled.Refused(why);
        }
        if (purpose != Purpose.SMTP) {
            return connect(target, timeout);
        }
        return leadsTo(target.getAddress())
                ? connect(target, timeout, sources.towards(target.getAddress()))
                : new Dialled.Unreachable(Dialled.Cause.NO_ROUTE, "no source address of this family is configured");
    }

    @Override
    public boolean leadsTo(InetAddress address) {
        return sources.leadTo(address);
    }

    /** Connects to an address that has been judged, or that the operator named. */
    static Dialled connect(InetSocketAddress target, Duration timeout) {
        return connect(target, timeout, Optional.empty());
    }

    private static Dialled connect(InetSocketAddress target, Duration timeout, Optional<InetAddress> source) {
        // Without NO_PROXY the platform would obey a socksProxyHost property and dial something unjudged.
        var socket = new Socket(Proxy.NO_PROXY);
        try {
            socket.setTcpNoDelay(true);
            if (source.isPresent()) {
                socket.bind(new InetSocketAddress(source.get(), 0));
            }
            socket.connect(target, millis(timeout));
            socket.setSoTimeout(millis(READ_TIMEOUT));
            return new Dialled.Connected(socket);
        } catch (IOException e) {
            closeQuietly(socket);
            return new Dialled.Unreachable(NetworkFailure.causeOf(e), NetworkFailure.detailOf(e));
        }
    }

    /**
     * Sends one datagram to a name server from a fresh port of the system's choice and waits for the first acceptable
     * answer. Only datagrams from that very server are seen; unacceptable ones are dropped, a few at most.
     *
     * @param timeout longest wait in all, positive
     * @param acceptable whether a datagram answers the question; called on the calling thread
     * @return never an exception
     */
    public Exchanged exchange(
            InetSocketAddress server, byte[] question, Duration timeout, Predicate<byte[]> acceptable) {
        if (server.isUnresolved()) {
            return new Exchanged.Refused("a name, not an address");
        }
        if (judge(Purpose.DNS, server.getAddress(), server.getPort()) instanceof Judgement.Refused(var why)) {
            refused(Purpose.DNS, why);
            return new Exchanged.Refused(why);
        }
        try (var socket = new DatagramSocket()) {
            // Connected, the kernel drops datagrams of other senders and reports closed ports at once.
            socket.connect(server);
            socket.send(new DatagramPacket(question, question.length));
            return await(socket, System.nanoTime() + timeout.toNanos(), acceptable);
        } catch (IOException e) {
            return new Exchanged.Unanswered(NetworkFailure.causeOf(e));
        }
    }

    Judgement judge(Purpose purpose, InetAddress address, int port) {
        var judgement = rules.judge(purpose, address, port);
        return judgement instanceof Judgement.Usual && own.test(address)
                ? new Judgement.Refused("an address of this machine")
                : judgement;
    }

    EgressRules rules() {
        return rules;
    }

    /** A duration as the sockets take it, where 0 would mean for ever. */
    static int millis(Duration duration) {
        return Math.clamp(duration.toMillis(), 1, Integer.MAX_VALUE);
    }

    private static Exchanged await(DatagramSocket socket, long deadline, Predicate<byte[]> acceptable)
            throws IOException {
        var packet = new DatagramPacket(new byte[DATAGRAM_OCTETS_MAX], DATAGRAM_OCTETS_MAX);
        for (int strays = 0; strays <= STRAY_DATAGRAMS_MAX; strays++) {
            var left = Duration.ofNanos(deadline - System.nanoTime());
            if (!left.isPositive()) {
                break;
            }
            socket.setSoTimeout(millis(left));
            socket.receive(packet);
            var message = Arrays.copyOf(packet.getData(), packet.getLength());
            if (acceptable.test(message)) {
                return new Exchanged.Received(message);
            }
            packet.setLength(DATAGRAM_OCTETS_MAX);
        }
        return new Exchanged.Unanswered(Dialled.Cause.TIMEOUT);
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a socket that never connected", e);
        }
    }
}
