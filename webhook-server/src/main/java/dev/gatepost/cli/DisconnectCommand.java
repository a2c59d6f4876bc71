package dev.gatepost.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatepost disconnect}: ends the link to a CRM account. */
@Command(
        name = "disconnect",
        description = {
            "Ends a connection: stops working on it, a backfill too, and takes our webhooks out of the CRM account.",
            "Then erases its credentials here. Fields and what stands in them stay. gatepost connect takes it up again."
        },
        footer = {"", "Example:", "  gatepost disconnect activecampaign"})
final class DisconnectCommand implements Callable<Integer> {

    private final OrderVerb orders;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(
            paramLabel = "CONNECTION",
            description = "its id, or the kind of CRM where there is only one of that kind")
    private String connection = "";

    @Option(names = "--workspace", paramLabel = "W", description = "whose; main (default)")
    private String workspace = "";

    DisconnectCommand(OrderVerb orders) {
        this.orders = orders;
    }

    @Override
    public Integer call() throws IOException {
        return orders.run(
                new Order(Order.Verb.DISCONNECT, Map.of("connection", connection, "workspace", workspace)), json);
    }
}
