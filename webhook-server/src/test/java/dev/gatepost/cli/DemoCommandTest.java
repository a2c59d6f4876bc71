package dev.gatepost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoCommandTest {

    @Test
    void bringsEveryContactBackAsExpected() throws Exception {
        var out = new ByteArrayOutputStream();
        var terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, false, UTF_8),
                System.err,
                Map.of("GATEPOST_PORT", "0"),
                Terminal.Audience.PROGRAM);

        var exit = new Cli(terminal, InstantSource.system(), new SecureRandom()).run("demo", "--exit", "--json");

        var labels = new HashSet<String>();
        var lines = out.toString(UTF_8).lines().toList();
        for (var line : lines.subList(0, lines.size() - 1)) {
            var row = new JsonMapper().readTree(line);
            assertThat(row.path("as_expected").asBoolean()).as(line).isTrue();
            labels.add(row.path("label").asText());
        }
        assertThat(labels)
                .containsExactlyInAnyOrder("valid", "risky", "disposable", "free", "role", "invalid", "unknown");
        assertThat(new JsonMapper()
                        .readTree(lines.getLast())
                        .path("ledger_sound")
                        .asBoolean())
                .isTrue();
        assertThat(exit).isZero();
    }
}
