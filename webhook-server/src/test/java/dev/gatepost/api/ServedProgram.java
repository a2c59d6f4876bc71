package dev.gatepost.api;

import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import dev.gatepost.server.SandboxSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged program as a process of its own, in a mail world and beside a sandbox HubSpot on loopback. */
final class ServedProgram implements AutoCloseable {
    private final Path launcher;
    private final Path folder;
    private final Map<String, String> environment;
    private final int port;
    private final Process server;

    private ServedProgram(Path launcher, Path folder, Map<String, String> environment, int port) throws IOException {
        this.launcher = launcher;
        this.folder = folder;
        this.environment = Map.copyOf(environment);
        this.port = port;
        this.server = gatepost("serve", "serve");
    }

    static ServedProgram start(Path launcher, SandboxHubSpot hubSpot, MailWorld mail, SandboxNameServer names)
            throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("gatepost-verify");
        var port = freePort();
        var environment = SandboxSettings.of(folder, mail, names);
        environment.put("GATEPOST_PORT", Integer.toString(port));
        environment.put(
                "GATEPOST_EGRESS_ALLOW",
                SandboxSettings.MAIL + ",crm=127.0.0.1/32:"
                        + URI.create(hubSpot.baseUrl()).getPort());
        var program = new ServedProgram(launcher, folder, environment, port);
        program.awaitReady();
        return program;
    }

    int port() {
        return port;
    }

    /** Processor time it has taken so far. */
    Duration processorTime() {
        var handle = server.toHandle();
        // The launcher replaces itself by the program, or starts it.
        return handle.children()
                .findFirst()
                .orElse(handle)
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO);
    }

    /** Makes an API key whose rate is no limit, and credits that do not end. */
    String key() throws IOException, InterruptedException {
        ask("grant", "credits", "grant", "100000000");
        return ask("key", "key", "create", "--rate", "600000", "--scopes", "verify,read,bulk");
    }

    void connect(SandboxHubSpot hubSpot) throws IOException, InterruptedException {
        var app = hubSpot.app();
        ask(
                "connect",
                "connect",
                "hubspot",
                "--app-id",
                Long.toString(app.appId()),
                "--api",
                hubSpot.baseUrl(),
                "--calls-per-10s",
                Integer.toString(app.callsInTenSecondsMax()),
                "--client-secret-file",
                Files.writeString(folder.resolve("client-secret"), app.clientSecret())
                        .toString(),
                "--token-file",
                Files.writeString(folder.resolve("token"), app.token()).toString());
    }

    private String ask(String out, String... arguments) throws IOException, InterruptedException {
        if (gatepost(out, arguments).waitFor() != 0) {
            throw new IllegalStateException(Files.readString(folder.resolve(out)));
        }
        return Files.readAllLines(folder.resolve(out)).getLast();
    }

    private Process gatepost(String out, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(folder.resolve(out).toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void awaitReady() throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
                return;
            } catch (IOException _) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException("the server did not start within a minute");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        server.destroy();
        try {
            server.waitFor(40, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
