package dev.gatepost.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes orders from commands on the same machine and of the same user, while a server holds the store. */
final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    /** Orders at a time; people type them. */
    private static final int ORDERS_MAX = 8;

    private final Path data;
    private final Path socket;
    private final ServerSocketChannel channel;
    private final Desk desk;
    private final Semaphore slots = new Semaphore(ORDERS_MAX);

    private ControlServer(Path data, Path socket, ServerSocketChannel channel, Desk desk) {
        this.data = data;
        this.socket = socket;
        this.channel = channel;
        this.desk = desk;
    }

    /** Starts to listen; only this user may connect. The data folder must be held, so that a socket found there is dead. */
    static ControlServer start(Path data, Desk desk) throws IOException {
        var socket = ControlPath.choose(data);
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        var server = new ControlServer(data, socket, channel, desk);
        Thread.ofVirtual().name("control").start(server::listen);
        return server;
    }

    private void listen() {
        try {
            while (true) {
                var client = channel.accept();
                slots.acquire();
                Thread.ofVirtual().name("control-order").start(() -> serve(client));
            }
        } catch (ClosedChannelException _) {
            // the server stops
        } catch (IOException e) {
            LOG.error("the control socket failed; commands cannot reach this server any more", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            var line = new Lines(Channels.newInputStream(client)).next();
            if (line.isPresent()) {
                var order = OrderJson.readOrder(line.get());
                LOG.info("order {}", order.verb());
                var answer = OrderJson.write(desk.carryOut(order)) + "\n";
                Channels.newOutputStream(client).write(answer.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("an order could not be read or answered", e);
        } catch (RuntimeException e) {
            LOG.error("an order failed", e);
        } finally {
            slots.release();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            ControlPath.remove(data, socket);
        } catch (IOException e) {
            LOG.warn("the control socket could not be taken away", e);
        }
    }
}
