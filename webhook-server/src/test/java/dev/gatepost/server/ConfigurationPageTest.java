package dev.gatepost.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds docs/configuration.md to the code: the table is just what the settings say. */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");

    @Test
    void listsEverySettingWithDefaultUnitAndMeaning() throws IOException {
        var table =
                Arrays.stream(Setting.values()).map(ConfigurationPageTest::row).collect(Collectors.joining("\n"));

        assertThat(Files.readString(PAGE)).contains(table);
    }

    private static String row(Setting setting) {
        var key = "`" + setting.key() + "`"
                + (setting.kind() == Setting.Kind.SECRET ? ", `" + setting.key() + "_FILE`" : "");
        var value = setting.defaultValue().isEmpty() ? "" : "`" + setting.defaultValue() + "`";
        return "| " + key + " | " + value + " | " + setting.unit() + " | " + setting.meaning() + " |";
    }
}
