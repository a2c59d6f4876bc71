package dev.gatepost.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A mail host on a real loopback socket that follows a {@link MailScript} and writes down what it was told. Safe for
 * any thread.
 */
public final class ScriptedMailHost implements AutoCloseable {
    /** Connections the system may hold before they are accepted: as many as Linux does by default. */
    private static final int BACKLOG = 4_096;

    private final ServerSocket server;
    private volatile MailScript script;
    private final InstantSource clock;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> firstNamed = new ConcurrentHashMap<>();
    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private final Queue<InetAddress> clients = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger waits = new AtomicInteger();
    private final AtomicInteger openMax = new AtomicInteger();

    private ScriptedMailHost(ServerSocket server, MailScript script, InstantSource clock) {
        this.server = server;
        this.script = script;
        this.clock = clock;
    }

    /**
     * Starts a host.
     *
     * @param port 0 for any free one
     * @throws IOException when the address or port cannot be had
     */
    public static ScriptedMailHost start(InetAddress address, int port, MailScript script, InstantSource clock)
            throws IOException {
        var host = new ScriptedMailHost(new ServerSocket(port, BACKLOG, address), script, clock);
        Thread.ofVirtual().name("sandbox-mail-host").start(host::acceptAll);
        return host;
    }

    /** Starts a host on some loopback port, with the system's clock. */
    public static ScriptedMailHost start(MailScript script) {
        try {
            return start(InetAddress.ofLiteral("127.0.0.1"), 0, script, InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public InetAddress address() {
        return server.getInetAddress();
    }

    /** Where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** Connections made to it so far. */
    public int sessions() {
        return sessions.get();
    }

    /** Most connections open at one time. */
    public int sessionsAtOnceMax() {
        return openMax.get();
    }

    /**
     * How often clients had to wait for it: the connection, the greeting, each flight of commands, a TLS handshake.
     * QUIT does not count where nobody waits for its answer.
     */
    public int waits() {
        return waits.get();
    }

    /** All command lines, in order of arrival. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    /** Recipients named, in order, with repetitions. */
    public List<String> recipients() {
        return commands.stream()
                .filter(line -> line.startsWith("RCPT TO:<"))
                .map(line -> line.substring("RCPT TO:<".length(), line.indexOf('>')))
                .toList();
    }

    /** Whether a client ever said more than the verifier may: DATA, VRFY, EXPN, BDAT, AUTH. */
    public boolean wasAskedForMoreThanRcpt() {
        return commands.stream()
                .anyMatch(line -> Set.of("DATA", "VRFY", "EXPN", "BDAT", "AUTH").contains(ScriptedSession.verb(line)));
    }

    /** Connections open now. */
    public int sessionsOpen() {
        return open.size();
    }

    /** Follows another script on the connections made from now on. */
    public void follow(MailScript next) {
        script = next;
    }

    /**
     * Closes all connections, as a host does that has waited long enough.
     *
     * @param lastWords a line to say before, as in {@code 421 4.4.2 Timeout}; empty: none
     */
    public void hangUp(String lastWords) {
        for (var socket : open) {
            try (socket) {
                socket.getOutputStream().write((lastWords.isEmpty() ? "" : lastWords + "\r\n").getBytes(US_ASCII));
            } catch (IOException _) {
                // The client, or the session itself, was quicker.
            }
        }
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                open.add(socket);
                if (server.isClosed()) {
                    socket.close(); // close() may have looked at the open ones before
                }
                clients.add(socket.getInetAddress());
                sessions.incrementAndGet();
                openMax.accumulateAndGet(open.size(), Math::max);
                Thread.ofVirtual().name("sandbox-mail-session").start(() -> serve(socket));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new ScriptedSession(socket, script, this).run();
        } catch (IOException _) {
            // The client has gone; what it said before is written down.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    void heard(String command) {
        commands.add(command);
    }

    void waited() {
        waits.incrementAndGet();
    }

    /** The addresses that connected, in order, with repetitions. */
    public List<InetAddress> clients() {
        return List.copyOf(clients);
    }

    /** Whether this client, sender and recipient together are still put off, as greylisting hosts do it. */
    boolean isGreylisted(InetAddress client, String sender, String recipient) {
        if (script.greylistedFor().isZero()) {
            return false;
        }
        var now = clock.instant();
        var first = firstNamed.putIfAbsent(client.getHostAddress() + " " + sender + " " + recipient, now);
        return first == null || now.isBefore(first.plus(script.greylistedFor()));
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        try {
            server.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
