package dev.gatepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.cli.Shell.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code gatepost lists} and what stands below it. */
class ListsCommandTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-12-01T10:00:00Z"));

    @TempDir
    private Path data;

    private final Map<String, String> environment = new HashMap<>();

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = ';', textBlock = """
            lists                            ; 0 ; ''
            lists --json                     ; 0 ; ''
            lists refresh                    ; 2 ; GATEPOST_LISTS_SOURCES names no source for any list
            lists refresh nonsense           ; 2 ; there is no list nonsense; there are: disposable, free
            lists refresh free               ; 2 ; GATEPOST_LISTS_SOURCES names no source for free
            lists allow                      ; 2 ; Missing required subcommand
            lists allow add                  ; 2 ; ENTRY
            lists allow add nonsense         ; 2 ; "nonsense" is no domain or address
            lists optout add joe@firm.com    ; 2 ; is an address
            lists block remove firm.com      ; 1 ; ''
            lists block show                 ; 0 ; ''
            """)
    void endsWith(String line, int exit, String error) {
        var ran = run(line.split(" ", -1));
        assertThat(ran.exit()).as(ran.err()).isEqualTo(exit);
        assertThat(ran.err()).contains(error);
    }

    @Test
    void whatIsAddedCountsAtOnce() {
        assertThat(run("verify", "--offline", "joe@firm.com").exit()).isZero();

        assertThat(run("lists", "block", "add", "Firm.com", "ann@other.com").out())
                .isEqualTo("added: firm.com\nadded: ann@other.com\n");

        assertThat(run("verify", "--offline", "joe@firm.com").out()).contains("disposable");
        assertThat(run("lists", "block", "add", "firm.com").out()).isEqualTo("there already: firm.com\n");
        assertThat(run("lists", "block", "show").out()).isEqualTo("ann@other.com\nfirm.com\n");
        assertThat(run("lists", "allow", "add", "--json", "firm.com").out())
                .isEqualTo("{\"list\":\"allow\",\"entry\":\"firm.com\",\"done\":\"added\"}\n");
        assertThat(run("verify", "--offline", "joe@firm.com").out()).doesNotContain("disposable");
        assertThat(run("lists", "block", "remove", "firm.com").out()).isEqualTo("removed: firm.com\n");
        assertThat(run("lists", "block", "show", "--json").out())
                .isEqualTo("{\"list\":\"block\",\"entry\":\"ann@other.com\"}\n");
    }

    @Test
    void aWrongLineIsNamedAndNothingIsVerifiedWithHalfAList() throws Exception {
        Files.createDirectories(data.resolve("lists"));
        Files.writeString(data.resolve("lists/allow.txt"), "firm.com\nno domain\n");

        for (var line : new String[] {"verify --offline joe@firm.com", "lists", "lists allow show", "doctor"}) {
            var ran = run(line.split(" ", -1));
            assertThat(ran.exit()).isEqualTo(2);
            assertThat(ran.err())
                    .startsWith("gatepost: wrong_configuration: ")
                    .contains("allow.txt: line 2: \"no domain\"");
        }
    }

    @Test
    void aMistakeInTheProviderTableIsNamedWithLineAndColumn() throws Exception {
        Files.writeString(
                data.resolve("providers.csv"), "mx.firm.com ; Firm ; firm ; high ; low ; no ; many ; 60 ; 900\n");

        var ran = run("lists");

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err())
                .contains(
                        "providers.csv: line 1, column 7 (most recipients in a session): a whole number from 1 expected,"
                                + " not \"many\"");
    }

    @Test
    void namesAllThatIsWrongWithTheSources() {
        environment.put(
                "GATEPOST_LISTS_SOURCES",
                "bogus=/a.txt, free=http://lists.example.net/a.txt, role=https://10.0.0.1/r.txt, edu=/a, edu=/b, relay");
        environment.put("GATEPOST_LISTS_REFRESH", "daily");

        assertThat(run("lists").err())
                .contains("bogus=/a.txt must be a list's name, = and a URL or file; the lists are disposable, free")
                .contains("http://lists.example.net/a.txt: The URL must begin with https://.")
                .contains("https://10.0.0.1/r.txt: The URL must name its host, not give an address.")
                .contains("names two sources for edu")
                .contains("relay must be a list's name")
                .contains("GATEPOST_LISTS_REFRESH must be a duration such as 24h, or off; it is daily");
    }

    @Test
    void refreshesFromAFileNowAndShowsWhatCameOfIt() throws Exception {
        var source = data.resolve("all.txt");
        Files.writeString(
                source,
                IntStream.range(0, 9_000).mapToObj(i -> "throw-" + i + ".com\n").collect(Collectors.joining()));
        environment.put("GATEPOST_LISTS_SOURCES", "disposable=" + source);

        assertThat(run("lists", "refresh").out())
                .isEqualTo("disposable    taken    9000 entries from " + source + ", 9000 new, 8881 gone\n");
        assertThat(run("verify", "--offline", "joe@throw-7.com").out()).contains("disposable");

        Files.writeString(source, "");
        var refused = run("lists", "refresh", "disposable", "--json");
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(JSON.readTree(refused.out()).path("result").asText()).isEqualTo("refused");
        assertThat(run("verify", "--offline", "joe@throw-7.com").out()).contains("disposable");

        var text = run("lists").out();
        assertThat(text)
                .containsPattern(
                        "disposable +9,000 +2026-12-01 +0 d +1 +2026-12-01T10:00:00Z refused: .*it holds no entry")
                .contains("    " + source + "; licence: not stated by the source\n")
                .containsPattern("free +4,147 +2026-09-23 +69 d +2 +-\n")
                .contains("0 of them your own; shipped version 2026-");
        var json = JSON.readTree(run("lists", "--json").out());
        assertThat(json.path("lists").get(0).path("last_refresh").path("result").asText())
                .isEqualTo("refused");
        assertThat(json.path("lists").findValuesAsText("list"))
                .containsExactly(
                        "disposable",
                        "free",
                        "relay",
                        "role",
                        "edu",
                        "disposable-mx",
                        "squats",
                        "real-domains",
                        "popular",
                        "tld-slips",
                        "allow",
                        "block",
                        "optout");
    }

    private Ran run(String... arguments) {
        environment.put("GATEPOST_DATA", data.toString());
        return new Shell(environment, CLOCK).run(arguments);
    }
}
