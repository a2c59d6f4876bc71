package dev.gatepost.cli;

import dev.gatepost.server.Demo;
import dev.gatepost.server.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code gatepost aot-train}, hidden: runs what people run, on loopback, so that the JVM can learn it for the ahead-of-time
 * cache. The launcher starts it in the background.
 */
@Command(name = "aot-train", hidden = true, description = "Runs what people run, for the ahead-of-time cache.")
final class AotTrainCommand implements Callable<Integer> {

    /** Paths that a first visit asks for. */
    private static final List<String> PATHS = List.of("/", "/readyz", "/livez", "/favicon.ico");

    private final Cli.Making making;

    AotTrainCommand(Cli.Making making) {
        this.making = making;
    }

    @Override
    public Integer call() {
        run("verify", "--offline", "jane@acme.io", "jane..doe@acme.io");
        run("verify", "--offline", "--json", "-");
        run("reply", "--json", "550 5.1.1 User unknown");
        run("version");
        run("demo", "--exit");
        try (var demo = new Demo(
                new Demo.Stage(making.plugins().get(), 0, Version.current(), making.clock(), making.random()))) {
            PATHS.forEach(path -> visit(demo.product().publicUrl() + path));
        }
        return Exit.DONE.code();
    }

    private void run(String... arguments) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var input = new ByteArrayInputStream("jane@acme.io\n\"sales@acme.io\"\n".getBytes(StandardCharsets.UTF_8));
        var terminal = new Terminal(input, nowhere, nowhere, Map.of("GATEPOST_PORT", "0"), Terminal.Audience.PROGRAM);
        new Cli(terminal, making.clock(), making.random()).run(arguments);
    }

    private static void visit(String url) {
        try (var page = URI.create(url).toURL().openStream()) {
            page.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
