package dev.gatepost.acceptance;

import dev.gatepost.sandbox.FakeZone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A port whose connections are never completed, as behind a firewall that drops packets: nobody accepts, and the
 * system's queue is full.
 */
final class SilentPort implements AutoCloseable {
    static final String DOMAIN = "silent-port.sandbox-mail.com";

    private static final String ADDRESS = "127.79.0.1";

    /** Linux holds one connection more than the backlog says; the others see that it is full. */
    private static final int CONNECTIONS = 4;

    private final ServerSocket server;
    private final List<SocketChannel> queued = new ArrayList<>();

    private SilentPort(ServerSocket server) {
        this.server = server;
    }

    static SilentPort open() throws IOException {
        var port = new SilentPort(new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESS)));
        for (int i = 0; i < CONNECTIONS; i++) {
            var channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(ADDRESS, port.server.getLocalPort()));
            port.queued.add(channel);
        }
        return port;
    }

    /** An engine for a domain whose mail host is this port. */
    EngineWorld engine() {
        var zone = new FakeZone().mx(DOMAIN, 10, "mx.silent-port-host.net").address("mx.silent-port-host.net", ADDRESS);
        return EngineWorld.over(zone, server.getLocalPort(), ADDRESS + "/32");
    }

    @Override
    public void close() throws IOException {
        for (var channel : queued) {
            channel.close();
        }
        server.close();
    }
}
