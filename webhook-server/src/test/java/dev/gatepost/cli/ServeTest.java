package dev.gatepost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.cli.Shell.Ran;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.SandboxCrm;
import dev.gatepost.connector.Setting.Kind;
import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import dev.gatepost.server.Plugins;
import dev.gatepost.server.SandboxSettings;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server, reached by commands and by a CRM, in a world on loopback. */
class ServeTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private final MailWorld mail = MailWorld.start();
    private final SandboxNameServer names = SandboxNameServer.start(mail.zone());
    private final ConnectorPlugin plugin = Plugins.load(Path.of("none")).stream()
            .min(Comparator.comparingInt(ConnectorPlugin::demoRank))
            .orElseThrow();
    private final SandboxCrm crm = plugin.startSandbox(InstantSource.system()).orElseThrow();
    private final ByteArrayOutputStream served = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private Thread server = new Thread();

    @BeforeEach
    void configure() {
        environment.putAll(SandboxSettings.of(folder, mail, names));
        environment.put("GATEPOST_EGRESS_ALLOW", SandboxSettings.MAIL + ",crm=127.0.0.1/32:" + crm.port());
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (server.isAlive()) {
            server.interrupt();
            server.join(Duration.ofSeconds(30));
        }
        crm.close();
        names.close();
        mail.close();
    }

    @Test
    void takesAContactFromTheCrmAndBackWhileCommandsReachIt() throws Exception {
        serve();

        var connected = json(connect());
        assertThat(run("", "credits", "grant", "10").exit()).isZero();
        crm.sendWebhooksTo(connected.path("webhook").asText());
        var id = crm.createContact("jane.miller@works.sandbox-mail.com", Map.of());

        await().atMost(Duration.ofSeconds(20))
                .until(() -> "valid".equals(crm.contact(id).orElseThrow().get("gatepost_status")));
        assertThat(crm.contact(id).orElseThrow())
                .containsEntry("gatepost_label", "valid")
                .containsEntry("gatepost_decision", "accept")
                .containsEntry("gatepost_reason", "accepted");
        assertThat(run("", "credits", "--json").out().strip())
                .startsWith("{\"available\":9,\"reserved\":0,\"spent\":1,");
        assertThat(run("", "ledger", "verify").out()).startsWith("sound");
    }

    @Test
    @DisplayName("C4: without credits nothing is probed and the contact waits; a grant sets it free")
    void letsContactsWaitForCredits() throws Exception {
        serve();
        crm.sendWebhooksTo(json(connect()).path("webhook").asText());
        var id = crm.createContact("jane.miller@works.sandbox-mail.com", Map.of());
        var health = HttpRequest.newBuilder(URI.create(ready().path("url").asText() + "/readyz"))
                .build();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> HttpClient.newHttpClient()
                        .send(health, BodyHandlers.ofString())
                        .body()
                        .matches(".*\"[1-9]\\d* waiting.*"));
        assertThat(mail.hostOf("works.sandbox-mail.com").sessions()).isZero();

        run("", "credits", "grant", "1");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> crm.contact(id).orElseThrow().containsKey("gatepost_status"));
    }

    @Test
    @DisplayName(
            "X3: a key made, listed and revoked on the command line works at once on the running server, and then no more")
    void makesAndRevokesAKeyWhileTheServerRuns() throws Exception {
        serve();
        var made = json(run("", "key", "create", "--test", "--name", "development", "--json"));
        var key = made.path("key").asText();

        assertThat(me(key)).isEqualTo(200);
        var list = run("", "key", "list");
        assertThat(list.out())
                .contains(made.path("id").asText(), "development", "read,verify")
                .doesNotContain(key);
        assertThat(run("", "key", "revoke", made.path("id").asText()).exit()).isZero();
        assertThat(me(key)).isEqualTo(401);
        assertThat(run("", "key", "revoke", made.path("id").asText()).exit()).isEqualTo(1);
        assertThat(run("", "key", "create", "--scopes", "everything").err()).contains("invalid_field", "scopes");
        assertThat(run("", "key", "create", "--ranges", "10.0.0.1/8").err()).contains("invalid_field", "ranges[0]");
    }

    @Test
    void makesAPublishableKeyForItsOrigins() throws Exception {
        serve();
        var made = json(
                run("", "key", "create", "--pub", "--origins", "https://a.example,http://localhost:3000", "--json"));

        assertThat(made.path("key").asText()).startsWith("gp_pub_");
        assertThat(me(made.path("key").asText())).isEqualTo(403);
        assertThat(run("", "key", "list").out()).contains("https://a.example,http://localhost:3000");
        assertThat(run("", "key", "create", "--pub").err()).contains("missing_field", "origins");
        assertThat(run("", "key", "create", "--pub", "--origins", "http://a.example")
                        .err())
                .contains("invalid_field", "origins[0]");
        assertThat(run("", "key", "create", "--pub", "--origins", "https://a.example", "--scopes", "read")
                        .err())
                .contains("invalid_field", "scopes");
        assertThat(run("", "key", "create", "--pub", "--test").err()).contains("wrong_usage");
        assertThat(run("", "key", "create", "--origins", "https://a.example").err())
                .contains("invalid_field", "origins");
    }

    private int me(String key) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(ready().path("url").asText() + "/v1/me"))
                                .header("Authorization", "Bearer " + key)
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void letsTheOwnerInByALinkFromTheCommandLine() throws Exception {
        serve();

        var link = run("", "link").out().strip();

        var page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(link)).build(), BodyHandlers.ofString());
        assertThat(page.body()).contains("Become owner");
        assertThat(ready().path("link").asText()).isNotEqualTo(link);
    }

    @Test
    @DisplayName("X2: the keys are changed by commands while the server runs")
    void changesKeysWhileItRuns() throws Exception {
        serve();
        connect();
        var fresh = folder.resolve("new.key").toString();
        run("", "key", "create", "--master", fresh);

        assertThat(json(run("", "key", "rotate", "--json")).path("values").asInt())
                .isEqualTo(1);
        assertThat(json(run("", "key", "rotate", "--master", fresh, "--json"))
                        .path("values")
                        .asInt())
                .isEqualTo(1);
        assertThat(run("", "key", "rotate", "--finish").err()).startsWith("gatepost: old_master_key: ");
        server.interrupt();
        server.join(Duration.ofSeconds(30));
        environment.put("GATEPOST_MASTER_KEY_FILE", fresh);
        assertThat(json(run("", "key", "rotate", "--finish", "--json"))
                        .path("dismissed")
                        .asInt())
                .isEqualTo(1);
        environment.remove("GATEPOST_MASTER_KEY_FILE");
        assertThat(run("", "credits").err()).startsWith("gatepost: master_key_wrong: ");
    }

    @Test
    @DisplayName("S8: a second server on the same data folder refuses with a clear message")
    void refusesASecondServer() throws Exception {
        serve();

        var second = run("", "serve");

        assertThat(second.exit()).isEqualTo(3);
        assertThat(second.err())
                .startsWith("gatepost: ")
                .contains(folder.resolve("data").toString());
        assertThat(second.err().lines()).hasSize(1);
    }

    @Test
    @DisplayName("X1: without a master key, only a first start on loopback makes one")
    void makesAKeyOnlyWhereNobodyElseCanReachIt() {
        environment.put("GATEPOST_HOST", "0.0.0.0");

        var refused = run("", "serve");

        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err()).startsWith("gatepost: no_master_key: ");
        assertThat(folder.resolve("data/master.key")).doesNotExist();
    }

    @Test
    void keepsItsControlSocketToItsOwner() throws Exception {
        serve();

        assertThat(Files.getPosixFilePermissions(folder.resolve("data/control.sock")))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void isReachedInAFolderTooDeepForASocket() throws Exception {
        environment.put(
                "GATEPOST_DATA",
                folder.resolve("d".repeat(60)).resolve("e".repeat(60)).toString());
        serve();

        assertThat(run("", "credits", "grant", "3").exit()).isZero();
        assertThat(run("", "link").exit()).isZero();
    }

    @Test
    void saysWhenThePortIsTaken() throws Exception {
        serve();
        environment.put("GATEPOST_DATA", folder.resolve("other").toString());
        environment.put("GATEPOST_PORT", ready().path("port").asText());

        var second = run("", "serve");

        assertThat(second.exit()).isEqualTo(3);
        assertThat(second.err()).startsWith("gatepost: cannot_listen: ");
    }

    @Test
    void refusesCredentialsTheCrmDoesNotKnow() throws Exception {
        serve();

        var refused = connect("--token-file", secret("wrong", "pat-wrong").toString());

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).startsWith("gatepost: needs_reauth: ").doesNotContain("pat-wrong");
    }

    @Test
    void followsTheListsAndLetsTheDoctorLookAtTheConnection() throws Exception {
        serve();
        var connected = json(connect());
        assertThat(run("", "credits", "grant", "100").exit()).isZero();
        crm.sendWebhooksTo(connected.path("webhook").asText());
        assertThat(run("", "lists", "block", "add", "works.sandbox-mail.com").exit())
                .isZero();

        // Another address each time: a verification made a moment ago answers for the same one.
        var number = new AtomicInteger();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            var id = crm.createContact("jane" + number.incrementAndGet() + "@works.sandbox-mail.com", Map.of());
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> crm.contact(id).orElseThrow().containsKey("gatepost_disposable"));
            return "true".equals(crm.contact(id).orElseThrow().get("gatepost_disposable"));
        });

        var doctor = run("", "doctor", "--via", "works.sandbox-mail.com");
        assertThat(doctor.out())
                .containsPattern("fine +CRM +.* lets us into account")
                .contains("none refuses us");
    }

    private void serve() {
        var shell = new Shell(environment);
        server = Thread.ofPlatform().start(() -> shell.runInto(served, "serve", "--json"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> served.toString(UTF_8).contains("\"link\""));
    }

    private JsonNode ready() throws Exception {
        return JSON.readTree(served.toString(UTF_8)
                .lines()
                .filter(line -> line.startsWith("{\"url\""))
                .findFirst()
                .orElseThrow());
    }

    private Ran connect(String... instead) throws Exception {
        var arguments = new ArrayList<>(List.of("connect", plugin.id(), "--json"));
        for (var setting : plugin.settings()) {
            var value = crm.settings().get(setting.name());
            var option = "--" + setting.name() + (setting.kind() == Kind.SECRET ? "-file" : "");
            if (value != null && !List.of(instead).contains(option)) {
                arguments.add(option);
                arguments.add(
                        setting.kind() == Kind.SECRET
                                ? secret(setting.name(), value).toString()
                                : value);
            }
        }
        arguments.addAll(List.of(instead));
        return run("", arguments.toArray(String[]::new));
    }

    private Path secret(String name, String value) throws Exception {
        return Files.writeString(folder.resolve(name), value + "\n");
    }

    private static JsonNode json(Ran ran) throws Exception {
        assertThat(ran.exit()).as(ran.err()).isZero();
        return JSON.readTree(ran.out());
    }

    private Ran run(String input, String... arguments) {
        return new Shell(environment).runWith(input, arguments);
    }
}
