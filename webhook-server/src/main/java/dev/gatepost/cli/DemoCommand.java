package dev.gatepost.cli;

import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.MailWorld.Example;
import dev.gatepost.server.Demo;
import dev.gatepost.server.LogSetup;
import dev.gatepost.server.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatepost demo}: contacts on their way through the product, in a world of its own. */
@Command(
        name = "demo",
        description = "Shows it all on this machine: a sandbox CRM, a sandbox mail world, and contacts on their way.",
        footer = {"", "Example:", "  gatepost demo --exit"})
final class DemoCommand implements Callable<Integer> {

    /** The page's usual port; another one is taken when somebody has it. */
    private static final int PORT = 8080;

    /** Every contact of the demo comes back well within this, even on a slow machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Terminal terminal;
    private final Cli.Making making;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(
            names = "--exit",
            description = "end when every contact came back; exit code 1 when one was not as expected")
    private boolean exit;

    DemoCommand(Terminal terminal, Cli.Making making) {
        this.terminal = terminal;
        this.making = making;
    }

    @Override
    public Integer call() throws InterruptedException {
        LogSetup.beQuiet();
        var demo = start();
        var stays = false;
        try {
            var table = new DemoTable(terminal, json.isSet());
            var asExpected = show(demo, table);
            if (exit) {
                return (asExpected ? Exit.DONE : Exit.NO).code();
            }
            table.invite(demo);
            stays = true;
        } finally {
            if (!stays) {
                demo.close();
            }
        }
        Ending.await(demo::close);
        return Exit.DONE.code();
    }

    private Demo start() {
        var wanted = terminal.environment().getOrDefault("GATEPOST_PORT", Integer.toString(PORT));
        if (!wanted.matches("\\d{1,5}")) {
            throw Failure.wrongUse("wrong_configuration", "GATEPOST_PORT must be a port; it is " + wanted);
        }
        var port = Integer.parseInt(wanted);
        return new Demo(
                new Demo.Stage(making.plugins().get(), port, Version.current(), making.clock(), making.random()));
    }

    private boolean show(Demo demo, DemoTable table) throws InterruptedException {
        BlockingQueue<String> written = new LinkedBlockingQueue<>();
        demo.onWrite(written::add);
        table.begin(demo.crmLabel());
        var cast = new DemoCast(examples(), demo::create);
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var asExpected = true;
        while (cast.isWaiting()) {
            var id = written.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (id == null) {
                table.missing(cast.waiting());
                return false;
            }
            var example = cast.cameBack(id);
            if (example.isPresent()) {
                asExpected &= table.row(DemoTable.Row.of(demo, id, example.get()));
            }
        }
        return table.end(demo) && asExpected;
    }

    /** One for each reason there is, and one for each word a CRM's field can show. */
    private static List<Example> examples() {
        Set<String> seen = new LinkedHashSet<>();
        var chosen = new ArrayList<Example>();
        for (var example : MailWorld.examples()) {
            var isSlow = example.expectedReason().equals("timeout")
                    || example.address().contains("dns-timeout");
            var isRealName = !example.address().contains("sandbox-mail.com");
            var isRole = example.address().startsWith("info@");
            if (!isSlow && (seen.add(example.expectedReason()) || isRealName || isRole)) {
                chosen.add(example);
            }
        }
        return chosen;
    }
}
