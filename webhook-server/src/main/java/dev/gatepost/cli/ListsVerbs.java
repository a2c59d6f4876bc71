package dev.gatepost.cli;

import dev.gatepost.lists.ListFolder;
import dev.gatepost.lists.ListName;
import dev.gatepost.lists.ListSource;
import dev.gatepost.lists.OwnList;
import dev.gatepost.lists.RefreshOutcome;
import dev.gatepost.lists.ShippedList;
import dev.gatepost.server.Config;
import dev.gatepost.server.Engine;
import dev.gatepost.server.ListsReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatepost lists}: the reference lists and the operator's own. A running server follows within two seconds. */
final class ListsVerbs {

    private ListsVerbs() {}

    /** The verb with all below it. */
    static CommandLine all(Terminal terminal, Cli.Making making, Supplier<Path> data) {
        var lists = new CommandLine(new Lists(terminal, making)).addSubcommand(new Refresh(terminal, making));
        for (var name : List.of(ListName.ALLOW, ListName.BLOCK, ListName.OPTOUT)) {
            var own = new CommandLine(new Own());
            own.getCommandSpec().name(word(name)).usageMessage().description(meaning(name));
            own.getCommandSpec()
                    .usageMessage()
                    .footer("", "Example:", "  gatepost lists " + word(name) + " add firm.com");
            var folder = new Folder(terminal, name, data);
            own.addSubcommand(new Add(folder)).addSubcommand(new Remove(folder)).addSubcommand(new Show(folder));
            lists.addSubcommand(own);
        }
        return lists;
    }

    private static String word(ListName name) {
        return name.name().toLowerCase(Locale.ROOT);
    }

    private static String meaning(ListName name) {
        return switch (name) {
            case ALLOW -> "Domains and addresses that no list may say anything against.";
            case BLOCK -> "Domains and addresses that count as disposable.";
            case OPTOUT -> "Domains and mail hosts that are never asked for a mailbox.";
            case DISPOSABLE, FREE, ROLE, RELAY, EDU -> throw new IllegalArgumentException(name + " is not one's own");
        };
    }

    /** {@code gatepost lists}. */
    @Command(
            name = "lists",
            description = "Says what the lists hold, how old they are and where they come from.",
            footer = {
                "",
                "Examples:",
                "  gatepost lists",
                "  gatepost lists block add firm.com",
                "  gatepost lists refresh"
            })
    static final class Lists implements Callable<Integer> {

        private final Terminal terminal;
        private final Cli.Making making;

        @Mixin
        private final JsonOption json = new JsonOption();

        Lists(Terminal terminal, Cli.Making making) {
            this.terminal = terminal;
            this.making = making;
        }

        @Override
        public Integer call() {
            var report = ListsReport.of(making.config().get(), making.clock());
            terminal.out().println(json.isSet() ? ListsText.json(report) : ListsText.text(report));
            return Exit.DONE.code();
        }
    }

    /** {@code gatepost lists refresh}. */
    @Command(
            name = "refresh",
            description = "Asks the sources of GATEPOST_LISTS_SOURCES for newer editions now.",
            footer = {"", "Examples:", "  gatepost lists refresh", "  gatepost lists refresh disposable"})
    static final class Refresh implements Callable<Integer> {

        private final Terminal terminal;
        private final Cli.Making making;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "LIST", arity = "0..*", description = "which; all that have a source (default)")
        private List<String> names = List.of();

        Refresh(Terminal terminal, Cli.Making making) {
            this.terminal = terminal;
            this.making = making;
        }

        @Override
        public Integer call() {
            var config = making.config().get();
            var sources = sources(config);
            if (!names.isEmpty()) {
                var wanted = names.stream().map(Refresh::list).toList();
                sources.keySet().retainAll(wanted);
                wanted.stream()
                        .filter(list -> !sources.containsKey(list))
                        .findFirst()
                        .ifPresent(list -> {
                            throw Failure.wrongUse(
                                    "no_source", "GATEPOST_LISTS_SOURCES names no source for " + list.word());
                        });
            }
            if (sources.isEmpty()) {
                throw Failure.wrongUse("no_source", "GATEPOST_LISTS_SOURCES names no source for any list");
            }
            var outcomes = new ArrayList<RefreshOutcome>();
            var refresh = Engine.of(config, making.clock(), making.random()).listRefresh();
            sources.forEach((list, source) -> outcomes.add(refresh.refresh(list, source)));
            outcomes.forEach(outcome -> terminal.out().println(json.isSet() ? ListsText.json(outcome) : line(outcome)));
            var allTaken = outcomes.stream().allMatch(outcome -> outcome.result() == RefreshOutcome.Result.TAKEN);
            return (allTaken ? Exit.DONE : Exit.WORLD_FAILED).code();
        }

        private static EnumMap<ShippedList, ListSource> sources(Config config) {
            var sources = new EnumMap<ShippedList, ListSource>(ShippedList.class);
            sources.putAll(config.lists().sources());
            return sources;
        }

        private static ShippedList list(String word) {
            return ShippedList.of(word)
                    .orElseThrow(() -> Failure.wrongUse(
                            "no_such_list", "there is no list " + word + "; there are: " + ListsText.words()));
        }

        private static String line(RefreshOutcome outcome) {
            return Painter.pad(outcome.list().word(), 14)
                    + Painter.pad(outcome.result().word(), 9)
                    + outcome.detail();
        }
    }

    /** Groups what is done with one of the operator's lists. */
    @Command(name = "own")
    static final class Own {}

    /** One of the operator's lists, where the data folder says. */
    record Folder(Terminal terminal, ListName name, Supplier<Path> data) {

        ListFolder folder() {
            return new ListFolder(data.get().toAbsolutePath().normalize());
        }

        /** Each as it is kept; a wrong one ends the command before anything is changed. */
        List<String> entries(List<String> given) {
            try {
                return given.stream()
                        .map(text -> OwnList.entry(name, text.strip()))
                        .toList();
            } catch (IllegalArgumentException e) {
                throw Failure.wrongUse("wrong_entry", String.valueOf(e.getMessage()));
            }
        }

        void say(JsonOption json, String done, String entry) {
            terminal.out()
                    .println(
                            json.isSet()
                                    ? JsonLine.object()
                                            .put("list", word(name))
                                            .put("entry", entry)
                                            .put("done", done)
                                            .toString()
                                    : done.replace('_', ' ') + ": " + entry);
        }
    }

    /** {@code gatepost lists allow add}. */
    @Command(name = "add", description = "Adds domains (with all below them) or addresses.")
    static final class Add implements Callable<Integer> {

        private final Folder folder;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "ENTRY", arity = "1..*", description = "a domain or an address")
        private List<String> given = List.of();

        Add(Folder folder) {
            this.folder = folder;
        }

        @Override
        public Integer call() {
            for (var entry : folder.entries(given)) {
                var added = folder.folder().add(folder.name(), entry);
                folder.say(json, added ? "added" : "there_already", entry);
            }
            return Exit.DONE.code();
        }
    }

    /** {@code gatepost lists allow remove}. */
    @Command(name = "remove", description = "Takes entries off again; exit code 1 when one was not there.")
    static final class Remove implements Callable<Integer> {

        private final Folder folder;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Parameters(paramLabel = "ENTRY", arity = "1..*", description = "a domain or an address")
        private List<String> given = List.of();

        Remove(Folder folder) {
            this.folder = folder;
        }

        @Override
        public Integer call() {
            var all = true;
            for (var entry : folder.entries(given)) {
                var removed = folder.folder().remove(folder.name(), entry);
                folder.say(json, removed ? "removed" : "not_there", entry);
                all &= removed;
            }
            return (all ? Exit.DONE : Exit.NO).code();
        }
    }

    /** {@code gatepost lists allow show}. */
    @Command(name = "show", description = "Prints the list, one entry a line.")
    static final class Show implements Callable<Integer> {

        private final Folder folder;

        @Mixin
        private final JsonOption json = new JsonOption();

        Show(Folder folder) {
            this.folder = folder;
        }

        @Override
        public Integer call() {
            try {
                var out = folder.terminal().out();
                folder.folder()
                        .own(folder.name())
                        .entries()
                        .forEach(entry -> out.println(
                                json.isSet()
                                        ? JsonLine.object()
                                                .put("list", word(folder.name()))
                                                .put("entry", entry)
                                                .toString()
                                        : entry));
                return Exit.DONE.code();
            } catch (IllegalArgumentException e) {
                throw Failure.wrongUse("wrong_configuration", String.valueOf(e.getMessage()));
            }
        }
    }
}
