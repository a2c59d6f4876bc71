package dev.gatepost.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatepost workflow}: rules on the command line. */
final class WorkflowVerbs {

    private WorkflowVerbs() {}

    /** Groups what is done with workflows. */
    @Command(
            name = "workflow",
            description = "Shows, saves and tries workflows.",
            footer = {"", "Examples:", "  gatepost workflow list", "  gatepost workflow export b2b-leads > leads.json"})
    static final class WorkflowVerb {}

    /** The server may stand in another folder than this command. */
    private static String absolute(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }

    /** Whose workflows. */
    static final class WorkspaceOption {

        @Option(names = "--workspace", paramLabel = "W", description = "whose; main (default)")
        private String workspace = "";
    }

    /** {@code gatepost workflow list}. */
    @Command(
            name = "list",
            description = "Lists the workflows in use.",
            footer = {"", "Example:", "  gatepost workflow list"})
    static final class ListAll implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Mixin
        private final WorkspaceOption whose = new WorkspaceOption();

        ListAll(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(new Order(Order.Verb.WORKFLOWS, Map.of("workspace", whose.workspace)), json);
        }
    }

    /** {@code gatepost workflow show}. */
    @Command(
            name = "show",
            description = "Shows the rules of a workflow in their order.",
            footer = {"", "Example:", "  gatepost workflow show standard"})
    static final class Show implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Mixin
        private final WorkspaceOption whose = new WorkspaceOption();

        @Parameters(paramLabel = "ID", description = "the workflow")
        private String id = "";

        Show(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            var arguments = Map.of("workspace", whose.workspace, "id", id);
            return orders.run(new Order(Order.Verb.WORKFLOW_SHOW, arguments), json);
        }
    }

    /** {@code gatepost workflow export}. */
    @Command(
            name = "export",
            description = "Prints a workflow as JSON that import takes.",
            footer = {"", "Example:", "  gatepost workflow export b2b-leads > leads.json"})
    static final class Export implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Mixin
        private final WorkspaceOption whose = new WorkspaceOption();

        @Parameters(paramLabel = "ID", description = "the workflow")
        private String id = "";

        Export(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            var arguments = Map.of("workspace", whose.workspace, "id", id);
            return orders.run(new Order(Order.Verb.WORKFLOW_EXPORT, arguments), json);
        }
    }

    /** {@code gatepost workflow import}. */
    @Command(
            name = "import",
            description = "Saves a workflow from a file: a new one, or with --id the next version of one.",
            footer = {"", "Example:", "  gatepost workflow import leads.json --id b2b-leads"})
    static final class Import implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Mixin
        private final WorkspaceOption whose = new WorkspaceOption();

        @Parameters(paramLabel = "FILE", description = "the workflow as JSON")
        private Path file = Path.of("");

        @Option(names = "--id", paramLabel = "ID", description = "the workflow that gets a new version")
        private String id = "";

        Import(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            var arguments = Map.of("workspace", whose.workspace, "file", absolute(file), "id", id);
            return orders.run(new Order(Order.Verb.WORKFLOW_SAVE, arguments), json);
        }
    }

    /** {@code gatepost workflow use}. */
    @Command(
            name = "use",
            description = "Has the contacts of a connection judged by a workflow from now on.",
            footer = {"", "Example:", "  gatepost workflow use b2b-leads --connection 01m8ahpx0wkkc6hyredxm4vycj"})
    static final class Use implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Mixin
        private final WorkspaceOption whose = new WorkspaceOption();

        @Parameters(paramLabel = "ID", description = "the workflow")
        private String id = "";

        @Option(names = "--connection", paramLabel = "C", required = true, description = "as connect printed it")
        private String connection = "";

        Use(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            var arguments = Map.of("workspace", whose.workspace, "id", id, "connection", connection);
            return orders.run(new Order(Order.Verb.WORKFLOW_USE, arguments), json);
        }
    }

    /** {@code gatepost workflow simulate}. */
    @Command(
            name = "simulate",
            description = "Says what a workflow in a file would have decided about stored verdicts. Changes nothing.",
            footer = {"", "Example:", "  gatepost workflow simulate leads.json --last 10000"})
    static final class Simulate implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Mixin
        private final WorkspaceOption whose = new WorkspaceOption();

        @Parameters(paramLabel = "FILE", description = "the workflow as JSON")
        private Path file = Path.of("");

        @Option(names = "--connection", paramLabel = "C", description = "only its contacts")
        private String connection = "";

        @Option(names = "--last", paramLabel = "N", description = "how many verdicts, the latest; 1000000 (default)")
        private String last = "";

        Simulate(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            var arguments = Map.of(
                    "workspace", whose.workspace, "file", absolute(file), "connection", connection, "last", last);
            return orders.run(new Order(Order.Verb.WORKFLOW_SIMULATE, arguments), json);
        }
    }

    /** {@code gatepost rejudge}. */
    @Command(
            name = "rejudge",
            description = "Judges stored evidence by today's engine, without a probe or a credit; lists what changes.",
            footer = {"", "Examples:", "  gatepost rejudge --last 10000", "  gatepost rejudge --apply"})
    static final class Rejudge implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Mixin
        private final WorkspaceOption whose = new WorkspaceOption();

        @Option(names = "--apply", description = "write the new verdicts and tell the CRMs")
        private boolean apply;

        @Option(names = "--last", paramLabel = "N", description = "how many verdicts, the latest; 1000000 (default)")
        private String last = "";

        Rejudge(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            var arguments = Map.of("workspace", whose.workspace, "apply", Boolean.toString(apply), "last", last);
            return orders.run(new Order(Order.Verb.REJUDGE, arguments), json);
        }
    }
}
