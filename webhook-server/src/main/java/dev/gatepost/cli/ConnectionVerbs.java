package dev.gatepost.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The verbs about connected accounts. */
final class ConnectionVerbs {

    private ConnectionVerbs() {}

    /** {@code gatepost connections}. */
    @Command(
            name = "connections",
            description = "Lists the connected accounts of CRMs.",
            footer = {"", "Example:", "  gatepost connections"})
    static final class ListAll implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Option(names = "--workspace", paramLabel = "W", description = "whose; main (default)")
        private String workspace = "";

        ListAll(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(new Order(Order.Verb.CONNECTIONS, Map.of("workspace", workspace)), json);
        }
    }

    /** {@code gatepost options}. */
    @Command(
            name = "options",
            description = {
                "Shows what is chosen for a connection, or chooses: NAME=VALUE; NAME= takes the default again.",
                "Options that are not named stay as they are."
            },
            footer = {
                "",
                "Examples:",
                "  gatepost options hubspot",
                "  gatepost options hubspot reverify_after_days=90 reverify_per_day=2000"
            })
    static final class Options implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(
                index = "0",
                paramLabel = "CONNECTION",
                description = "its id, or the kind of CRM where there is only one of that kind")
        private String connection = "";

        @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME=VALUE", description = "what to choose")
        private List<String> chosen = List.of();

        @Option(names = "--workspace", paramLabel = "W", description = "whose; main (default)")
        private String workspace = "";

        Options(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            var arguments = new HashMap<String, String>();
            arguments.put("connection", connection);
            arguments.put("workspace", workspace);
            for (var each : chosen) {
                var at = each.indexOf('=');
                if (at < 1) {
                    throw Failure.wrongUse("wrong_option", "write NAME=VALUE, not " + each);
                }
                if (arguments.put(DeskOptions.CHOSEN + each.substring(0, at), each.substring(at + 1)) != null) {
                    throw Failure.wrongUse("wrong_option", each.substring(0, at) + " stands there twice");
                }
            }
            return orders.run(new Order(Order.Verb.OPTIONS, arguments), json);
        }
    }

    /** {@code gatepost backfill}. */
    @Command(
            name = "backfill",
            description = "Verifies contacts that are in the CRM already.",
            footer = {
                "",
                "Examples:",
                "  gatepost backfill 01kb0x5s8r3f6v9y2m4p7q0t1w --never-checked --estimate",
                "  gatepost backfill 01kb0x5s8r3f6v9y2m4p7q0t1w --older-than 30d"
            })
    static final class Backfill implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "CONNECTION", description = "its id; gatepost connections lists them")
        private String connection = "";

        @ArgGroup
        private @Nullable Which which;

        @Option(names = "--estimate", description = "only say what it would do and cost")
        private boolean isEstimate;

        Backfill(OrderVerb orders) {
            this.orders = orders;
        }

        /** One of them. */
        static final class Which {

            @Option(names = "--never-checked", description = "contacts that were never verified (default)")
            private boolean isUnchecked;

            @Option(names = "--older-than", paramLabel = "TIME", description = "those verified longer ago, as in 30d")
            private String olderThan = "";

            @Option(names = "--list", paramLabel = "L", description = "the members of a list, by the CRM's id of it")
            private String list = "";

            @Option(names = "--all", description = "all contacts")
            private boolean isAll;
        }

        private static long days(String text) {
            try {
                return Durations.parse(text).toDays();
            } catch (TypeConversionException e) {
                throw Failure.wrongUse("wrong_time", String.valueOf(e.getMessage()));
            }
        }

        @Override
        public Integer call() {
            var chosen = which == null ? new Which() : which;
            var days = chosen.olderThan.isEmpty() ? 0 : days(chosen.olderThan);
            if (days < 1 && !chosen.olderThan.isEmpty()) {
                throw Failure.wrongUse("wrong_time", "--older-than takes whole days, as in 30d");
            }
            var source = days > 0 ? "older" : !chosen.list.isEmpty() ? "list" : chosen.isAll ? "all" : "unchecked";
            return orders.run(
                    new Order(
                            Order.Verb.BACKFILL,
                            Map.of(
                                    "connection",
                                    connection,
                                    "source",
                                    source,
                                    "list",
                                    chosen.list,
                                    "days",
                                    String.valueOf(days),
                                    "estimate",
                                    isEstimate ? "yes" : "")),
                    json);
        }
    }
}
