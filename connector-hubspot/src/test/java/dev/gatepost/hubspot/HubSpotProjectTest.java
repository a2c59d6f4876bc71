package dev.gatepost.hubspot;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.AppFolder;
import dev.gatepost.connector.CrmJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The project folder is read by HubSpot's own parser; what it must find stands in {@code src/test/node-project}. */
class HubSpotProjectTest {
    private static final Path SHIPPED = Path.of("hubspot-project").toAbsolutePath();
    private static final String URL = "https://verify.example.com";

    private final NodeFolder node = new NodeFolder(Path.of("src/test/node-project"));

    @TempDir
    Path folder;

    private static Map<String, String> files(String kind) {
        return HubSpotProject.files(new AppFolder.Order(kind, URL));
    }

    private Path written(String kind) throws IOException {
        for (var file : files(kind).entrySet()) {
            var path = folder.resolve(kind).resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return folder.resolve(kind);
    }

    @Test
    void isAProjectToHubSpotsOwnParser() throws Exception {
        node.install("node_modules/@hubspot/project-parsing-lib/package.json");
        var folders = CrmJson.object()
                .put("shipped", SHIPPED.toString())
                .put("static", written("static").toString())
                .put("oauth", written("oauth").toString());

        var output = node.run("project.test.mjs", Map.of("PROJECT_FOLDERS", folders.toString()), folder);

        assertThat(output).contains("pass 9", "fail 0", "skipped 0");
    }

    @Test
    void shipsTheStaticVariant() throws IOException {
        try (var paths = Files.walk(SHIPPED)) {
            var shipped = paths.filter(Files::isRegularFile)
                    .collect(toMap(path -> SHIPPED.relativize(path).toString().replace('\\', '/'), path -> {
                        try {
                            return Files.readString(path);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }));
            assertThat(shipped).isEqualTo(files("static"));
        }
    }

    @Test
    void asksForTheScopesItsConsentAsksFor() {
        assertThat(CrmJson.read(files("oauth")
                                .getOrDefault("src/app/app-hsmeta.json", "")
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .orElseThrow()
                        .path("config")
                        .path("auth")
                        .path("requiredScopes")
                        .valueStream()
                        .map(scope -> scope.asText()))
                .containsExactlyElementsOf(HubSpotOAuth.SCOPES);
    }

    @Test
    void locksItsPackagesWithoutNamingARegistry() throws IOException {
        assertThat(Files.readString(node.path().resolve("package-lock.json")))
                .contains("\"integrity\"")
                .doesNotContain("\"resolved\"");
    }
}
