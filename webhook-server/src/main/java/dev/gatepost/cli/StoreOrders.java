package dev.gatepost.cli;

import dev.gatepost.batch.Batches;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.server.Books;
import dev.gatepost.server.Config;
import dev.gatepost.server.Engine;
import dev.gatepost.server.Product;
import dev.gatepost.store.StoreUnusable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Brings an order to whoever holds the store: the server on this data folder, or this process when none runs. */
final class StoreOrders {

    /** Longest answer: the largest workflow there may be, twice, and escaped. */
    private static final int ANSWER_OCTETS_MAX = 16 * 1024 * 1024;

    private final InstantSource clock;
    private final SecureRandom random;

    StoreOrders(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** Carries the order out there and says what came of it. */
    Outcome send(Order order, Config config, List<ConnectorPlugin> plugins) {
        try {
            var there = askServer(order, config.data());
            return there.isPresent() ? there.get() : here(order, config, plugins);
        } catch (IOException e) {
            return Outcome.failed(
                    Exit.WORLD_FAILED,
                    "server_silent",
                    "the server on this data folder did not answer: " + e.getMessage());
        }
    }

    /** The outcome from the server on this data folder; empty when none runs. */
    static Optional<Outcome> askServer(Order order, Path data) throws IOException {
        var socket = ControlPath.find(data);
        if (socket.isEmpty()) {
            return Optional.empty();
        }
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.get()));
        } catch (IOException _) {
            return Optional.empty(); // left by a server that was killed
        }
        try (channel) {
            Channels.newOutputStream(channel).write((OrderJson.write(order) + "\n").getBytes(StandardCharsets.UTF_8));
            var answer = new Lines(Channels.newInputStream(channel), ANSWER_OCTETS_MAX).next();
            return Optional.of(OrderJson.readOutcome(
                    answer.orElseThrow(() -> new IOException("it closed the connection without an answer"))));
        }
    }

    private Outcome here(Order order, Config config, List<ConnectorPlugin> plugins) {
        try (var books = Books.ofCommand(config, clock, random)) {
            return desk(books, config, plugins, Optional.empty()).carryOut(order);
        } catch (StoreUnusable e) {
            return Outcome.failed(Exit.WORLD_FAILED, e.code(), String.valueOf(e.getMessage()));
        }
    }

    /** Carries orders out in this process. */
    Desk desk(Books books, Config config, List<ConnectorPlugin> plugins, Optional<Batches> batches) {
        var publicUrl = config.listen().urlWith(config.listen().port());
        var reach = new Desk.Reach(
                plugins,
                () -> Product.tools(Engine.of(config, clock, random), random).calledAt(() -> publicUrl),
                publicUrl,
                books.ledger()::check,
                _ -> {},
                () -> Product.hooks(books, Engine.of(config, clock, random), config, random),
                Optional::empty,
                Optional::empty,
                () -> batches);
        return new Desk(books, reach);
    }
}
