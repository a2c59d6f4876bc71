package dev.gatepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.cli.Shell.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workflows on the command line, on a store that no server holds. */
class WorkflowVerbsTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private Map<String, String> environment = Map.of();

    @BeforeEach
    void makeAMasterKey() {
        environment = Shell.store(folder);
    }

    @Test
    void exportsWhatImportTakes() throws IOException {
        assertThat(run("workflow", "list").out())
                .contains("standard", "newsletter-sign-up", "paying-users", "b2b-leads");

        var exported = run("workflow", "export", "b2b-leads");
        var file = folder.resolve("leads.json");
        Files.writeString(file, exported.out().replace("\"reject free\"", "\"no free ones\""));

        assertThat(run("workflow", "import", file.toString(), "--id", "b2b-leads")
                        .out()
                        .strip())
                .isEqualTo("b2b-leads is version 2 of \"B2B leads\"");
        assertThat(run("workflow", "show", "b2b-leads").out()).contains("version 2", "no free ones");
        assertThat(JSON.readTree(run("workflow", "import", file.toString(), "--json")
                                .out())
                        .path("version")
                        .asInt())
                .isEqualTo(1);
        assertThat(run("workflow", "simulate", file.toString()).out())
                .startsWith("0 verdicts, 0 would be decided otherwise");
    }

    @Test
    void refusesWhatIsNoWorkflowWithThePathOfTheMistake() throws IOException {
        var file = folder.resolve("wrong.json");
        Files.writeString(
                file,
                "{\"name\":\"W\",\"default\":\"accept\",\"rules\":[{\"name\":\"a\",\"when\":{\"score_below\":0},"
                        + "\"then\":\"flag\"}]}");

        var ran = run("workflow", "import", file.toString());

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err().strip()).isEqualTo("gatepost: wrong_workflow: rules[0].when.score_below: must be 1-100");
        assertThat(run("workflow", "import", folder.resolve("none.json").toString())
                        .err())
                .startsWith("gatepost: unreadable_file: ");
        assertThat(run("workflow", "show", "none").err()).startsWith("gatepost: no_such_workflow: ");
        assertThat(run("workflow", "use", "standard", "--connection", "none").err())
                .startsWith("gatepost: no_such_connection: ");
    }

    @Test
    void judgesAgain() {
        assertThat(run("rejudge").out().strip())
                .isEqualTo("0 verdicts judged again: 0 came out otherwise, 0 are decided otherwise");
        assertThat(run("rejudge", "--last", "0").exit()).isEqualTo(2);
    }

    private Ran run(String... arguments) {
        return new Shell(environment).run(arguments);
    }
}
