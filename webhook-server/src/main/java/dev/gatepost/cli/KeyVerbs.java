package dev.gatepost.cli;

import dev.gatepost.workspace.MasterKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatepost key}: makes keys. */
final class KeyVerbs {

    private KeyVerbs() {}

    /** Groups what is done with keys. */
    @Command(
            name = "key",
            description = "Makes, lists, revokes and changes keys.",
            footer = {"", "Example:", "  gatepost key create --scopes verify,read --name shop"})
    static final class Key {}

    /** {@code gatepost key create}: a key of the API, or with {@code --master FILE} the master key. */
    @Command(
            name = "create",
            description = {
                "Makes a key of the API and prints it; it is shown this once.",
                "With --master: makes the master key, which encrypts the secrets in the database."
            },
            footer = {
                "",
                "Examples:",
                "  gatepost key create --scopes verify,read --name shop",
                "  gatepost key create --test --name development",
                "  gatepost key create --pub --origins https://www.acme.io,http://localhost:3000 --name sign-up",
                "  gatepost key create --master /etc/gatepost/master.key"
            })
    static final class Create implements Callable<Integer> {

        private static final List<String> USUAL_SCOPES = List.of("verify", "read");

        private final Terminal terminal;
        private final SecureRandom random;
        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Option(
                names = "--master",
                paramLabel = "FILE",
                description = "where to write the master key; must not exist; readable by its owner alone")
        private @Nullable Path file;

        @Option(names = "--test", description = "a test key: answers from a fixed table, costs nothing")
        private boolean test;

        @Option(names = "--pub", description = "a publishable key, for sign-up forms in web pages of its --origins")
        private boolean pub;

        @Option(
                names = "--origins",
                paramLabel = "O,O",
                split = ",",
                description = "with --pub: whose pages may use it, as https://www.acme.io; http://localhost too")
        private List<String> origins = List.of();

        @Option(
                names = "--scopes",
                paramLabel = "S,S",
                split = ",",
                description = "verify, bulk, read, admin; verify,read (default)")
        private List<String> scopes = List.of();

        @Option(names = "--workspace", paramLabel = "W", description = "whose key; main (default)")
        private String workspace = "";

        @Option(names = "--name", paramLabel = "N", description = "for people; api (default)")
        private String name = "api";

        @Option(
                names = "--ranges",
                paramLabel = "R,R",
                split = ",",
                description = "network addresses it may be used from, as 203.0.113.0/24; from anywhere (default)")
        private List<String> ranges = List.of();

        @Option(
                names = "--rate",
                paramLabel = "N",
                description = "requests a minute; 6000 (default), or 120 with --pub")
        private String rate = "";

        @Option(names = "--expires", paramLabel = "T", description = "when it ends, as 2027-01-31T00:00:00Z")
        private String expires = "";

        Create(Terminal terminal, SecureRandom random, OrderVerb orders) {
            this.terminal = terminal;
            this.random = random;
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return file == null ? ofTheApi() : master(file);
        }

        private Integer ofTheApi() {
            if (pub && test) {
                throw Failure.wrongUse("wrong_usage", "--pub and --test are two kinds of key; choose one");
            }
            var arguments = Map.of(
                    "mode",
                    mode(),
                    "origins",
                    String.join(" ", origins),
                    "scopes",
                    String.join(" ", scopes.isEmpty() && !pub ? USUAL_SCOPES : scopes),
                    "workspace",
                    workspace,
                    "name",
                    name,
                    "ranges",
                    String.join(" ", ranges),
                    "rate",
                    rate,
                    "expires",
                    expires);
            return orders.run(new Order(Order.Verb.KEY_CREATE, arguments), json);
        }

        private String mode() {
            if (pub) {
                return "pub";
            }
            return test ? "test" : "live";
        }

        private Integer master(Path where) {
            var path = where.toAbsolutePath().normalize();
            MasterKey.create(path, random);
            terminal.out()
                    .println(
                            json.isSet()
                                    ? JsonLine.object()
                                            .put("file", path.toString())
                                            .toString()
                                    : "written to " + path + "\nstart with GATEPOST_MASTER_KEY_FILE=" + path
                                            + ", and keep a copy elsewhere: without it the secrets are lost");
            return Exit.DONE.code();
        }
    }

    /** {@code gatepost key list}. */
    @Command(
            name = "list",
            description = "Lists the keys of a workspace, without the keys themselves.",
            footer = {"", "Example:", "  gatepost key list"})
    static final class Keys implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Option(names = "--workspace", paramLabel = "W", description = "whose keys; main (default)")
        private String workspace = "";

        Keys(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(new Order(Order.Verb.KEY_LIST, Map.of("workspace", workspace)), json);
        }
    }

    /** {@code gatepost key revoke}. */
    @Command(
            name = "revoke",
            description = "Ends a key, on all nodes within a second.",
            footer = {"", "Example:", "  gatepost key revoke 01kb0x5s8r3f6v9y2m4p7q0t1w"})
    static final class Revoke implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "ID", description = "as key list shows it; not the key itself")
        private String id = "";

        @Option(names = "--workspace", paramLabel = "W", description = "whose key; main (default)")
        private String workspace = "";

        Revoke(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            return orders.run(new Order(Order.Verb.KEY_REVOKE, Map.of("workspace", workspace, "id", id)), json);
        }
    }

    /** {@code gatepost key rotate}. */
    @Command(
            name = "rotate",
            description =
                    "Encrypts all secrets under a new key, while everything works on; may be stopped and run again.",
            footer = {
                "",
                "Examples:",
                "  gatepost key rotate",
                "  gatepost key create --master /etc/gatepost/new.key",
                "  gatepost key rotate --master /etc/gatepost/new.key",
                "  gatepost key rotate --finish"
            })
    static final class Rotate implements Callable<Integer> {

        private final OrderVerb orders;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Option(names = "--master", paramLabel = "FILE", description = "a new master key, which opens everything too")
        private @Nullable Path master;

        @Option(
                names = "--finish",
                description = "when every node runs with the new master key: the old one opens nothing any more")
        private boolean finish;

        Rotate(OrderVerb orders) {
            this.orders = orders;
        }

        @Override
        public Integer call() {
            if (finish && master != null) {
                throw Failure.wrongUse("wrong_usage", "--finish comes after --master, in a command of its own");
            }
            // The server may stand in another folder than this command.
            var file = master == null ? "" : master.toAbsolutePath().normalize().toString();
            var verb = finish ? Order.Verb.KEY_FINISH : Order.Verb.KEY_ROTATE;
            return orders.run(new Order(verb, Map.of("master", file)), json);
        }
    }
}
