package dev.gatepost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Reads the import lines: each package may import only those above it, so that arrows never turn back. */
class ImportOrderTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/gatepost");

    private static final List<String> FROM_TOP_TO_BOTTOM = List.of(
            "address",
            "lists",
            "egress",
            "dns",
            "smtp",
            "verify",
            "rules",
            "connector",
            "store",
            "workspace",
            "ledger",
            "hook",
            "intake",
            "batch",
            "sandbox");

    private static final Pattern OWN = Pattern.compile("\\bdev\\.gatepost\\.([a-z]+)\\.");

    /** The sandbox is a world beside the product: it may use anything, and nothing may use it. */
    @TestFactory
    Stream<DynamicTest> importsOnlyWhatStandsAboveIt() {
        return sources()
                .map(source ->
                        DynamicTest.dynamicTest(SOURCES.relativize(source).toString(), () -> {
                            var own = FROM_TOP_TO_BOTTOM.indexOf(
                                    SOURCES.relativize(source).getName(0).toString());
                            assertThat(own).as("a package the order knows").isNotNegative();
                            OWN.matcher(Files.readString(source))
                                    .results()
                                    .map(match -> match.group(1))
                                    .forEach(used -> assertThat(FROM_TOP_TO_BOTTOM.indexOf(used))
                                            .as("%s uses %s", FROM_TOP_TO_BOTTOM.get(own), used)
                                            .isBetween(0, own));
                        }));
    }

    @Test
    void everyPackageSaysInOneSentenceWhatItHolds() {
        sources()
                .map(source -> source.resolveSibling("package-info.java"))
                .distinct()
                .forEach(info -> assertThat(info).content().startsWith("/** ").contains("@NullMarked"));
    }

    private static Stream<Path> sources() {
        try (var walk = Files.walk(SOURCES)) {
            return walk.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
