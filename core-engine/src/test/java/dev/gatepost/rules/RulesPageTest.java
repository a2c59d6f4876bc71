package dev.gatepost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.verify.Trait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/rules.md says what the program does. */
class RulesPageTest {
    private static final Path PAGE = Path.of("../docs/rules.md");

    @Test
    void theExampleIsAWorkflowWithEveryKindOfCondition() throws IOException {
        var example = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(example.find()).isTrue();

        var reading = WorkflowJson.read(example.group(1));

        assertThat(reading).isInstanceOf(Reading.Good.class);
        var workflow = ((Reading.Good) reading).workflow();
        assertThat(workflow.rules()).hasSize(4);
        assertThat(Condition.class.getPermittedSubclasses())
                .allSatisfy(kind -> assertThat(workflow.toString()).contains(kind.getSimpleName() + "["));
    }

    @Test
    void namesEveryTraitAndEveryReadyMadeWorkflow() throws IOException {
        var page = Files.readString(PAGE);

        for (var trait : Trait.values()) {
            assertThat(page).contains("`" + trait.word() + "`");
        }
        for (var workflow : ReadyMade.all()) {
            assertThat(page).contains("| `" + workflow.id() + "` | " + workflow.name() + " |");
        }
    }

    @Test
    void saysTheBounds() throws IOException {
        assertThat(Files.readString(PAGE))
                .contains("at most %d rules, %,d conditions that stand at most %d deep in each other, %,d entries"
                        .formatted(
                                RuleLimits.RULES_MAX,
                                RuleLimits.CONDITIONS_MAX,
                                RuleLimits.DEPTH_MAX,
                                RuleLimits.LIST_ENTRIES_MAX));
    }
}
