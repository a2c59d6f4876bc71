package dev.gatepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.cli.Shell.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path data;

    private final Map<String, String> environment = new HashMap<>();

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = ';', textBlock = """
            version                                    ; 0 ; done
            verify --offline jane@acme.io              ; 0 ; offline says nothing against it
            verify --offline jane..doe@acme.io         ; 1 ; the answer is no
            verify --offline throwaway@mailinator.com  ; 1 ; disposable is rejected by the standard workflow
            verify                                     ; 2 ; nothing to verify
            verify --offline --dialect klingon a@b.io  ; 2 ; no such dialect
            verify --offline --workflow vip a@b.io     ; 2 ; no such workflow
            verify --offline --workflow b2b-leads a@gmail.com    ; 1 ; companies only
            verify --offline --workflow standard a@gmail.com     ; 0 ; free is fine by default
            verify --offline --concurrency 0 a@b.io    ; 2 ; nothing could ever run
            verify --offline --wait soon a@b.io        ; 2 ; not a time
            frobnicate                                 ; 2 ; no such verb
            reply 550 5.1.1 User unknown               ; 0 ; done
            reply --stage lunch 550                    ; 2 ; no such stage
            credits                                    ; 3 ; there is no master key, and a command makes none
            link                                       ; 3 ; no server runs
            backfill nobody --all --never-checked      ; 2 ; one of them
            backfill nobody --older-than 5m            ; 2 ; whole days
            erase                                      ; 2 ; no address
            """)
    void endsWith(String line, int exit, String why) {
        assertThat(run("", line.split(" ")).exit()).as(why).isEqualTo(exit);
    }

    @Test
    void namesAllMistakesOfTheConfigurationAtOnce() {
        environment.put("GATEPOST_PROT", "1");
        environment.put("GATEPOST_LOG", "xml");

        var ran = run("", "credits");

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("gatepost: wrong_configuration: ")
                .contains("GATEPOST_PROT is not a setting; did you mean GATEPOST_PORT?")
                .contains("GATEPOST_LOG must be text or json");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void keepsTheOrderOfManyLines() throws Exception {
        var input = new StringBuilder();
        for (var n = 0; n < 3_000; n++) {
            input.append("user").append(n).append(n % 3 == 0 ? "@@" : "@").append("acme.io\n");
        }

        var ran = run(input.toString(), "verify", "--offline", "--json", "--concurrency", "50", "-");

        assertThat(ran.exit()).isZero();
        assertThat(ran.lines()).hasSize(3_000);
        for (var n = 0; n < 3_000; n++) {
            var answer = JSON.readTree(ran.lines().get(n));
            assertThat(answer.path("email").asText()).startsWith("user" + n + "@");
            assertThat(answer.path("status").asText()).isEqualTo(n % 3 == 0 ? "invalid" : "unknown");
        }
    }

    @Test
    void takesAnyTextAsAJsonString() throws Exception {
        var ran = run(
                "\"two\\nlines@acme.io\"\nplain@acme.io\r\n\"quoted local\"@acme.io\n\n\"\\u0000\"",
                "verify",
                "--offline",
                "--json",
                "-");

        assertThat(emails(ran))
                .containsExactly("two\nlines@acme.io", "plain@acme.io", "\"quoted local\"@acme.io", "", "\u0000");
    }

    @Test
    void answersALineOfUnboundedLength() {
        var ran = run("a".repeat(5_000_000) + "@acme.io\nann@acme.io\n", "verify", "--offline", "-");

        assertThat(ran.lines()).hasSize(2);
        assertThat(ran.lines().get(0)).contains("invalid_syntax");
        assertThat(ran.lines().get(1)).startsWith("ann@acme.io").contains("offline");
    }

    @Test
    void neverWritesAControlCharacterToATerminal() {
        var ran = run("", "verify", "--offline", "\u001b[31mred@acme.io\u202e");

        assertThat(ran.out().strip().chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x202e);
    }

    @Test
    void explainsAReply() throws Exception {
        var ran = run("", "reply", "--json", "550 5.1.1 <x@acme.io>: Recipient address rejected: User unknown");

        var answer = JSON.readTree(ran.out());
        assertThat(answer.path("label").asText()).isEqualTo("mailbox_not_found");
        assertThat(answer.path("status").asText()).isEqualTo("invalid");
        assertThat(answer.path("reason").asText()).isEqualTo("mailbox_not_found");
    }

    @Test
    void takesARefusalOfUsForUnknown() throws Exception {
        var ran = run("", "reply", "--json", "550 5.7.1 Service unavailable; client host blocked using Spamhaus");

        assertThat(JSON.readTree(ran.out()).path("status").asText()).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo", "serve", "verify", "reply", "connect", "link", "key", "credits", "ledger", "backup", "restore",
                "hooks"
            })
    void showsAnExampleInTheHelpOfEachVerb(String verb) {
        var ran = run("", verb, "--help");

        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).containsPattern("Examples?:").contains("gatepost " + verb);
    }

    @Test
    void offersWhatAConnectorAsksForAsOptions() {
        var ran = run("", "connect", "hubspot", "--help");

        assertThat(ran.out())
                .contains("--client-secret-file")
                .contains("--token-file")
                .contains("--app-id");
    }

    @Test
    void takesNoSecretAsAnArgument() {
        assertThat(run("", "connect", "hubspot", "--token", "x").exit()).isEqualTo(2);
    }

    @Test
    void makesAMasterKeyThatOnlyItsOwnerReads() throws Exception {
        var file = data.resolve("new.key");

        assertThat(run("", "key", "create", "--master", file.toString()).exit()).isZero();

        assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ]");
        assertThat(run("", "key", "create", "--master", file.toString()).exit())
                .as("never over another one")
                .isEqualTo(3);
    }

    @Test
    void grantsCreditsWithoutAServer() throws Exception {
        var key = data.resolve("master.key");
        run("", "key", "create", "--master", key.toString());

        assertThat(run("", "credits", "grant", "250").exit()).isZero();
        assertThat(run("", "credits", "grant", "0").exit()).isEqualTo(2);
        assertThat(run("", "credits", "grant", "5", "--workspace", "nobody").exit())
                .isEqualTo(2);

        var balance = JSON.readTree(run("", "credits", "--json").out());
        assertThat(balance)
                .hasToString("{\"available\":250,\"reserved\":0,\"spent\":0,\"low_below\":100,\"low_since\":null,"
                        + "\"expiring\":[]}");
        assertThat(run("", "ledger", "verify").out()).startsWith("sound: 1 entries");
        assertThat(run("", "backup", data.resolve("copy.db").toString()).exit()).isZero();
        assertThat(data.resolve("copy.db")).isNotEmptyFile();
    }

    @Test
    @DisplayName("S9, C7: a restored database has its ledger checked, and what stood there is kept")
    void restoresABackup() throws Exception {
        run("", "key", "create", "--master", data.resolve("master.key").toString());
        run("", "credits", "grant", "250");
        var copy = data.resolve("copy.db");
        run("", "backup", copy.toString());
        run("", "credits", "grant", "5", "--expires", "2099-01-01");
        assertThat(run("", "credits").out()).contains("available 255").contains("5 of them expire at 2099-01-01");

        var restored = run("", "restore", copy.toString());

        assertThat(restored.exit()).isZero();
        assertThat(restored.out()).contains("ledger sound: 1 entries").contains("is kept at");
        assertThat(run("", "credits").out()).contains("available 250");
        assertThat(run("", "restore", data.resolve("nowhere.db").toString()).exit())
                .isEqualTo(3);
    }

    private static List<String> emails(Ran ran) throws Exception {
        var emails = new ArrayList<String>();
        for (var line : ran.lines()) {
            JsonNode answer = JSON.readTree(line);
            emails.add(answer.path("email").asText());
        }
        return emails;
    }

    private Ran run(String input, String... arguments) {
        environment.put("GATEPOST_DATA", data.toString());
        return new Shell(environment).runWith(input, arguments);
    }
}
