package dev.gatepost.server;

import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The real product as a process of its own, that can be killed, with sandbox mail hosts that live on in this process.
 * {@link #DOMAIN} accepts every mailbox.
 */
final class ServerProcess implements AutoCloseable {
    static final String DOMAIN = "accept-all.sandbox-mail.com";
    /** What the launcher gives the JVM, but for its cache of classes. */
    static final List<String> USUAL =
            List.of("-Xms48m", "-Xmn32m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders");

    private static final Duration READY_MAX = Duration.ofMinutes(2);
    private static final List<String> QUICK_START = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final MailWorld mail = MailWorld.start();
    private final SandboxNameServer names = SandboxNameServer.start(mail.zone());
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final Map<String, String> settings;
    private final List<String> serverOptions;
    private final int port;
    private Process server;

    /** Starts it. */
    ServerProcess(Path folder) throws IOException, InterruptedException {
        this(folder, Map.of(), QUICK_START);
    }

    /** @param settings more of the environment, as {@code GATEPOST_...} */
    ServerProcess(Path folder, Map<String, String> settings) throws IOException, InterruptedException {
        this(folder, settings, QUICK_START);
    }

    /**
     * Starts it.
     *
     * @param serverOptions of the server's JVM
     */
    ServerProcess(Path folder, Map<String, String> settings, List<String> serverOptions)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.settings = Map.copyOf(settings);
        this.serverOptions = serverOptions;
        try (var free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
        this.server = serve();
    }

    /** Where its API is. */
    URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Ends it at once, as a power cut for the process would. */
    void kill() throws InterruptedException {
        server.destroyForcibly().waitFor();
    }

    /** Starts it anew. */
    void start() throws IOException, InterruptedException {
        server = serve();
    }

    /** The server's process id. */
    long pid() {
        return server.pid();
    }

    /** How the server is called, without trailing slash. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    private Process serve() throws IOException, InterruptedException {
        var process = gatepost("serve.log", serverOptions, "serve");
        var deadline = System.nanoTime() + READY_MAX.toNanos();
        var ready = HttpRequest.newBuilder(URI.create(url() + "/livez")).build();
        while (true) {
            try {
                if (http.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
                    return process;
                }
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException("the server does not start: " + log("serve.log"), e);
                }
            }
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
    }

    /** Runs a command in a process of its own; what it printed. */
    String run(String... arguments) throws IOException, InterruptedException {
        Files.deleteIfExists(folder.resolve("command.log"));
        var process = gatepost("command.log", QUICK_START, arguments);
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", arguments) + ": " + log("command.log"));
        }
        return log("command.log").strip();
    }

    /** The end of what the server printed. */
    String log() throws IOException {
        return log("serve.log");
    }

    private String log(String name) throws IOException {
        var text = Files.readString(folder.resolve(name));
        return text.substring(Math.max(0, text.length() - 6_000));
    }

    private Process gatepost(String log, List<String> options, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                "dev.gatepost.server.Main"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("GATEPOST_"));
        builder.environment().putAll(SandboxSettings.of(folder, mail, names));
        builder.environment().put("GATEPOST_PORT", Integer.toString(port));
        builder.environment().put("GATEPOST_EGRESS_ALLOW", SandboxSettings.MAIL + ",dns=127.0.0.0/8,crm=127.0.0.1/32");
        builder.environment().putAll(settings);
        return builder.start();
    }

    /** Where this very test was loaded from, whoever runs it. */
    private static String classPath() {
        if (ServerProcess.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs())
                    .map(url -> Path.of(URI.create(url.toString())).toString())
                    .collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @Override
    public void close() {
        server.destroyForcibly();
        names.close();
        mail.close();
    }
}
