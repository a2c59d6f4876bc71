package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A folder of Node tests with packages of its own. */
record NodeFolder(Path path) {
    /** From an empty cache some 200 packages are fetched. */
    private static final Duration INSTALL_TIME_MAX = Duration.ofMinutes(5);

    private static final Duration RUN_TIME_MAX = Duration.ofMinutes(2);

    NodeFolder {
        path = path.toAbsolutePath();
    }

    /** Fetches the packages unless they are there. */
    void install(String proof) throws IOException, InterruptedException {
        if (!Files.isRegularFile(path.resolve(proof))) {
            var log = Files.createTempFile("npm", ".log");
            run(INSTALL_TIME_MAX, Map.of(), log, List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
        }
    }

    /** Runs one file of tests; returns what it said. */
    String run(String file, Map<String, String> environment, Path logs) throws IOException, InterruptedException {
        return run(RUN_TIME_MAX, environment, logs.resolve("node.log"), List.of("node", "--test", file));
    }

    private String run(Duration timeMax, Map<String, String> environment, Path log, List<String> command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command)
                .directory(path.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        var process = start(builder);
        if (!process.waitFor(timeMax.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " took longer than " + timeMax + ":\n" + Files.readString(log, UTF_8));
        }
        var output = Files.readString(log, UTF_8);
        assertThat(process.exitValue()).as("%s said:%n%s", command, output).isZero();
        return output;
    }

    private static Process start(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    "cannot start " + builder.command().getFirst()
                            + ": this test needs Node.js 20 or later with npm on the PATH",
                    e);
        }
    }
}
