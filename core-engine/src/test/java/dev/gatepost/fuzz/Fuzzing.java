package dev.gatepost.fuzz;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a fuzz target with Jazzer in a process of its own, since its agent rewrites classes as they are loaded. A target
 * is a class with {@code public static void fuzzerTestOneInput(byte[])}; what it throws is a finding. Seeds lie in
 * {@code src/test/resources/fuzz/<target>}, what a run finds is kept in {@code target/fuzz/<target>}.
 */
public final class Fuzzing {
    /** How long each target runs; {@code -Dgatepost.fuzz.seconds=3600} looks further. */
    private static final int SECONDS = Integer.getInteger("gatepost.fuzz.seconds", 6);

    /**
     * Where chance begins, so that what one run finds the next one finds too; {@code -Dgatepost.fuzz.seed=0} looks where
     * nobody has looked.
     */
    private static final int SEED = Integer.getInteger("gatepost.fuzz.seed", 1);

    /** Longest a run may take beyond that: starting, instrumenting, reading the corpus, on a loaded machine. */
    private static final Duration GRACE = Duration.ofMinutes(3);

    private static final Pattern DONE = Pattern.compile("#(\\d+)\\s+DONE\\s+cov: (\\d+)");

    private static final int LOG_LINES = 60;

    /**
     * What a run saw.
     *
     * @param executions how often the target was called
     * @param edges branches of the product's code that were reached
     * @param finding the end of the log when an input made the target throw or hang, else empty
     */
    public record Run(long executions, long edges, String finding) {}

    private Fuzzing() {}

    /** Runs the target within bounds of time and memory. */
    public static Run run(Class<?> target) {
        try {
            var name = target.getSimpleName();
            var folder = Files.createDirectories(Path.of("target", "fuzz", name));
            var log = folder.resolveSibling(name + ".log");
            var process = new ProcessBuilder(command(target, folder))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(SECONDS + GRACE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Run(0, 0, "not done after " + GRACE + ": " + tail(log));
            }
            var done = DONE.matcher(Files.readString(log));
            boolean isDone = process.exitValue() == 0 && done.find();
            return isDone
                    ? new Run(Long.parseLong(done.group(1)), Long.parseLong(done.group(2)), "")
                    : new Run(0, 0, tail(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> command(Class<?> target, Path folder) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(target),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=dev.gatepost.**",
                "--reproducer_path=" + folder.toAbsolutePath().getParent(),
                "-artifact_prefix=" + folder.toAbsolutePath().getParent() + File.separator + target.getSimpleName()
                        + "-",
                "-max_total_time=" + SECONDS,
                "-seed=" + SEED,
                "-timeout=10",
                "-rss_limit_mb=2048",
                "-max_len=4096",
                "-print_final_stats=1",
                folder.toString()));
        var seeds = Path.of("src", "test", "resources", "fuzz", target.getSimpleName());
        if (Files.isDirectory(seeds)) {
            command.add(seeds.toString());
        }
        return command;
    }

    /** Surefire and others start with little more than themselves, and say elsewhere where the classes are. */
    private static String classPath(Class<?> target) {
        return target.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs())
                        .map(url -> Path.of(URI.create(url.toString())).toString())
                        .collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String tail(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            var all = lines.toList();
            return all.subList(Math.max(0, all.size() - LOG_LINES), all.size()).stream()
                    .collect(Collectors.joining("\n"));
        }
    }
}
