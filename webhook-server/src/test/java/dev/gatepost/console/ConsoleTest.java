package dev.gatepost.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.http.HttpServer;
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
import java.security.SecureRandom;
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
    private final Tokens tokens = new Tokens(new SecureRandom());
    private final SignInLinks links = new SignInLinks(tokens, clock);
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable HttpServer server;
    private int port;

    @AfterEach
    void stop() {
        feed.close();
        if (server != null) {
            server.close();
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
        for (var file : List.of("pico.css", "gatepost.css", "htmx.js", "sse.js", "app.js", "icon.svg")) {
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

            assertThat(nextEvent(lines)).isEqualTo("tiles");
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
    void letsInByALinkJustOnce() throws Exception {
        guarded();
        assertThat(get("/").headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/sign-in"));
        var link = URI.create(links.make("http://127.0.0.1:" + port));

        var first = client.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofString());
        var cookie = first.headers().firstValue("Set-Cookie").orElseThrow();

        assertThat(first.statusCode()).isEqualTo(302);
        assertThat(cookie).startsWith("__Host-gatepost=").contains("; Path=/; Secure; HttpOnly; SameSite=Lax");
        assertThat(with(cookie, "/").body()).contains("Contacts as they come in");
        var second = client.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofString());
        assertThat(second.statusCode()).isEqualTo(403);
        assertThat(second.body()).contains("used before").contains("gatepost link");
    }

    @Test
    @DisplayName("X1: a link is good for 30 minutes")
    void refusesAnOldLink() throws Exception {
        guarded();
        var link = URI.create(links.make("http://127.0.0.1:" + port));
        time = NOON.plus(Duration.ofMinutes(30));

        assertThat(client.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    @DisplayName("X5: a session ends after 30 minutes without a page, and after 12 hours whatever happens")
    void endsSessions() {
        var sessions = new Sessions(tokens, clock);
        var idle = sessions.begin();
        var busy = sessions.begin();
        for (var at = NOON; at.isBefore(NOON.plus(Sessions.AGE_MAX)); at = at.plus(Duration.ofMinutes(29))) {
            time = at;
            assertThat(sessions.touch(busy)).isTrue();
        }
        assertThat(sessions.isLive(idle)).isFalse();
        time = NOON.plus(Sessions.AGE_MAX);
        assertThat(sessions.touch(busy)).isFalse();
    }

    @Test
    void keepsASessionAliveByPagesAndNotByLooking() {
        var sessions = new Sessions(tokens, clock);
        var token = sessions.begin();
        time = NOON.plus(Duration.ofMinutes(29));
        assertThat(sessions.isLive(token)).isTrue();
        time = NOON.plus(Duration.ofMinutes(30));
        assertThat(sessions.isLive(token)).isFalse();
    }

    private void open() {
        start(new Access.OpenOnLoopback());
    }

    private void guarded() {
        start(new Access.BySession(links, new Sessions(tokens, clock)));
    }

    private void start(Access access) {
        var started = new HttpServer(
                new HttpServer.Bind("127.0.0.1", 0, false),
                List.of(new ConsoleRoutes(access, feed, new ConsoleRoutes.About("1.2.3", "sandbox"))));
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

    private HttpResponse<String> with(String cookie, String path) throws Exception {
        var pair = cookie.substring(0, cookie.indexOf(';'));
        return client.send(
                HttpRequest.newBuilder(uri(path)).header("Cookie", pair).build(), BodyHandlers.ofString());
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
