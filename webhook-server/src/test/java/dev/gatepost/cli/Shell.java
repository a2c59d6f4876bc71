package dev.gatepost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatepost.workspace.MasterKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs commands in this process, as another program would.
 *
 * @param environment what they are started with
 */
record Shell(Map<String, String> environment, InstantSource clock) {
    Shell {
        environment = Map.copyOf(environment);
    }

    Shell(Map<String, String> environment) {
        this(environment, InstantSource.system());
    }

    /** What a command came to. */
    record Ran(int exit, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    /** Makes a master key in the folder; the settings of a store beside it, to which more may be added. */
    static Map<String, String> store(Path folder) {
        var key = folder.resolve("master.key");
        MasterKey.create(key, new SecureRandom());
        return new HashMap<>(
                Map.of("GATEPOST_DATA", folder.resolve("data").toString(), "GATEPOST_MASTER_KEY_FILE", key.toString()));
    }

    Ran run(String... arguments) {
        return runWith("", arguments);
    }

    /** Runs a command that reads this. */
    Ran runWith(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var exit = run(input, out, err, arguments);
        return new Ran(exit, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** Runs a command whose answers and errors are read together, maybe while it runs; how it ended. */
    int runInto(ByteArrayOutputStream printed, String... arguments) {
        return run("", printed, printed, arguments);
    }

    private int run(String input, ByteArrayOutputStream out, ByteArrayOutputStream err, String... arguments) {
        var terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                environment,
                Terminal.Audience.PROGRAM);
        return new Cli(terminal, clock, new SecureRandom()).run(arguments);
    }
}
