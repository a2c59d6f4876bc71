package dev.gatepost.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatepost erase}: removes an address from everything that is kept. */
@Command(
        name = "erase",
        description = "Removes an address, and everything that tells of it, from a workspace for good.",
        footer = {"", "Examples:", "  gatepost erase ann@acme.io", "  gatepost erase - < address.txt"})
final class EraseCommand implements Callable<Integer> {

    private final OrderVerb orders;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(paramLabel = "ADDRESS", description = "the address; - reads it from standard input")
    private String email = "";

    @Option(names = "--workspace", paramLabel = "W", description = "whose; main (default)")
    private String workspace = "";

    EraseCommand(OrderVerb orders) {
        this.orders = orders;
    }

    @Override
    public Integer call() throws IOException {
        var address =
                email.equals("-") ? new Lines(orders.terminal().in()).next().orElse("") : email;
        return orders.run(new Order(Order.Verb.ERASE, Map.of("email", address, "workspace", workspace)), json);
    }
}
