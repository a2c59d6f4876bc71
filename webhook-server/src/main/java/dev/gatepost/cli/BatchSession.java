package dev.gatepost.cli;

import static java.util.Objects.requireNonNull;

import dev.gatepost.server.BulkSession;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings orders about lists to whoever works them off: the server on the data folder, or, when none runs, this process for as
 * long as the session is open. For one thread.
 */
final class BatchSession implements AutoCloseable {

    private final StoreOrders orders;
    private final Cli.Making making;
    private @Nullable BulkSession own;

    BatchSession(StoreOrders orders, Cli.Making making) {
        this.orders = requireNonNull(orders, "orders");
        this.making = requireNonNull(making, "making");
    }

    /**
     * What came of the order.
     *
     * @throws Failure when it failed
     */
    Outcome send(Order order) {
        var outcome = sent(order);
        if (!outcome.code().isEmpty()) {
            throw new Failure(outcome.exit(), outcome.code(), outcome.text());
        }
        return outcome;
    }

    private Outcome sent(Order order) {
        var config = making.config().get();
        if (own == null) {
            try {
                var there = StoreOrders.askServer(order, config.data());
                if (there.isPresent()) {
                    return there.get();
                }
            } catch (IOException e) {
                throw Failure.world(
                        "server_silent",
                        "the server on this data folder did not answer: " + e.getMessage()
                                + "; run the same command again, and it goes on");
            }
            own = BulkSession.start(config, making.clock(), making.random());
        }
        var session = requireNonNull(own);
        return orders.desk(session.books(), config, making.plugins().get(), Optional.of(session.batches()))
                .carryOut(order);
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
