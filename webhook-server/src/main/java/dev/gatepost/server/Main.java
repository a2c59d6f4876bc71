package dev.gatepost.server;

import dev.gatepost.cli.Cli;
import dev.gatepost.cli.Terminal;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The program. */
public final class Main {

    private Main() {}

    /** Runs one command and ends with its exit code. */
    public static void main(String[] arguments) {
        var terminal = Terminal.ofProcess();
        var exit = new Cli(terminal, InstantSource.system(), new SecureRandom()).run(arguments);
        terminal.out().flush();
        System.exit(exit);
    }
}
