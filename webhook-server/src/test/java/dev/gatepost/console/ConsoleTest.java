package dev.gatepost.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.http.HttpServer;
import dev.gatepost.http.SessionCookie;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private volatile Instant time = NOON;
    private final InstantSource clock = () -> time;
    private volatile ContactsView view = view(List.of(), 100);
    private final Feed feed = new Feed(() -> view);
    private @Nullable Town town;
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable HttpServer server;
    private int port;

    @AfterEach
    void stop() {
        feed.close();
        if (server != null) {
            server.close();
        }
        if (town != null) {
            town.close();
        }
    }

    @Test
    void saysWhatToDoWhileThereIsNoContact() throws Exception {
        open();

        assertThat(get("/").body()).contains("No contact yet").contains("gatepost credits grant");
    }

    @Test
    void showsAContactWithEverythingAboutIt() throws Exception {
        view = view(List.of(row("ann@acme.io")), 99);
        open();

        assertThat(get("/").body())
                .contains("<bdi>ann<wbr>@acme.io</bdi>")
                .contains("mailbox not found")
                .contains("The mail host says there is no such mailbox.")
                .contains("reject invalid")
                .contains(">99<")
                .contains("datetime=\"2026-11-23T12:00:00Z\"")
                .contains("<h1>Contacts as they come in</h1>")
                .contains("sandbox");
    }

    @Test
    void saysThatCreditsAreLowOrGoneWhereScreenReadersHearIt() throws Exception {
        view = new ContactsView(new Tiles(40, 0, 0, 0, 100, new Tiles.LedgerState.NotChecked()), List.of());
        open();
        assertThat(get("/").body())
                .containsPattern("(?s)<div role=\"status\" aria-label=\"Credits\"[^>]*>\\s*<p class=\"banner warn\">")
                .contains("Fewer than 100 are available");

        view = view(List.of(), 0);
        assertThat(get("/").body()).contains("banner bad").contains("There are no credits left.");

        view = view(List.of(), 5);
        assertThat(get("/").body()).doesNotContain("banner").contains("role=\"status\"");
    }

    @Test
    void saysAboveEverythingElseWhatWaitsForAPerson() throws Exception {
        var calm = view(List.of(row("ann@acme.io")), 99);
        view = new ContactsView(
                List.of(new Notice(
                        "Shop <1> does not let Gatepost in any more: 401.", "gatepost connect hubspot --help")),
                calm.tiles(),
                calm.rows());
        open();

        assertThat(get("/").body())
                .containsSubsequence(
                        "Shop &lt;1&gt; does not let Gatepost in any more: 401.",
                        "<code>gatepost connect hubspot --help</code>",
                        "Credits available");
    }

    @Test
    void tellsOpenPagesOnceWhenCreditsBecomeLowAndNotAtEachOneSpent() throws Exception {
        open();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(UTF_8));
            assertThat(List.of(nextEvent(lines), nextEvent(lines), nextEvent(lines), nextEvent(lines)))
                    .containsExactly("notices", "tiles", "alarms", "rows");

            view = new ContactsView(new Tiles(99, 0, 0, 0, 100, new Tiles.LedgerState.NotChecked()), List.of());
            assertThat(List.of(nextEvent(lines), nextEvent(lines))).containsExactly("tiles", "alarms");
            view = new ContactsView(new Tiles(98, 0, 1, 0, 100, new Tiles.LedgerState.NotChecked()), List.of());
            assertThat(nextEvent(lines)).isEqualTo("tiles");
            view = new ContactsView(
                    new Tiles(98, 0, 1, 0, 100, new Tiles.LedgerState.NotChecked()), List.of(row("x@acme.io")));
            assertThat(nextEvent(lines)).isEqualTo("rows");
        }
    }

    @Test
    void escapesWhateverAnAddressHolds() throws Exception {
        view = view(List.of(row("\"<img src=x onerror=alert(1)>\"@acme.io" + "x".repeat(400))), 1);
        open();

        assertThat(get("/").body())
                .contains("&lt;img src=x onerror=alert(1)&gt;")
                .contains("…")
                .doesNotContain("<img");
    }

    @Test
    void showsDirectionMarksInsteadOfObeyingThem() throws Exception {
        view = view(List.of(row("\u202egnp.exe@acme.io")), 1);
        open();

        assertThat(get("/").body()).contains("\ufffdgnp.exe<wbr>@acme.io").doesNotContain("\u202e");
    }

    @Test
    @DisplayName("console 11.8: no style attribute, handler, javascript: or foreign asset in any page")
    void keepsToTheContentPolicyByConstruction() throws Exception {
        view = view(List.of(row("ann@acme.io")), 99);
        open();

        assertThat(get("/").body()).doesNotContainPattern("(?i) style=| on[a-z]+=|hx-on|javascript:|(src|href)=\"http");
    }

    @Test
    void refusesAHostThatIsNotLoopback() throws Exception {
        open();

        assertThat(raw("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")).startsWith("HTTP/1.1 421");
        assertThat(raw("GET /live HTTP/1.1\r\nHost: evil.example\r\n\r\n")).startsWith("HTTP/1.1 421");
        assertThat(raw("GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void servesAssetsCompressedUnderAPathThatMayBeKeptForEver() throws Exception {
        open();
        var page = get("/").body();
        var path = page.substring(page.indexOf("/assets/"), page.indexOf("/app.js") + "/app.js".length());
        path = path.substring(path.lastIndexOf("/assets/"));

        var response = client.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Accept-Encoding", "gzip")
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(response.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
        assertThat(get("/assets/x/none.js").statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("console 10: the first page weighs at most 100 KB")
    void keepsTheFirstPageLight() throws Exception {
        open();
        var page = get("/").body();
        var octets = page.getBytes(UTF_8).length;
        for (var file : List.of("pico.css", "gatepost.css", "htmx.js", "sse.js", "app.js", "forms.js", "icon.svg")) {
            octets += new Assets().find(file).orElseThrow().gzip().length;
        }

        assertThat(octets).isLessThan(100_000);
    }

    @Test
    void sendsTheWholeStateFirstAndThenWhatChanged() throws Exception {
        open();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(UTF_8));

            assertThat(nextEvent(lines)).isEqualTo("notices");
            assertThat(nextEvent(lines)).isEqualTo("tiles");
            assertThat(nextEvent(lines)).isEqualTo("alarms");
            assertThat(nextEvent(lines)).isEqualTo("rows");
            view = view(List.of(row("new@acme.io")), 100);
            assertThat(nextEvent(lines)).as("the tiles did not change").isEqualTo("rows");
            assertThat(lines.lines().takeWhile(line -> !line.isEmpty()))
                    .anyMatch(line -> line.contains("new<wbr>@acme.io"));
        }
    }

    @Test
    void looksAtTheStoreOnlyWhileAPageIsOpen() {
        var looks = new AtomicInteger();
        var watched = new Feed(() -> {
            looks.incrementAndGet();
            return view;
        });
        assertThat(watched.enter()).isTrue();
        await().until(() -> looks.get() >= 2);
        watched.leave();
        var settled = new AtomicInteger(-1);
        await().pollInterval(Duration.ofSeconds(1)).until(() -> settled.getAndSet(looks.get()) == looks.get());
        assertThat(watched.enter()).isTrue();
        var before = looks.get();
        await().until(() -> looks.get() > before);
        watched.close();
        assertThat(watched.enter()).as("no new page while stopping").isFalse();
    }

    @Test
    void sendsStrangersToTheSignIn() throws Exception {
        guarded();

        assertThat(get("/").headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/sign-in"));
        assertThat(get("/live").statusCode()).isEqualTo(302);
        assertThat(get("/sign-in").body()).contains("gatepost link").doesNotContain("<nav");
    }

    @Test
    void letsInWhoHasASessionAndShowsWhoTheyAre() throws Exception {
        var owner = guarded().owner();
        var token = guarded().sessions().begin(owner, Town.HERE).orElseThrow();

        var page = with(token, "/").body();

        assertThat(page)
                .contains("Contacts as they come in")
                .contains("<bdi>Ann</bdi> <small>owner</small>")
                .contains("<meta name=\"csrf-token\" content=\"" + SessionCookie.csrf(token) + "\">")
                .contains("Sign out");
        assertThat(with(token, "/sign-in").statusCode())
                .as("nothing to sign in for")
                .isEqualTo(302);
        assertThat(get("/sign-in").body()).contains("autocomplete=\"current-password\"");
    }

    @Test
    @DisplayName("X1: opening the link shows the page as often as one likes; a used or wrong one says what to do")
    void showsTheFormBehindALink() throws Exception {
        var path = "/welcome?token=" + guarded().link();

        assertThat(get(path).body()).contains("Become owner").contains("autocomplete=\"new-password\"");
        assertThat(get(path).statusCode()).isEqualTo(200);
        guarded().owner();
        assertThat(get(path).statusCode()).isEqualTo(403);
        assertThat(get(path).body()).contains("used up").contains("gatepost link");
        assertThat(get("/welcome").statusCode()).isEqualTo(403);
    }

    @Test
    @DisplayName("console 8: over plain http from another machine the sign-in says why it cannot work")
    void explainsPlainHttp() throws Exception {
        guarded();

        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET /sign-in HTTP/1.1\r\nHost: 192.168.1.5:8080\r\nConnection: close\r\n\r\n"
                            .getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .contains("plain http")
                    .contains("ssh -L");
        }
    }

    @Test
    @DisplayName("console 11.8: nor in any page for strangers")
    void keepsToTheContentPolicyForStrangersToo() throws Exception {
        var link = guarded().link();
        var forbidden = "(?i) style=| on[a-z]+=|hx-on|javascript:|(src|href)=\"http";
        assertThat(get("/welcome?token=" + link).body()).doesNotContainPattern(forbidden);
        guarded().owner();
        assertThat(get("/sign-in").body()).doesNotContainPattern(forbidden);
    }

    private void open() {
        start(new Access.OpenOnLoopback());
    }

    private Town guarded() {
        if (town == null) {
            town = new Town(clock);
            start(town.access());
        }
        return town;
    }

    private void start(Access access) {
        var started = new HttpServer(
                new HttpServer.Bind("127.0.0.1", 0, false),
                List.of(new ConsoleRoutes(access, feed, new ConsoleRoutes.About("1.2.3", "sandbox", false))));
        port = started.start();
        server = started;
    }

    private static String nextEvent(BufferedReader lines) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("event: ")) {
                return line.substring("event: ".length());
            }
        }
        throw new AssertionError("the stream ended");
    }

    private String raw(String request) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readNBytes(12), UTF_8);
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> with(String token, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Cookie", SessionCookie.NAME + "=" + token)
                        .build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static ContactsView view(List<ContactRow> rows, long available) {
        return new ContactsView(new Tiles(available, 0, 0, 0, new Tiles.LedgerState.NotChecked()), rows);
    }

    private static ContactRow row(String email) {
        return new ContactRow(
                NOON,
                email,
                "invalid",
                "invalid",
                0,
                "mailbox_not_found",
                "The mail host says there is no such mailbox.",
                "reject",
                "reject invalid",
                "charged",
                1,
                "written");
    }
}
