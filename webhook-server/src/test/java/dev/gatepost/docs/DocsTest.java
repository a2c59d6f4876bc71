package dev.gatepost.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.api.ApiWorld;
import dev.gatepost.api.OpenApi;
import dev.gatepost.http.Fault;
import dev.gatepost.intake.TestAddresses;
import dev.gatepost.rules.WorkflowJson;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DocsTest {

    private static final Pattern TAG = Pattern.compile("<[^>]+>");
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]+)\"");
    private static final Pattern LINK = Pattern.compile(" href=\"#([^\"]+)\"");

    private static ApiWorld world;
    private static String page;

    @BeforeAll
    static void start() throws Exception {
        world = new ApiWorld();
        page = get("/docs").body();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + world.product.port() + path));
        for (var i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    private static List<String> all(Pattern pattern) {
        return pattern.matcher(page).results().map(match -> match.group(1)).toList();
    }

    @Test
    void showsEveryRouteWithWhoMayCallIt() {
        var shown = TAG.matcher(page).replaceAll("");
        for (var route : world.routes) {
            assertThat(shown).contains(route.method() + " " + route.path() + "\n");
            assertThat(shown).contains("For " + Who.mayCall(route.permit()) + ".");
        }
    }

    @Test
    void anchorsEveryProblemWhereItsTypePoints() {
        for (var fault : Fault.values()) {
            assertThat(page).contains("<tr role=\"row\" id=\"" + fault.code() + "\">");
        }
        assertThat(TAG.matcher(page).replaceAll("").replace("&#39;", "'"))
                .contains(Arrays.stream(Fault.values()).map(Fault::mend).toList());
    }

    @Test
    void leadsNowhereThatIsNotOnThePage() {
        var ids = all(ID);

        assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
        assertThat(ids).containsAll(all(LINK));
    }

    @Test
    void listsEveryTestAddressWithWhatItIsAnsweredWith() {
        var client = world.with(Workspaces.MAIN, KeyKind.TEST, Scope.VERIFY);
        for (var word : TestAddresses.words()) {
            assertThat(page).contains("<code>" + word + "@" + TestAddresses.DOMAIN + "</code>");
        }
        for (var word : List.of("accepted", "role", "mailbox_full")) {
            var answer = client.post("/v1/verify", "{\"email\":\"" + word + "@gatepost.test\"}")
                    .body();
            assertThat(page)
                    .contains("<code>" + word + "@gatepost.test</code></td><td role=\"cell\" data-label=\"Status\">"
                            + answer.path("status").asText()
                            + "</td><td role=\"cell\" data-label=\"Label\">"
                            + answer.path("label").asText()
                            + "</td><td role=\"cell\" data-label=\"Reason\"><code>"
                            + answer.path("reason").asText());
        }
    }

    @Test
    @DisplayName("X7: needs no script of its own, no style in the page, and nothing from elsewhere")
    void keepsToTheContentPolicy() {
        assertThat(page)
                .doesNotContain(" style=")
                .doesNotContain("javascript:")
                .doesNotContain("hx-on")
                .doesNotContainPattern(" on[a-z]+=")
                .doesNotContainPattern("(src|href)=\"https?:");
    }

    @Test
    void saysBoundsAndDefaults() {
        assertThat(TAG.matcher(page).replaceAll(""))
                .contains("1 to 60000; default 20000")
                .contains("1 to 1000 characters")
                .contains("at most 50 entries");
    }

    @Test
    void keepsTheChosenTheme() throws Exception {
        assertThat(get("/docs", "Cookie", "theme=dark").body()).contains("data-theme=\"dark\"");
        assertThat(get("/docs", "Cookie", "theme=\"><b>").body()).doesNotContain("data-theme=\"");
        assertThat(get("/docs", "Accept-Encoding", "gzip").headers().firstValue("Content-Encoding"))
                .contains("gzip");
    }

    @Test
    void givesTheSchemaOfWorkflows() throws Exception {
        var answer = get("/v1/workflows.schema.json");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/schema+json");
        assertThat(new JsonMapper().readTree(answer.body()))
                .isEqualTo(new JsonMapper().readTree(WorkflowJson.schema()));
        assertThat(page).contains("href=\"/v1/workflows.schema.json\"").contains("href=\"/v1/openapi.yaml\"");
    }

    @Test
    void servesAScriptOf2KilobytesAtMost() throws Exception {
        var answer = get("/gatepost.js");

        assertThat(answer.body().getBytes(UTF_8).length).isBetween(1000, PageScript.OCTETS_MAX);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/javascript; charset=utf-8");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("public, max-age=3600");
        assertThat(answer.body())
                .doesNotContain("style")
                .doesNotContain("innerHTML")
                .doesNotContain("eval");
    }

    /** What a shell makes of each command is understood by the route it is for. */
    @Test
    void showsCommandsThatWork() throws Exception {
        var guide = GuideReader.read(new OpenApi().text(), world.routes);
        var failed = new ArrayList<String>();
        for (var chapter : guide.chapters()) {
            for (var operation : chapter.operations()) {
                if (operation.curl().contains("@FILE")) {
                    continue;
                }
                var answer = run(operation.curl().replaceFirst("curl -s", "curl -s -w '\\\\n%{http_code}'"));
                if (!STATUS.matcher(answer).find()
                        || MISUSED.stream().anyMatch(code -> answer.contains("\"code\":\"" + code + "\""))) {
                    failed.add(operation.curl() + "\n" + answer);
                }
            }
        }
        assertThat(failed).isEmpty();
    }

    private static final Pattern STATUS = Pattern.compile("\\n[234]\\d\\d$");

    private static final Set<String> MISUSED = Set.of(
            "bad_request",
            "malformed_json",
            "unsupported_media_type",
            "method_not_allowed",
            "unknown_field",
            "missing_field",
            "other_site");

    private static String run(String command) throws Exception {
        var builder = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
        var environment = builder.environment();
        environment.put("GATEPOST", "http://127.0.0.1:" + world.product.port());
        environment.put("KEY", world.key(Workspaces.MAIN, KeyKind.TEST, Scope.values()));
        for (var name : List.of("ID", "SESSION", "TOKEN", "DELIVERY")) {
            environment.put(name, "00000000000000000000000000");
        }
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
        return out;
    }
}
