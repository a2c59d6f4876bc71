package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatepost.connector.ConnectionOption;
import dev.gatepost.connector.ConnectionOption.Kind;
import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class ConnectionOptionsTest {
    private static final By SOMEBODY = By.COMMAND.in(Workspaces.MAIN);

    private final PipelineWorld world;

    ConnectionOptionsTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Map<String, String> values() {
        return world.options().values(world.connection());
    }

    private void refuses(Map<String, String> values, String why) {
        assertThatThrownBy(() -> world.options().replace(SOMEBODY, world.connection(), values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
        assertThat(world.connection().account().options()).isEmpty();
    }

    @Test
    void haveUsualValuesUntilSomebodyChooses() {
        assertThat(values())
                .containsExactly(
                        Map.entry("reverify_after_days", "0"),
                        Map.entry("reverify_per_day", "1000"),
                        Map.entry("intake_per_second", "20000"),
                        Map.entry("reconcile_every_minutes", "5"),
                        Map.entry("tone", "calm"));
    }

    @Test
    void areKeptForTheConnectionAndWrittenDown() {
        world.choose(Map.of("reverify_after_days", "090", "tone", "loud"));
        assertThat(values()).containsEntry("reverify_after_days", "90").containsEntry("tone", "loud");

        world.options().change(SOMEBODY, world.connection(), Map.of("tone", "", "reverify_per_day", "7"));
        assertThat(values())
                .containsEntry("reverify_after_days", "90")
                .containsEntry("reverify_per_day", "7")
                .containsEntry("tone", "calm");

        world.choose(Map.of());
        assertThat(world.connection().account().options()).isEmpty();
        assertThat(world.query("select detail from audit where action = 'connection_changed' order by id"))
                .containsExactly(
                        "reverify_after_days 90, tone loud",
                        "reverify_per_day 7, tone usual",
                        "reverify_after_days usual, reverify_per_day usual");
    }

    @Test
    void giveTheConnectionANewConnector() {
        world.checkup();
        assertThat(world.crm.tone).isEqualTo("calm");

        world.choose(Map.of("tone", "loud"));

        world.checkup();
        assertThat(world.crm.tone).isEqualTo("loud");
    }

    @Test
    void refuseWhatTheyCannotBeNamingTheOptionAndTheMend() {
        refuses(
                Map.of("reverify_after_days", "3651"),
                "reverify_after_days must be a whole number from 0 to 3650, not \"3651\"");
        refuses(
                Map.of("reverify_per_day", "-1"),
                "reverify_per_day must be a whole number from 1 to 1000000, not \"-1\"");
        refuses(Map.of("tone", "shrill"), "tone must be one of calm, loud, not \"shrill\"");
        refuses(
                Map.of("reverify_after_day", "90", "tone", "loud"),
                "there is no option reverify_after_day; choose of reverify_after_days, reverify_per_day,"
                        + " intake_per_second, reconcile_every_minutes, tone");
    }

    @Test
    void areNobodyElsesToChoose() {
        assertThat(world.options().replace(By.COMMAND.in("other"), world.connection(), Map.of("tone", "loud")))
                .isFalse();
        assertThat(values()).containsEntry("tone", "calm");
    }

    @Test
    void haveTheUsualValueWhereALaterVersionKnowsNarrowerBounds() {
        world.choose(Map.of("reverify_per_day", "7"));
        world.execute("update connection_option set value = 'many'");
        world.execute("update change set version = version + 1");

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(values()).containsEntry("reverify_per_day", "1000"));
    }

    @Test
    void knowTheirValuesByKind() {
        var flag = new ConnectionOption("bulk", "Bulk", "Help.", new Kind.Flag(false));
        var text = new ConnectionOption("prefix", "Prefix", "Help.", new Kind.Text(3, ""));

        assertThat(flag.checked("true")).isEqualTo("true");
        assertThatThrownBy(() -> flag.checked("yes")).hasMessage("bulk must be true or false, not \"yes\"");
        assertThat(text.checked("abc")).isEqualTo("abc");
        assertThatThrownBy(() -> text.checked("abcd"))
                .hasMessage("prefix must be a text of at most 3 characters, all of them printable, not \"abcd\"");
        assertThatThrownBy(() -> new ConnectionOption("Bulk", "", "", new Kind.Flag(true)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ConnectionOption("tone", "", "", new Kind.Word(List.of("a"), "b")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
