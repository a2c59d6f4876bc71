package dev.gatepost.cli;

import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.http.CannotListen;
import dev.gatepost.lists.ListFolder;
import dev.gatepost.lists.ListsInUse;
import dev.gatepost.server.Config;
import dev.gatepost.server.ConfigReader;
import dev.gatepost.server.Configured;
import dev.gatepost.server.Engine;
import dev.gatepost.server.LogSetup;
import dev.gatepost.server.Plugins;
import dev.gatepost.store.StoreUnusable;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads a command line and runs the verb it names. Used by one thread. */
public final class Cli {

    private final Terminal terminal;
    private final Making making;

    /**
     * What verbs make things with.
     *
     * @param config reads the configuration; every mistake is printed, and the command ends
     * @param plugins looks for the connectors
     */
    record Making(
            Supplier<Config> config,
            Supplier<List<ConnectorPlugin>> plugins,
            InstantSource clock,
            SecureRandom random) {}

    /** The verbs stand below it; by itself it only explains. */
    @Command(
            name = "gatepost",
            description = "Verifies the email addresses of a CRM's contacts, on your own machine.",
            synopsisSubcommandLabel = "VERB",
            footer = {"", "Try it:", "  gatepost demo", "", "Help on a verb:", "  gatepost verify --help"})
    private static final class Top {}

    public Cli(Terminal terminal, InstantSource clock, SecureRandom random) {
        this.terminal = terminal;
        this.making = new Making(this::config, this::plugins, clock, random);
    }

    /** Runs one command; the answer is the exit code. */
    public int run(String... arguments) {
        var command = commands(arguments.length == 0 ? "" : arguments[0]);
        command.setOut(new PrintWriter(terminal.out(), false, StandardCharsets.UTF_8));
        command.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        command.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.isColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        command.setParameterExceptionHandler((e, _) -> wrongUse(e));
        command.setExecutionExceptionHandler((e, _, _) -> failed(e));
        command.setExitCodeExceptionMapper(_ -> Exit.WORLD_FAILED.code());
        var exit = command.execute(arguments);
        command.getOut().flush();
        terminal.out().flush();
        return exit;
    }

    private CommandLine commands(String verb) {
        var top = new CommandLine(CommandSpec.forAnnotatedObject(new Top()));
        top.setCaseInsensitiveEnumValuesAllowed(true);
        top.registerConverter(Duration.class, Durations::parse);
        var clock = making.clock();
        var random = making.random();
        var orders = new OrderVerb(terminal, making);
        top.addSubcommand(new DemoCommand(terminal, making));
        top.addSubcommand(new ServeCommand(terminal, making));
        top.addSubcommand(new VerifyCommand(
                terminal,
                new VerifyCommand.Engines(
                        () -> Engine.offline(lists(), clock, random), () -> Engine.of(config(), clock, random))));
        top.addSubcommand(new BatchCommand(orders));
        top.addSubcommand(new ReplyCommand(terminal));
        top.addSubcommand(ListsVerbs.all(terminal, making, this::data));
        top.addSubcommand(new DoctorCommand(terminal, making));
        top.addSubcommand(connect(orders, verb));
        top.addSubcommand(new StoreVerbs.Link(orders));
        top.addSubcommand(new CommandLine(new KeyVerbs.Key())
                .addSubcommand(new KeyVerbs.Create(terminal, random, orders))
                .addSubcommand(new KeyVerbs.Keys(orders))
                .addSubcommand(new KeyVerbs.Revoke(orders))
                .addSubcommand(new KeyVerbs.Rotate(orders)));
        top.addSubcommand(new CommandLine(new StoreVerbs.Credits(orders))
                .addSubcommand(new StoreVerbs.Grant(orders, random))
                .addSubcommand(new StoreVerbs.Reverse(orders))
                .addSubcommand(new StoreVerbs.Alarm(orders)));
        top.addSubcommand(new CommandLine(new StoreVerbs.Ledger()).addSubcommand(new StoreVerbs.LedgerVerify(orders)));
        top.addSubcommand(new CommandLine(new WorkflowVerbs.WorkflowVerb())
                .addSubcommand(new WorkflowVerbs.ListAll(orders))
                .addSubcommand(new WorkflowVerbs.Show(orders))
                .addSubcommand(new WorkflowVerbs.Export(orders))
                .addSubcommand(new WorkflowVerbs.Import(orders))
                .addSubcommand(new WorkflowVerbs.Use(orders))
                .addSubcommand(new WorkflowVerbs.Simulate(orders)));
        top.addSubcommand(new WorkflowVerbs.Rejudge(orders));
        top.addSubcommand(new CommandLine(new HookVerbs.Hooks(orders))
                .addSubcommand(new HookVerbs.Add(orders))
                .addSubcommand(new HookVerbs.Remove(orders))
                .addSubcommand(new HookVerbs.Test(orders)));
        top.addSubcommand(new ConnectionVerbs.ListAll(orders));
        top.addSubcommand(new ConnectionVerbs.Options(orders));
        top.addSubcommand(new ConnectionVerbs.Backfill(orders));
        top.addSubcommand(new DisconnectCommand(orders));
        top.addSubcommand(new EraseCommand(orders));
        top.addSubcommand(new StoreVerbs.Backup(orders));
        top.addSubcommand(new RestoreCommand(terminal, making));
        top.addSubcommand(new VersionCommand(terminal));
        top.addSubcommand(new AotTrainCommand(making));
        explain(top);
        return top;
    }

    /** The connectors are looked for only when one is wanted: every other verb starts without them. */
    private CommandLine connect(OrderVerb orders, String verb) {
        var connect = new CommandLine(new StoreVerbs.Connect());
        if (verb.equals("connect")) {
            making.plugins().get().forEach(plugin -> connect.addSubcommand(new ConnectCommand(orders, plugin).spec()));
        }
        return connect;
    }

    private static void explain(CommandLine command) {
        command.getCommandSpec().addMixin("help", CommandSpec.forAnnotatedObject(new HelpOption()));
        command.getSubcommands().values().forEach(Cli::explain);
    }

    private Path data() {
        return Path.of(terminal.environment().getOrDefault("GATEPOST_DATA", "./data"));
    }

    private ListsInUse lists() {
        try {
            return new ListsInUse(new ListFolder(data().toAbsolutePath().normalize()));
        } catch (IllegalArgumentException e) {
            throw Failure.wrongUse("wrong_configuration", String.valueOf(e.getMessage()));
        }
    }

    private List<ConnectorPlugin> plugins() {
        return Plugins.load(data());
    }

    /** Read when a verb needs it; every mistake is printed, and the command ends. */
    private Config config() {
        return switch (new ConfigReader(terminal.environment(), plugins()).read()) {
            case Configured.Ready(var config) -> {
                LogSetup.use(config.log());
                yield config;
            }
            case Configured.Wrong(var mistakes) ->
                throw Failure.wrongUse("wrong_configuration", String.join("\n  ", mistakes));
        };
    }

    private int wrongUse(ParameterException e) {
        terminal.err().println("gatepost: wrong_usage: " + firstLine(e));
        terminal.err().println("  see: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return Exit.WRONG_USE.code();
    }

    private int failed(Exception e) throws Exception {
        terminal.out().flush();
        return switch (e) {
            case Failure failure -> {
                terminal.err().println(failure.line());
                yield failure.exit().code();
            }
            case StoreUnusable store -> {
                terminal.err().println("gatepost: " + store.code() + ": " + store.getMessage());
                yield Exit.WORLD_FAILED.code();
            }
            case CannotListen taken -> {
                terminal.err().println("gatepost: cannot_listen: " + taken.getMessage());
                yield Exit.WORLD_FAILED.code();
            }
            case InterruptedException _ -> Exit.WORLD_FAILED.code();
            case RuntimeException bug -> {
                bug.printStackTrace(terminal.err());
                yield Exit.WORLD_FAILED.code();
            }
            default -> {
                terminal.err()
                        .println("gatepost: " + e.getClass().getSimpleName().toLowerCase(Locale.ROOT) + ": "
                                + e.getMessage());
                yield Exit.WORLD_FAILED.code();
            }
        };
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
