package dev.gatepost.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * HubSpot's own client for Node drives the sandbox: the calls and assertions stand in {@code src/test/node}. What it
 * accepts has HubSpot's shapes, and the connector's tests may rely on the sandbox.
 */
class HubSpotNodeClientTest {
    private static final NodeFolder NODE = new NodeFolder(Path.of("src/test/node"));

    @RegisterExtension
    static final WireMockExtension RECEIVER = WireMockExtension.newInstance().build();

    @TempDir
    Path logs;

    @Test
    void acceptsTheSandboxAsHubSpot() throws Exception {
        NODE.install("node_modules/@hubspot/api-client/package.json");
        try (var sandbox = SandboxHubSpot.start()) {
            var environment = Map.of(
                    "SANDBOX_URL", sandbox.baseUrl(),
                    "SANDBOX_TOKEN", sandbox.app().token(),
                    "SANDBOX_CLIENT_ID", sandbox.app().clientId(),
                    "SANDBOX_CLIENT_SECRET", sandbox.app().clientSecret(),
                    "SANDBOX_STEP", step(sandbox),
                    "SANDBOX_BLOCKED",
                            sandbox.blockedStep() + " " + sandbox.blockedStep() + " " + sandbox.blockedStep(),
                    "SANDBOX_DELIVERY", delivery(sandbox));
            var output = NODE.run("sandbox.test.mjs", environment, logs);
            assertThat(output).contains("pass 16", "fail 0", "skipped 0");
            assertThat(sandbox.calls()).containsKey("POST contacts/batch/update");
        }
    }

    @Test
    void locksItsPackagesWithoutNamingARegistry() throws IOException {
        assertThat(Files.readString(NODE.path().resolve("package-lock.json")))
                .contains("\"integrity\"")
                .doesNotContain("\"resolved\"");
    }

    /** A workflow step's request as it really arrives. */
    private static String step(SandboxHubSpot sandbox) {
        RECEIVER.stubFor(WireMock.any(WireMock.anyUrl())
                .willReturn(WireMock.okJson("{\"outputFields\":{\"hs_execution_state\":\"SUCCESS\"}}")));
        var url = RECEIVER.baseUrl() + "/hooks/hubspot/1160452/actions/verify-email";
        var id = sandbox.createContact("step@example.com", Map.of());
        assertThat(sandbox.runStep(url, id, Map.of("email", "step@example.com")).state())
                .isEqualTo("SUCCESS");
        var request = RECEIVER.getAllServeEvents().getFirst().getRequest();
        RECEIVER.resetAll();
        return json(url, request);
    }

    /** A webhook as it really arrives. */
    private static String delivery(SandboxHubSpot sandbox) {
        RECEIVER.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.ok()));
        var url = RECEIVER.baseUrl() + "/hooks/hubspot/1160452";
        sandbox.sendWebhooksTo(url);
        sandbox.createContact("webhook@example.com", Map.of());
        await().until(() -> !RECEIVER.getAllServeEvents().isEmpty());
        return json(url, RECEIVER.getAllServeEvents().getFirst().getRequest());
    }

    private static String json(String url, LoggedRequest request) {
        var json = CrmJson.object().put("url", url).put("body", request.getBodyAsString());
        var headers = json.putObject("headers");
        request.getHeaders().all().forEach(h -> headers.put(h.key().toLowerCase(Locale.ROOT), h.firstValue()));
        return json.toString();
    }
}
