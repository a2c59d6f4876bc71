package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * HubSpot's own client for Node drives the sandbox: the calls and assertions stand in {@code src/test/node}. What it
 * accepts has HubSpot's shapes, and the connector's tests may rely on the sandbox.
 */
class HubSpotNodeClientTest {
    private static final Path FOLDER = Path.of("src/test/node").toAbsolutePath();
    /** From an empty cache it fetches 30 packages. */
    private static final Duration INSTALL_TIME_MAX = Duration.ofMinutes(5);

    private static final Duration RUN_TIME_MAX = Duration.ofMinutes(2);

    @RegisterExtension
    static final WireMockExtension RECEIVER = WireMockExtension.newInstance().build();

    @TempDir
    Path logs;

    @Test
    void acceptsTheSandboxAsHubSpot() throws Exception {
        if (!Files.isRegularFile(FOLDER.resolve("node_modules/@hubspot/api-client/package.json"))) {
            run(INSTALL_TIME_MAX, Map.of(), List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
        }
        try (var sandbox = SandboxHubSpot.start()) {
            var environment = Map.of(
                    "SANDBOX_URL", sandbox.baseUrl(),
                    "SANDBOX_TOKEN", sandbox.app().token(),
                    "SANDBOX_CLIENT_SECRET", sandbox.app().clientSecret(),
                    "SANDBOX_DELIVERY", delivery(sandbox));
            var output = run(RUN_TIME_MAX, environment, List.of("node", "--test", "sandbox.test.mjs"));
            assertThat(output).contains("pass 13", "fail 0", "skipped 0");
            assertThat(sandbox.calls()).containsKey("POST contacts/batch/update");
        }
    }

    @Test
    void locksItsPackagesWithoutNamingARegistry() throws IOException {
        assertThat(Files.readString(FOLDER.resolve("package-lock.json")))
                .contains("\"integrity\"")
                .doesNotContain("\"resolved\"");
    }

    /** A webhook as it really arrives. */
    private static String delivery(SandboxHubSpot sandbox) {
        RECEIVER.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.ok()));
        var url = RECEIVER.baseUrl() + "/hooks/hubspot/1160452";
        sandbox.sendWebhooksTo(url);
        sandbox.createContact("webhook@example.com", Map.of());
        await().until(() -> !RECEIVER.getAllServeEvents().isEmpty());
        var request = RECEIVER.getAllServeEvents().getFirst().getRequest();
        var json = HubSpotJson.object().put("url", url).put("body", request.getBodyAsString());
        var headers = json.putObject("headers");
        request.getHeaders().all().forEach(h -> headers.put(h.key().toLowerCase(Locale.ROOT), h.firstValue()));
        return json.toString();
    }

    private String run(Duration timeMax, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        var log = logs.resolve(command.getFirst() + ".log");
        var builder = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
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
