package dev.gatepost.server;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.hubspot.sandbox.SandboxApp;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The real product as a process of its own between a sandbox HubSpot and sandbox mail hosts, connected. */
final class HubSpotWorld implements AutoCloseable {
    /** Accepts every mailbox it is asked about. */
    static final String DOMAIN = ServerProcess.DOMAIN;

    final SandboxHubSpot hubSpot;
    final ServerProcess server;
    private final String connection;

    private HubSpotWorld(SandboxHubSpot hubSpot, ServerProcess server, String connection) {
        this.hubSpot = hubSpot;
        this.server = server;
        this.connection = connection;
    }

    /** Starts everything and connects the portal; webhooks flow from now on. */
    static HubSpotWorld start(Path folder, int credits) throws IOException, InterruptedException {
        return start(new ServerProcess(folder), folder, credits, SandboxApp.CALLS_IN_TEN_SECONDS_MAX);
    }

    /** @param callsMax what the portal allows in ten seconds, and the product is told it does */
    static HubSpotWorld start(ServerProcess server, Path folder, int credits, int callsMax)
            throws IOException, InterruptedException {
        var app = SandboxApp.standard().withCallsInTenSecondsMax(callsMax);
        var hubSpot = SandboxHubSpot.start(app, 0, InstantSource.system());
        var secret = Files.writeString(folder.resolve("secret"), app.clientSecret());
        var token = Files.writeString(folder.resolve("token"), app.token());
        var printed = server.run(
                "connect",
                "hubspot",
                "--json",
                "--app-id",
                Long.toString(app.appId()),
                "--api",
                hubSpot.baseUrl(),
                "--calls-per-10s",
                Integer.toString(callsMax),
                "--client-secret-file",
                secret.toString(),
                "--token-file",
                token.toString());
        server.run("credits", "grant", Integer.toString(credits));
        hubSpot.sendWebhooksTo(server.url() + "/hooks/hubspot/" + app.appId());
        var connection = new JsonMapper()
                .readTree(printed.substring(printed.indexOf('{')))
                .path("connection")
                .asText();
        return new HubSpotWorld(hubSpot, server, connection);
    }

    /** Ends the server at once, as a power cut for the process would, and starts it anew. */
    void kill() throws IOException, InterruptedException {
        server.kill();
        server.start();
    }

    /** Runs a command in a process of its own; what it printed. */
    String run(String... arguments) throws IOException, InterruptedException {
        return server.run(arguments);
    }

    /** Starts a backfill. */
    void backfill(String... scope) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("backfill", connection));
        arguments.addAll(Arrays.asList(scope));
        run(arguments.toArray(String[]::new));
    }

    @Override
    public void close() {
        server.close();
        hubSpot.close();
    }
}
