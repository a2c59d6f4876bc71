package dev.gatepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.activecampaign.sandbox.SandboxActiveCampaign;
import dev.gatepost.cli.Shell.Ran;
import dev.gatepost.server.Books;
import dev.gatepost.server.ConfigReader;
import dev.gatepost.server.Configured;
import dev.gatepost.server.Plugins;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections, backfills and erasure on the command line, on a store that no server holds. */
class ConnectionVerbsTest {

    @TempDir
    Path folder;

    private Map<String, String> environment = Map.of();

    @BeforeEach
    void makeAMasterKey() {
        environment = Shell.store(folder);
    }

    @Test
    void listsConnections() {
        assertThat(run("connections").out()).startsWith("nothing is connected");
        assertThat(run("connections", "--json").out().strip()).isEqualTo("{\"connections\":[]}");
    }

    @Test
    void saysThatABackfillNeedsItsConnection() {
        var ran = run("backfill", "nobody", "--older-than", "30d");

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).startsWith("gatepost: no_such_connection: there is no connection nobody");
    }

    @Test
    void disconnectsAndTakesOurWebhooksOutOfTheAccount() throws IOException {
        try (var crm = SandboxActiveCampaign.start(0, InstantSource.system())) {
            environment.put("GATEPOST_EGRESS_ALLOW", "crm=127.0.0.1/32");
            var key = Files.writeString(folder.resolve("key"), crm.key());
            run("connect", "activecampaign", "--url", crm.url(), "--key-file", key.toString());
            assertThat(crm.webhooks()).isNotEmpty();

            var left = run("disconnect", "activecampaign");

            assertThat(left.exit()).isZero();
            assertThat(left.out())
                    .contains("removed the webhook", "erased the credentials we had", "disconnected: ActiveCampaign");
            assertThat(crm.webhooks()).isEmpty();
            var id = run("connections").out().split(" ", 2)[0];
            assertThat(run("connections").out()).contains("disconnected");
            var again = run("disconnect", id);
            assertThat(again.exit()).isEqualTo(1);
            assertThat(again.out()).contains("is disconnected already");
            assertThat(run("disconnect", "activecampaign").err()).startsWith("gatepost: no_such_connection");
        }
    }

    @Test
    void showsAndChoosesOptions() {
        assertThat(run("options", "hubspot", "reverify_after_days=90").err())
                .startsWith("gatepost: no_such_connection: there is no connection hubspot");
        connectHubSpot();

        assertThat(run("options", "hubspot").out()).contains("reverify_after_days = 0  (default)");
        assertThat(run("options", "hubspot", "reverify_after_days=90", "reverify_per_day=7")
                        .out())
                .contains("reverify_after_days = 90\n", "reverify_per_day = 7\n");
        assertThat(run("options", "hubspot", "reverify_per_day=", "--json").out())
                .contains("\"reverify_after_days\":90,\"reverify_per_day\":1000");
    }

    @Test
    void refusesOptionsThatCannotBe() {
        connectHubSpot();

        var wrong = run("options", "hubspot", "reverify_after_days=soon");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err())
                .startsWith("gatepost: wrong_setting: reverify_after_days must be a whole number from 0 to 3650,"
                        + " not \"soon\"");
        assertThat(run("options", "hubspot", "reverify_after=1").err())
                .contains("there is no option reverify_after; choose of reverify_after_days, ");
        assertThat(run("options", "hubspot", "reverify_after_days").err()).contains("write NAME=VALUE");
        assertThat(run("options", "hubspot", "a=1", "a=2").err()).contains("a stands there twice");
    }

    private void connectHubSpot() {
        var plugins = Plugins.load(folder);
        if (!(new ConfigReader(environment, plugins).read() instanceof Configured.Ready(var config))) {
            throw new IllegalStateException("wrong configuration");
        }
        try (var books = Books.ofCommand(config, InstantSource.system(), new SecureRandom())) {
            books.connections()
                    .save(
                            plugins.stream()
                                    .filter(plugin -> plugin.id().equals("hubspot"))
                                    .findFirst()
                                    .orElseThrow(),
                            new ConnectionDraft(Workspaces.MAIN, "62515", "HubSpot 62515", Map.of("app-id", "7")));
        }
    }

    @Test
    void erasesAnAddress() {
        assertThat(run("erase", "ann@acme.io").out().strip()).isEqualTo("erased; 0 verifications told of it");
        assertThat(run("erase", " ").err()).startsWith("gatepost: missing_address");
        assertThat(run("erase", "ann@acme.io", "--workspace", "none").exit()).isEqualTo(2);
    }

    private Ran run(String... arguments) {
        return new Shell(environment).run(arguments);
    }
}
