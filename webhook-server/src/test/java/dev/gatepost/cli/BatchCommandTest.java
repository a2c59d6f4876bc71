package dev.gatepost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.cli.Shell.Ran;
import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import dev.gatepost.server.SandboxSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list on the command line, with mail hosts on loopback, beside a server and without one. */
class BatchCommandTest {

    private static final String JANE = "jane.miller@works.sandbox-mail.com";
    private static final String NOBODY = "nobody@no-such.sandbox-mail.com";

    @TempDir
    Path folder;

    private final MailWorld mail = MailWorld.start();
    private final SandboxNameServer names = SandboxNameServer.start(mail.zone());
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream served = new ByteArrayOutputStream();
    private Thread server = new Thread();
    private Path list = Path.of("");
    private Path result = Path.of("");

    @BeforeEach
    void configure() throws IOException {
        environment.putAll(SandboxSettings.of(folder, mail, names));
        environment.putAll(Shell.store(folder));
        list = Files.writeString(folder.resolve("leads.csv"), "Name,Email\nJane," + JANE + "\nNobody," + NOBODY + "\n");
        result = folder.resolve("checked.csv");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (server.isAlive()) {
            server.interrupt();
            server.join(Duration.ofSeconds(30));
        }
        names.close();
        mail.close();
    }

    @Test
    void verifiesAFileWithoutAServer() throws IOException {
        run("credits", "grant", "10");

        var ran = batch();

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).contains("2 rows, 2 addresses: valid 1, invalid 1; 2 credits");
        assertThat(rows().get(1)).startsWith("Jane," + JANE + ",").contains(",valid,");
        assertThat(rows().get(2)).startsWith("Nobody," + NOBODY + ",").contains(",invalid,");
        assertThat(run("credits").out()).contains("available 8").contains("spent     2");
        assertThat(folder.resolve("checked.csv.part")).doesNotExist();
    }

    @Test
    void writesAWorkbookAndReadsItAgain() throws IOException {
        run("credits", "grant", "10");
        Files.writeString(list, "Name,Email\n=cmd()," + JANE + "\n");
        var workbook = folder.resolve("checked.XLSX");

        assertThat(run("batch", list.toString(), workbook.toString()).exit()).isZero();
        var again = run("batch", "--column", "Email", workbook.toString(), result.toString());

        assertThat(again.err()).isEmpty();
        assertThat(again.exit()).isZero();
        assertThat(Files.readAllBytes(workbook)).startsWith('P', 'K');
        assertThat(rows().get(1)).startsWith("'=cmd()," + JANE + ",").contains(",valid,");
        assertThat(run("batch", list.toString(), folder.resolve("checked.JSON").toString())
                        .err())
                .startsWith("gatepost: wrong_file: OUT is written as .csv, .xlsx or .ndjson");
    }

    @Test
    void goesOnWhereItStoppedForLackOfCredits() throws IOException {
        run("credits", "grant", "1");

        var stopped = batch();
        assertThat(stopped.exit()).isEqualTo(1);
        assertThat(stopped.err())
                .startsWith("gatepost: insufficient_credits: ")
                .contains("wait for credits; grant some");
        assertThat(result).doesNotExist();
        var marker = Files.readString(folder.resolve("checked.csv.part"));
        run("credits", "grant", "5");
        assertThat(batch().exit()).isZero();

        assertThat(rows()).hasSize(4);
        assertThat(run("credits").out()).contains("spent     2");
        assertThat(marker).contains("\"batch\":");
        assertThat(run("ledger", "verify").exit()).isZero();
    }

    @Test
    void goesThroughTheServerThatHoldsTheStore() throws IOException {
        var shell = new Shell(environment);
        server = Thread.ofVirtual().start(() -> shell.runInto(served, "serve", "--json"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> served.toString(UTF_8).contains("\"url\""));
        run("credits", "grant", "10");

        var ran = run(
                "batch",
                "--json",
                "--column",
                "2",
                list.toString(),
                folder.resolve("checked.ndjson").toString());

        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("\"state\":\"finished\"").contains("\"name\":\"leads.csv\"");
        assertThat(Files.readString(folder.resolve("checked.ndjson")))
                .startsWith("{\"Name\":\"Jane\",\"Email\":\"" + JANE + "\",");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        run("credits", "grant", "10");
        Files.writeString(list, "a,b\n1,2\n");

        assertThat(batch().err())
                .startsWith("gatepost: unusable_list: No column of the list is called email; say --column");
        assertThat(batch().exit()).isEqualTo(2);
        assertThat(run("batch", "nowhere.csv", result.toString()).err()).startsWith("gatepost: no_such_file");
        assertThat(run("batch", list.toString(), list.toString()).err()).startsWith("gatepost: wrong_file");
        assertThat(run("batch", "--workspace", "none", list.toString(), result.toString())
                        .err())
                .startsWith("gatepost: no_such_workspace");
    }

    private Ran batch() {
        return run("batch", list.toString(), result.toString());
    }

    private List<String> rows() throws IOException {
        return List.of(Files.readString(result).split("\r\n", -1));
    }

    private Ran run(String... arguments) {
        return new Shell(environment).run(arguments);
    }
}
