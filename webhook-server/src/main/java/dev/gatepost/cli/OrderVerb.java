package dev.gatepost.cli;

import dev.gatepost.server.Config;

/** What verbs on the store share: send the order, print the outcome, say the exit code. */
final class OrderVerb {

    private final Terminal terminal;
    private final StoreOrders orders;
    private final Cli.Making making;

    OrderVerb(Terminal terminal, Cli.Making making) {
        this.terminal = terminal;
        this.making = making;
        this.orders = new StoreOrders(making.clock(), making.random());
    }

    Terminal terminal() {
        return terminal;
    }

    Config config() {
        return making.config().get();
    }

    /** Where lists are worked off: by the server on this data folder, or by this process until it is closed. */
    BatchSession batches() {
        return new BatchSession(orders, making);
    }

    int run(Order order, JsonOption json) {
        var outcome = orders.send(order, making.config().get(), making.plugins().get());
        if (!outcome.code().isEmpty()) {
            throw new Failure(outcome.exit(), outcome.code(), outcome.text());
        }
        terminal.out().println(json.isSet() ? outcome.json() : outcome.text());
        return outcome.exit().code();
    }
}
