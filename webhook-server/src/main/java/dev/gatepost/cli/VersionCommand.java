package dev.gatepost.cli;

import dev.gatepost.server.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatepost version}. */
@Command(
        name = "version",
        description = "Says which version this is.",
        footer = {"", "Example:", "  gatepost version --json"})
final class VersionCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final JsonOption json = new JsonOption();

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var java = Runtime.version().toString();
        terminal.out()
                .println(
                        json.isSet()
                                ? JsonLine.object()
                                        .put("version", Version.current())
                                        .put("java", java)
                                        .toString()
                                : "gatepost " + Version.current() + " (java " + java + ")");
        return Exit.DONE.code();
    }
}
