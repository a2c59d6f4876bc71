package dev.gatepost.sandbox;

import static java.util.Objects.requireNonNull;

import dev.gatepost.dns.RecordType;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A name server on loopback that answers from a {@link FakeZone}, over UDP and TCP on one port, as a recursive server
 * would: names that fail are silence, SERVFAIL, REFUSED or nonsense on the wire. Safe for any thread.
 */
public final class SandboxNameServer implements AutoCloseable {
    /** Ports tried when the system's choice for UDP is taken for TCP. */
    private static final int PORT_TRIES = 20;

    /** Largest query taken, in octets. */
    private static final int QUERY_OCTETS_MAX = 4_096;

    /** A TCP client that says nothing for so long is hung up on. */
    private static final Duration IDLE_MAX = Duration.ofSeconds(10);

    /** Longest wait for the listeners to end. */
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(SandboxNameServer.class);

    private final ZoneAnswers answers;
    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    private final List<Thread> listeners;
    private final Map<ZoneAnswers.Asked, AtomicInteger> asked = new ConcurrentHashMap<>();

    private SandboxNameServer(FakeZone zone, DatagramSocket datagrams, ServerSocket connections) {
        this.answers = new ZoneAnswers(zone);
        this.datagrams = datagrams;
        this.connections = connections;
        this.listeners = List.of(
                Thread.ofVirtual().name("sandbox-dns-udp").unstarted(this::serveDatagrams),
                Thread.ofVirtual().name("sandbox-dns-tcp").unstarted(this::serveConnections));
    }

    /** Starts on a free port of 127.0.0.1. */
    public static SandboxNameServer start(FakeZone zone) {
        return start(zone, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }

    /**
     * Starts on the given address; port 0 is a free one.
     *
     * @throws UncheckedIOException when the address cannot be listened on
     */
    public static SandboxNameServer start(FakeZone zone, InetSocketAddress address) {
        requireNonNull(zone, "zone");
        try {
            var server = listen(zone, address);
            server.listeners.forEach(Thread::start);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("the sandbox name server cannot listen on " + address, e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(connections.getInetAddress(), connections.getLocalPort());
    }

    /** How often it was asked this question, over UDP and TCP. */
    public int asked(String name, RecordType type) {
        var count = asked.get(new ZoneAnswers.Asked(name, type));
        return count == null ? 0 : count.get();
    }

    /** How many questions it was asked. */
    public int asked() {
        return asked.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Stops listening; the port is free again afterwards. */
    @Override
    public void close() {
        datagrams.close();
        try {
            connections.close();
            for (var listener : listeners) {
                // The system gives a port back only when nobody reads from it any more.
                listener.join(CLOSE_MAX);
            }
        } catch (IOException e) {
            LOG.debug("closing the sandbox name server", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static SandboxNameServer listen(FakeZone zone, InetSocketAddress address) throws IOException {
        for (int tries = 1; ; tries++) {
            var datagrams = new DatagramSocket(address);
            try {
                var connections = new ServerSocket(datagrams.getLocalPort(), 0, address.getAddress());
                return new SandboxNameServer(zone, datagrams, connections);
            } catch (BindException e) {
                datagrams.close();
                if (address.getPort() != 0 || tries == PORT_TRIES) {
                    throw e;
                }
            }
        }
    }

    private void serveDatagrams() {
        while (!datagrams.isClosed()) {
            try {
                var packet = new DatagramPacket(new byte[QUERY_OCTETS_MAX], QUERY_OCTETS_MAX);
                datagrams.receive(packet);
                var query = Arrays.copyOf(packet.getData(), packet.getLength());
                var answer = answers.to(query, ZoneAnswers.Transport.UDP, this::count);
                if (answer.isPresent()) {
                    datagrams.send(new DatagramPacket(answer.get(), answer.get().length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                logUnlessClosed(e);
            }
        }
    }

    private void serveConnections() {
        while (!connections.isClosed()) {
            try {
                var client = connections.accept();
                Thread.ofVirtual().name("sandbox-dns-client").start(() -> serve(client));
            } catch (IOException e) {
                logUnlessClosed(e);
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout((int) IDLE_MAX.toMillis());
            var in = new DataInputStream(client.getInputStream());
            while (true) {
                var query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                var answer = answers.to(query, ZoneAnswers.Transport.TCP, this::count);
                if (answer.isPresent()) {
                    client.getOutputStream().write(framed(answer.get()));
                }
            }
        } catch (EOFException e) {
            LOG.trace("a client hung up", e);
        } catch (IOException e) {
            logUnlessClosed(e);
        }
    }

    private static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(Short.BYTES + message.length)
                .putShort((short) message.length)
                .put(message)
                .array();
    }

    private void count(ZoneAnswers.Asked question) {
        asked.computeIfAbsent(question, _ -> new AtomicInteger()).incrementAndGet();
    }

    private void logUnlessClosed(IOException e) {
        if (!(e instanceof SocketException && datagrams.isClosed())) {
            LOG.debug("sandbox name server", e);
        }
    }
}
