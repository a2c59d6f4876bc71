package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.http.Fault;
import dev.gatepost.intake.TestAddresses;
import dev.gatepost.workspace.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** {@code docs/api.md} says what the code does. */
class ApiPageTest {

    private static final Path PAGE = Path.of("..", "docs", "api.md");

    @Test
    void listsEveryProblemWithItsStatusAndItsMend() throws Exception {
        var expected = Arrays.stream(Fault.values())
                .map(fault -> "| `" + fault.code() + "` | " + fault.status() + " | " + fault.title() + " | "
                        + fault.mend() + " |")
                .toList();

        assertThat(Files.readAllLines(PAGE))
                .filteredOn(line -> line.matches("\\| `\\w+` \\| \\d{3} \\|.*"))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void listsEveryTestAddress() throws Exception {
        var page = Files.readString(PAGE);
        var rows = page.lines().filter(line -> line.startsWith("| `") && line.contains("@" + TestAddresses.DOMAIN));

        assertThat(rows.map(line -> line.replaceAll("^\\| `([^@]+)@.*", "$1")))
                .containsExactlyElementsOf(TestAddresses.words());
    }

    @Test
    void namesEveryScope() throws Exception {
        assertThat(Files.readString(PAGE))
                .contains(Arrays.stream(Scope.values())
                        .map(scope -> "| `" + scope.word() + "` |")
                        .toList());
    }
}
