package dev.gatepost.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A greylisting policy server for Postfix, by its policy delegation protocol: who comes for the first time with this
 * client, sender and recipient is put off, until {@link #timePasses}. Its time is no clock's.
 */
final class GreylistPolicy implements AutoCloseable {
    private static final String ADDRESS = "127.77.207.2";

    private static final String PUT_OFF = "450 4.2.0 Greylisted, see http://postgrey.schweikert.ch/help/";

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<List<String>> waiting = ConcurrentHashMap.newKeySet();
    private final Set<List<String>> known = ConcurrentHashMap.newKeySet();

    private GreylistPolicy(ServerSocket server) {
        this.server = server;
    }

    static GreylistPolicy start() throws IOException {
        var policy = new GreylistPolicy(new ServerSocket(0, 0, InetAddress.ofLiteral(ADDRESS)));
        Thread.ofVirtual().name("greylist-policy").start(policy::acceptAll);
        return policy;
    }

    /** As a restriction in Postfix's configuration. */
    String restriction() {
        return "check_policy_service inet:" + ADDRESS + ":" + server.getLocalPort();
    }

    /** Whoever was put off so far has now waited long enough. */
    void timePasses() {
        known.addAll(waiting);
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                open.add(client);
                Thread.ofVirtual().name("greylist-client").start(() -> serve(client));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
            Map<String, String> request = new HashMap<>();
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    client.getOutputStream().write(("action=" + actionFor(request) + "\n\n").getBytes(US_ASCII));
                    request.clear();
                } else {
                    var pair = line.split("=", 2);
                    request.put(pair[0], pair[1]);
                }
            }
        } catch (IOException _) {
            // Postfix has ended, or we have.
        } finally {
            open.remove(client);
        }
    }

    private String actionFor(Map<String, String> request) {
        var triplet = List.of(
                request.getOrDefault("client_address", ""),
                request.getOrDefault("sender", ""),
                request.getOrDefault("recipient", ""));
        waiting.add(triplet);
        return known.contains(triplet) ? "DUNNO" : PUT_OFF;
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
