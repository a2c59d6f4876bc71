package dev.gatepost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import dev.gatepost.hubspot.sandbox.SandboxStep;
import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import dev.gatepost.server.SandboxSettings;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server and the sandbox HubSpot: a step of a workflow from HubSpot's request to its outputs. */
class HubSpotStepTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private final MailWorld mail = MailWorld.start();
    private final SandboxNameServer names = SandboxNameServer.start(mail.zone());
    private final SandboxHubSpot hubSpot = SandboxHubSpot.start();
    private final ByteArrayOutputStream served = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private Thread server = new Thread();

    @BeforeEach
    void start() throws Exception {
        environment.putAll(SandboxSettings.of(folder, mail, names));
        environment.put("GATEPOST_EGRESS_ALLOW", SandboxSettings.MAIL + ",crm=127.0.0.1/32");
        var shell = new Shell(environment);
        server = Thread.ofPlatform().start(() -> shell.runInto(served, "serve", "--json"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> served.toString(UTF_8).contains("\"link\""));
        var secret = Files.writeString(folder.resolve("secret"), hubSpot.app().clientSecret());
        var token = Files.writeString(folder.resolve("token"), hubSpot.app().token());
        run(
                "connect",
                "hubspot",
                "--app-id",
                "1160452",
                "--api",
                hubSpot.baseUrl(),
                "--client-secret-file",
                secret.toString(),
                "--token-file",
                token.toString());
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.interrupt();
        server.join(Duration.ofSeconds(30));
        hubSpot.close();
        names.close();
        mail.close();
    }

    private String stepUrl() throws Exception {
        var ready = JSON.readTree(served.toString(UTF_8)
                .lines()
                .filter(line -> line.startsWith("{\"url\""))
                .findFirst()
                .orElseThrow());
        return ready.path("url").asText() + "/hooks/hubspot/1160452/actions/verify-email";
    }

    @Test
    void answersAStepOnceForOneCreditHoweverOftenHubSpotRepeatsIt() throws Exception {
        run("credits", "grant", "10");
        var email = "jane.miller@works.sandbox-mail.com";
        var id = hubSpot.createContact(email, Map.of());

        var first = step(id, email);

        assertThat(first.state()).isEqualTo("SUCCESS");
        assertThat(first.outputs())
                .containsEntry("status", "valid")
                .containsEntry("label", "valid")
                .containsEntry("decision", "accept")
                .containsEntry("reason", "accepted");
        var again = hubSpot.runStepAgain(stepUrl(), id, Map.of("email", email), first.callbackId());
        assertThat(again.outputs()).isEqualTo(first.outputs());
        assertThat(run("credits", "--json")).startsWith("{\"available\":9,\"reserved\":0,\"spent\":1,");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> "valid"
                        .equals(hubSpot.contact(id).orElseThrow().properties().get("gatepost_status")));
    }

    @Test
    void tellsHubSpotsHistoryWhyThereIsNoVerdict() throws Exception {
        var id = hubSpot.createContact("", Map.of());

        assertThat(step(id, "").outputs())
                .containsEntry("errorCode", "NO_EMAIL")
                .containsEntry("hs_execution_state", "FAIL_CONTINUE");
        assertThat(step(id, "jane.miller@works.sandbox-mail.com").outputs()).containsEntry("errorCode", "NO_CREDITS");
    }

    @Test
    void letsABounceThatHubSpotKnowsCostPointsButNotTheStatus() throws Exception {
        run("credits", "grant", "10");
        hubSpot.sendWebhooksTo(stepUrl().replace("/actions/verify-email", ""));

        var id = hubSpot.createContact(
                "jane.miller@works.sandbox-mail.com", Map.of("hs_email_hard_bounce_reason_enum", "UNKNOWN_USER"));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> hubSpot.contact(id).orElseThrow().properties().containsKey("gatepost_score"));
        assertThat(hubSpot.contact(id).orElseThrow().properties())
                .containsEntry("gatepost_status", "valid")
                .containsEntry("gatepost_score", "20");
    }

    @Test
    void offersItsWorkflowsInTheStepsDropDown() throws Exception {
        assertThat(hubSpot.stepOptions(stepUrl() + "/workflows")).isNotEmpty();
    }

    @Test
    void refusesWhatHubSpotDidNotSign() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(stepUrl()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void writesTheProjectToUpload() throws Exception {
        var project = folder.resolve("project");
        var out = run(
                "connect",
                "hubspot",
                "--project",
                project.toString(),
                "--auth",
                "oauth",
                "--public-url",
                "https://v.example.com");
        assertThat(out).contains("hs project upload");
        assertThat(Files.readString(project.resolve("src/hsprofile.prod.json"))).contains("https://v.example.com");
        assertThat(Files.readString(project.resolve("src/app/app-hsmeta.json"))).contains("\"oauth\"");

        var err = new ByteArrayOutputStream();
        var shell = new Shell(environment);
        assertThat(shell.runInto(
                        err,
                        "connect",
                        "hubspot",
                        "--project",
                        project.toString(),
                        "--public-url",
                        "https://v.example.com"))
                .isEqualTo(2);
        assertThat(shell.runInto(
                        err, "connect", "hubspot", "--project", project + "2", "--public-url", "http://v.example.com"))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("folder_taken", "no_public_url");
        assertThat(project.resolveSibling("project2")).doesNotExist();
    }

    private SandboxStep step(String id, String email) throws Exception {
        return hubSpot.runStep(stepUrl(), id, Map.of("email", email));
    }

    private String run(String... arguments) {
        var out = new ByteArrayOutputStream();
        assertThat(new Shell(environment).runInto(out, arguments))
                .as(() -> out.toString(UTF_8))
                .isZero();
        return out.toString(UTF_8).strip();
    }
}
