package dev.gatepost.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What a command talks to. Text is UTF-8 in both directions.
 *
 * @param in standard input
 * @param out answers; buffered, so a command flushes when somebody waits for a line
 * @param err errors and progress
 * @param environment the variables the process was started with
 * @param audience who reads {@code out}
 */
public record Terminal(
        InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Audience audience) {

    private static final int OUT_BUFFER_OCTETS = 64 * 1024;

    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** Who reads. */
    public enum Audience {
        /** A person at a terminal: progress is shown. */
        PERSON,
        /** A file or a program. */
        PROGRAM
    }

    /** The process's own. */
    public static Terminal ofProcess() {
        return new Terminal(
                System.in,
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUT_BUFFER_OCTETS),
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                Optional.ofNullable(System.console())
                                .filter(Console::isTerminal)
                                .isPresent()
                        ? Audience.PERSON
                        : Audience.PROGRAM);
    }

    /** Whether colours are welcome: only at a terminal, and not where {@code NO_COLOR} is set (no-color.org). */
    boolean isColoured() {
        return audience == Audience.PERSON
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }
}
