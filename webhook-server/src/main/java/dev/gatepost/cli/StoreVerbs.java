package dev.gatepost.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The small verbs that only send an order to the store. */
final class StoreVerbs {

    private StoreVerbs() {}

    /** {@code gatepost connect}: groups the connectors. */
    @Command(
            name = "connect",
            description = "Connects an account of a CRM.",
            footer = {"", "Example:", "  gatepost connect CRM --help"})
    static final class Connect {}

    /** {@code gatepost link}. */
    @Command(
            name = "link",
            description =
                    "Prints a one-time link, good for 30 minutes: to become the first owner, or to choose a new password.",
            footer = {"", "Examples:", "  gatepost link", "  gatepost link --email ann@acme.io"})
    static final class Link implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Option(
                names = "--email",
                paramLabel = "ADDRESS",
                description = "whose password; needed when there are several owners")
        private String email = "";

        @Option(
                names = "--forget-totp",
                description = "also switch off the codes of the authenticator app, when it is lost")
        private boolean forgetTotp;

        Link(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(
                    new Order(Order.Verb.LINK, Map.of("email", email, "forget-totp", forgetTotp ? "yes" : "")), json);
        }
    }

    /** {@code gatepost credits}. */
    @Command(
            name = "credits",
            description = "Says how many credits there are.",
            footer = {"", "Examples:", "  gatepost credits", "  gatepost credits grant 1000"})
    static final class Credits implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Option(names = "--workspace", paramLabel = "W", description = "whose credits; main (default)")
        private String workspace = "";

        Credits(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(new Order(Order.Verb.CREDITS, Map.of("workspace", workspace)), json);
        }
    }

    /** {@code gatepost credits grant}. */
    @Command(
            name = "grant",
            description = "Grants credits to a workspace.",
            footer = {"", "Example:", "  gatepost credits grant 1000"})
    static final class Grant implements Callable<Integer> {

        private final OrderVerb orders;
        private final SecureRandom random;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "N", description = "how many, 1 or more")
        private String amount = "";

        @Option(names = "--workspace", paramLabel = "W", description = "who gets them; main (default)")
        private String workspace = "";

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                description = "when what is left of them expires, in UTC: 2027-12-31 or 2027-12-31T12:00:00Z; never"
                        + " (default)")
        private String expires = "";

        @Option(names = "--note", paramLabel = "TEXT", description = "why; stays in the ledger for ever")
        private String note = "";

        Grant(OrderVerb orders, SecureRandom random) {
            this.orders = orders;
            this.random = random;
        }

        @Override
        public Integer call() {
            var key = new byte[16];
            random.nextBytes(key);
            var arguments = Map.of(
                    "amount", amount,
                    "workspace", workspace,
                    "expires", expires,
                    "note", note,
                    "key", "command:" + HexFormat.of().formatHex(key));
            return orders.run(new Order(Order.Verb.GRANT, arguments), json);
        }
    }

    /** {@code gatepost credits reverse}. */
    @Command(
            name = "reverse",
            description = "Gives the credit of one settlement back, at most once.",
            footer = {"", "Example:", "  gatepost credits reverse 4711 --note \"ticket 12\""})
    static final class Reverse implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "ENTRY", description = "number of the settlement in the list of transactions")
        private String entry = "";

        @Option(names = "--workspace", paramLabel = "W", description = "whose ledger; main (default)")
        private String workspace = "";

        @Option(names = "--note", paramLabel = "TEXT", description = "why; stays in the ledger for ever")
        private String note = "";

        Reverse(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(
                    new Order(Order.Verb.REVERSE, Map.of("entry", entry, "workspace", workspace, "note", note)), json);
        }
    }

    /** {@code gatepost credits alarm}. */
    @Command(
            name = "alarm",
            description = "Sets below how many available credits the alarm is raised; 0 is never.",
            footer = {"", "Example:", "  gatepost credits alarm 500"})
    static final class Alarm implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "N", description = "the threshold")
        private String below = "";

        @Option(names = "--workspace", paramLabel = "W", description = "whose alarm; main (default)")
        private String workspace = "";

        Alarm(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(new Order(Order.Verb.ALARM, Map.of("below", below, "workspace", workspace)), json);
        }
    }

    /** {@code gatepost ledger}: groups what is done with the ledger. */
    @Command(
            name = "ledger",
            description = "Looks at the ledger of credits.",
            footer = {"", "Example:", "  gatepost ledger verify"})
    static final class Ledger {}

    /** {@code gatepost ledger verify}. */
    @Command(
            name = "verify",
            description =
                    "Recomputes every entry and balance; exit code 1 and the first wrong entry when something is off.",
            footer = {"", "Example:", "  gatepost ledger verify"})
    static final class LedgerVerify implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        LedgerVerify(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(Order.of(Order.Verb.LEDGER_VERIFY), json);
        }
    }

    /** {@code gatepost backup}. */
    @Command(
            name = "backup",
            description = "Writes a consistent copy of the database to a new file, also while the server runs.",
            footer = {"", "Example:", "  gatepost backup /backups/gatepost.db"})
    static final class Backup implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "FILE", description = "where to; must not exist")
        private Path file = Path.of("");

        Backup(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            // The server may stand in another folder than this command.
            var absolute = file.toAbsolutePath().normalize().toString();
            return orders.run(new Order(Order.Verb.BACKUP, Map.of("file", absolute)), json);
        }
    }
}
