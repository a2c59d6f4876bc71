package dev.gatepost.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatepost hooks}: who is told of what happens. */
final class HookVerbs {

    private HookVerbs() {}

    /** {@code gatepost hooks}: lists them. */
    @Command(
            name = "hooks",
            description = "Lists the receivers of outgoing webhooks.",
            footer = {
                "",
                "Examples:",
                "  gatepost hooks",
                "  gatepost hooks add https://example.com/gatepost --events verification.completed,credits.low"
            })
    static final class Hooks implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Option(names = "--workspace", paramLabel = "W", description = "whose; main (default)")
        private String workspace = "";

        Hooks(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(new Order(Order.Verb.HOOK_LIST, Map.of("workspace", workspace)), json);
        }
    }

    /** {@code gatepost hooks add}. */
    @Command(
            name = "add",
            description = "Adds a receiver and prints its signing secret, which is shown this once.",
            footer = {"", "Example:", "  gatepost hooks add https://example.com/gatepost --events email.rejected"})
    static final class Add implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "URL", description = "where to post; https, a host name, port 443")
        private String url = "";

        @Option(
                names = "--events",
                paramLabel = "E,…",
                description = "verification.completed (default), email.rejected, batch.finished, credits.low")
        private String events = "verification.completed";

        @Option(names = "--workflow", paramLabel = "W", description = "only verifications judged by this workflow")
        private String workflow = "";

        @Option(names = "--label", paramLabel = "L", description = "only verifications with this label")
        private String label = "";

        @Option(names = "--workspace", paramLabel = "W", description = "whose; main (default)")
        private String workspace = "";

        Add(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            var arguments =
                    Map.of("url", url, "events", events, "workflow", workflow, "label", label, "workspace", workspace);
            return orders.run(new Order(Order.Verb.HOOK_ADD, arguments), json);
        }
    }

    /** {@code gatepost hooks remove}. */
    @Command(
            name = "remove",
            description = "Removes a receiver, with what was still to be told it.",
            footer = {"", "Example:", "  gatepost hooks remove 01kav5r7m3w8q2n6t9x4c1b0zg"})
    static final class Remove implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "ID", description = "as gatepost hooks lists it")
        private String id = "";

        @Option(names = "--workspace", paramLabel = "W", description = "whose; main (default)")
        private String workspace = "";

        Remove(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(new Order(Order.Verb.HOOK_REMOVE, Map.of("id", id, "workspace", workspace)), json);
        }
    }

    /** {@code gatepost hooks test}. */
    @Command(
            name = "test",
            description =
                    "Posts a sample to a receiver and says what it answered; exit code 1 when it did not take it.",
            footer = {"", "Example:", "  gatepost hooks test 01kav5r7m3w8q2n6t9x4c1b0zg"})
    static final class Test implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "ID", description = "as gatepost hooks lists it")
        private String id = "";

        @Option(names = "--workspace", paramLabel = "W", description = "whose; main (default)")
        private String workspace = "";

        Test(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(new Order(Order.Verb.HOOK_TEST, Map.of("id", id, "workspace", workspace)), json);
        }
    }
}
