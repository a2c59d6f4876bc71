package dev.gatepost.sandbox;

import static java.util.Objects.requireNonNull;

import dev.gatepost.dns.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small mail world on loopback: a zone with invented domains and a few real names, and a mail host for each kind of
 * behaviour, all on one port at addresses {@code 127.77.N.1}. Safe for any thread once started.
 */
public final class MailWorld implements AutoCloseable {
    /** Ports tried until one is free at all addresses. */
    private static final int PORT_TRIES_MAX = 20;

    private final FakeZone zone;
    private final Map<String, ScriptedMailHost> hosts;
    private final int smtpPort;

    /**
     * An address to show, and what the verifier should say about it.
     *
     * @param address as a contact would have it
     * @param expectedStatus valid, risky, invalid or unknown
     * @param expectedReason the stable reason code
     * @param what why, in a few words
     */
    public record Example(String address, String expectedStatus, String expectedReason, String what) {
        public Example {
            requireNonNull(address, "address");
            requireNonNull(expectedStatus, "expectedStatus");
            requireNonNull(expectedReason, "expectedReason");
            requireNonNull(what, "what");
        }
    }

    private MailWorld(FakeZone zone, Map<String, ScriptedMailHost> hosts, int smtpPort) {
        this.zone = zone;
        this.hosts = Map.copyOf(hosts);
        this.smtpPort = smtpPort;
    }

    /** Starts the world with the system's clock. */
    public static MailWorld start() {
        return start(InstantSource.system());
    }

    /** Starts the world; {@code clock} tells the greylisting host the time. */
    public static MailWorld start(InstantSource clock) {
        for (int tries = 1; ; tries++) {
            try {
                return attempt(clock);
            } catch (IOException e) {
                if (tries == PORT_TRIES_MAX) {
                    throw new UncheckedIOException("no port is free at all sandbox addresses", e);
                }
            }
        }
    }

    /** The first host takes any free port; the others must get the same one. */
    private static MailWorld attempt(InstantSource clock) throws IOException {
        var hosts = new LinkedHashMap<String, ScriptedMailHost>();
        var zone = new FakeZone();
        int port = 0;
        int number = 1;
        try {
            for (var kind : MailWorldKinds.all()) {
                var address = address(number);
                number++;
                var host = ScriptedMailHost.start(address, port, kind.script(), clock);
                port = host.port();
                hosts.put(kind.domain(), host);
                zone.mx(kind.domain(), 10, kind.mailHost()).address(kind.mailHost(), address.getHostAddress());
            }
        } catch (IOException e) {
            hosts.values().forEach(ScriptedMailHost::close);
            throw e;
        }
        withoutMailHost(zone);
        return new MailWorld(zone, hosts, port);
    }

    /** Each mail host has a network of its own, as in life: limits count a /24 as one organisation. */
    private static InetAddress address(int number) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 77, (byte) number, 1});
    }

    private static void withoutMailHost(FakeZone zone) {
        zone.mx("null-mx.sandbox-mail.com", 0, "")
                .mx("loopback-mx.sandbox-mail.com", 10, "mx.loopback-host.net")
                .address("mx.loopback-host.net", "127.0.0.1")
                .mx("lost-mx.sandbox-mail.com", 10, "mx.lost-host.net")
                .text("no-mail.sandbox-mail.com", "v=spf1 -all")
                .mx("refuses-connections.sandbox-mail.com", 10, "mx.closed-host.net")
                .address("mx.closed-host.net", "127.77.250.1")
                .failing("dns-servfail.sandbox-mail.com", Answer.FailureCause.SERVFAIL)
                .failing("dns-timeout.sandbox-mail.com", Answer.FailureCause.TIMEOUT);
    }

    /** The zone: ask it directly, or put it behind a name server. */
    public FakeZone zone() {
        return zone;
    }

    /** The port all mail hosts listen on. */
    public int smtpPort() {
        return smtpPort;
    }

    /** The mail host of a domain of this world, to look at what it was told. */
    public ScriptedMailHost hostOf(String domain) {
        return requireNonNull(hosts.get(domain), domain);
    }

    /** Addresses of every kind, the quick ones first. */
    public static List<Example> examples() {
        var examples = new ArrayList<Example>();
        for (var kind : MailWorldKinds.all()) {
            examples.addAll(kind.examples());
        }
        examples.addAll(MailWorldKinds.examplesWithoutHost());
        examples.addAll(MailWorldKinds.slowExamples());
        return List.copyOf(examples);
    }

    @Override
    public void close() {
        hosts.values().forEach(ScriptedMailHost::close);
    }
}
