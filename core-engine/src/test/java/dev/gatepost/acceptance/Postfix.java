package dev.gatepost.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Postfix of our own, with its configuration, queue, data and log in one folder; the system's own is neither read nor
 * changed. Needs root, as Postfix does.
 */
final class Postfix implements AutoCloseable {
    /** Start-up checks the whole installation, and takes two seconds on an idle machine. */
    private static final Duration START_MAX = Duration.ofSeconds(60);

    private static final Duration STOP_MAX = Duration.ofSeconds(20);

    /** The queues a message would stand in. */
    private static final List<String> QUEUES = List.of("maildrop", "incoming", "active", "deferred", "hold", "corrupt");

    private final Path folder;
    private final int port;
    private final ProcessHandle master;

    private Postfix(Path folder, int port, ProcessHandle master) {
        this.folder = folder;
        this.port = port;
        this.master = master;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close)); // for tests that are broken off
    }

    /** Whether Postfix is there, and we may start it. */
    static boolean canRun() {
        try {
            return Files.isExecutable(Path.of("/usr/sbin/postfix"))
                    && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts it, listening at all addresses of {@link PostfixConfiguration.Temper}.
     *
     * @param policy asked by the one of them that greylists
     */
    static Postfix start(Path folder, GreylistPolicy policy) throws IOException, InterruptedException {
        int port = freePort();
        // Its processes give up root, and must still get at their files.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        PostfixConfiguration.write(folder, port, policy);
        run(folder, "start");
        var pid = Files.readString(folder.resolve("queue/pid/master.pid")).strip();
        return new Postfix(folder, port, ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral(PostfixConfiguration.Temper.PLAIN.address()))) {
            return socket.getLocalPort();
        }
    }

    private static void run(Path folder, String verb) throws IOException, InterruptedException {
        var output = folder.resolve("command.log");
        var etc = folder.resolve("etc").toString();
        var command = new ProcessBuilder("/usr/sbin/postfix", "-c", etc, verb)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = command.waitFor(START_MAX.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended || command.exitValue() != 0) {
            var log = folder.resolve("mail.log");
            throw new IllegalStateException("postfix " + verb + ": " + Files.readString(output)
                    + (Files.exists(log) ? Files.readString(log) : ""));
        }
    }

    int port() {
        return port;
    }

    PostfixLog log() {
        return new PostfixLog(folder.resolve("mail.log"));
    }

    /** Messages, whole or begun, in any queue. */
    long messages() {
        return QUEUES.stream().mapToLong(this::filesIn).sum();
    }

    private long filesIn(String queue) {
        try (var files = Files.walk(folder.resolve("queue").resolve(queue))) {
            return files.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it and all its processes. */
    @Override
    public void close() {
        master.destroy();
        master.onExit()
                .completeOnTimeout(master, STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
