package dev.gatepost.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.gatepost.console.Tiles.LedgerState;
import dev.gatepost.http.HttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a real browser. Its pictures lie in target/screenshots; look at them before you call a change done. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContactsPageBrowserTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Path PICTURES = Path.of("target", "screenshots");

    /** Runs before any script of a page and keeps what the content policy refused. */
    private static final String KEEP_VIOLATIONS = """
            window.violations = [];
            document.addEventListener('securitypolicyviolation',
                (e) => window.violations.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile));
            """;

    private final Playwright playwright = Playwright.create();
    private final Browser browser = playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium())
                    .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-quic")));
    private final List<String> complaints = new ArrayList<>();
    private volatile ContactsView view = new ContactsView(tiles(0), List.of());
    private Feed feed = new Feed(() -> view);
    private HttpServer server = server();
    private int port;

    @BeforeAll
    void makeFolder() throws Exception {
        Files.createDirectories(PICTURES);
    }

    @BeforeEach
    void start() {
        complaints.clear();
        view = new ContactsView(tiles(0), List.of());
        feed = new Feed(() -> view);
        server = server();
        port = server.start();
    }

    @AfterEach
    void stop() {
        feed.close();
        server.close();
    }

    @AfterAll
    void closeBrowser() {
        playwright.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 390", "DARK, 390", "LIGHT, 320"})
    void looksRightWithContactsWithoutAndWithHostileOnes(ColorScheme theme, int width) {
        try (var context = context(theme, width)) {
            for (var state : List.of("empty", "seeded", "hostile")) {
                view = view(state);
                var page = open(context);
                page.screenshot(new Page.ScreenshotOptions()
                        .setPath(PICTURES.resolve("contacts-%s-%s-%d.png"
                                .formatted(state, theme, width)
                                .toLowerCase(Locale.ROOT)))
                        .setFullPage(true));
                assertThat(page.evaluate("document.documentElement.scrollWidth"))
                        .as("nothing to scroll sideways: %s", state)
                        .isEqualTo(width);
                assertThat(page.locator("h1").count()).isEqualTo(1);
                check(page);
                page.close();
            }
        }
    }

    @Test
    void showsAContactTheMomentItComesIn() {
        try (var context = context(ColorScheme.LIGHT, 1280)) {
            var page = open(context);
            page.waitForSelector("text=No contact yet");

            view = new ContactsView(tiles(3), List.of(row("ann@acme.io", "valid", "accept", "accepted")));

            page.waitForSelector("bdi:has-text('ann@acme.io')");
            assertThat(page.locator("#contacts tbody tr").count()).isEqualTo(1);
            assertThat(page.locator(".tile").nth(2).textContent()).contains("3");
            check(page);
        }
    }

    @Test
    void saysWhenTheServerIsGoneAndGoesOnWhenItIsBack() {
        try (var context = context(ColorScheme.LIGHT, 1280)) {
            var page = open(context);
            page.waitForSelector("text=No contact yet");
            feed.close();
            server.close();
            page.waitForSelector(
                    "#status:has-text('Live updates paused')", new Page.WaitForSelectorOptions().setTimeout(60_000));

            view = view("seeded");
            feed = new Feed(() -> view);
            server = serverAt(port);
            server.start();

            page.waitForSelector("#contacts tbody tr", new Page.WaitForSelectorOptions().setTimeout(60_000));
            page.waitForFunction("document.getElementById('status').textContent === ''");
        }
    }

    @Test
    void keepsTheThemeOneChose() {
        try (var context = context(ColorScheme.LIGHT, 1280)) {
            var page = open(context);
            var button = page.locator("[data-theme-button]");
            button.click();
            button.click();
            assertThat(button.textContent()).isEqualTo("Theme: dark");

            page.reload();

            assertThat(page.getAttribute("html", "data-theme")).isEqualTo("dark");
            assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                    .isNotEqualTo("rgb(255, 255, 255)");
            check(page);
        }
    }

    @Test
    void canBeWalkedWithTheKeyboardAlone() {
        view = view("seeded");
        try (var context = context(ColorScheme.LIGHT, 1280)) {
            var page = open(context);
            page.keyboard().press("Tab");
            assertThat(page.evaluate("document.activeElement.textContent")).isEqualTo("Skip to content");
            for (var stop = 0; stop < 6; stop++) {
                assertThat(page.evaluate("""
                        (() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
                          return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && r.width > 0
                            && r.top >= 0; })()
                        """))
                        .as("stop %d has a visible focus", stop)
                        .isEqualTo(true);
                page.keyboard().press("Tab");
            }
            page.focus(".skip");
            page.keyboard().press("Enter");
            assertThat(page.evaluate("document.activeElement.id")).isEqualTo("main");
        }
    }

    @Test
    void readsWithoutScript() {
        view = view("seeded");
        try (var context = browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            var page = context.newPage();
            page.navigate("http://127.0.0.1:" + port + "/");
            assertThat(page.locator("#contacts tbody tr").count())
                    .isEqualTo(view.rows().size());
        }
    }

    @Test
    void givesItsStreamBackWhileTheTabIsHidden() {
        try (var context = context(ColorScheme.LIGHT, 1280)) {
            var page = open(context);
            page.waitForSelector("text=No contact yet");
            page.evaluate("""
                    Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});
                    document.dispatchEvent(new Event('visibilitychange'));
                    """);
            view = view("seeded");
            page.evaluate("""
                    Object.defineProperty(document, 'hidden', {configurable: true, get: () => false});
                    document.dispatchEvent(new Event('visibilitychange'));
                    """);
            page.waitForSelector("#contacts tbody tr");
            check(page);
        }
    }

    private Page open(BrowserContext context) {
        var page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate("http://127.0.0.1:" + port + "/");
        page.waitForFunction(
                "document.querySelector('[data-theme-button]') && !document.querySelector('[data-theme-button]').hidden");
        return page;
    }

    private void check(Page page) {
        assertThat(page.evaluate("window.violations"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isEmpty();
        assertThat(complaints).isEmpty();
    }

    private BrowserContext context(ColorScheme theme, int width) {
        var context = browser.newContext(
                new Browser.NewContextOptions().setColorScheme(theme).setViewportSize(width, 900));
        context.addInitScript(KEEP_VIOLATIONS);
        return context;
    }

    private HttpServer server() {
        return serverAt(0);
    }

    private HttpServer serverAt(int at) {
        return new HttpServer(
                new HttpServer.Bind("127.0.0.1", at, false),
                List.of(new ConsoleRoutes(
                        new Access.OpenOnLoopback(), feed, new ConsoleRoutes.About("0.1.0", "sandbox", false))));
    }

    private static Path chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the browser tests need chromium; ./check installs it"));
    }

    private static ContactsView view(String state) {
        return switch (state) {
            case "empty" -> new ContactsView(tiles(0), List.of());
            case "seeded" ->
                new ContactsView(
                        tiles(12_400),
                        List.of(
                                row("jane.miller@works.sandbox-mail.com", "valid", "accept", "accepted"),
                                row("throwaway@mailinator.com", "disposable", "reject", "accept_all"),
                                row("anyone@accept-all.sandbox-mail.com", "risky", "flag", "accept_all"),
                                row("jane.miller.sandbox@gmail.com", "free", "accept", "accepted"),
                                row("info@works.sandbox-mail.com", "role", "flag", "accepted"),
                                row("nobody.here@works.sandbox-mail.com", "invalid", "reject", "mailbox_not_found"),
                                row("jane@greylists.sandbox-mail.com", "unknown", "flag", "greylisted")));
            default ->
                new ContactsView(
                        new Tiles(1, 2, 3, 4, 100, new LedgerState.Broken("<b>entry 17</b> was changed", NOON)),
                        List.of(
                                row("\"<img src=x onerror=alert(1)>\"@acme.io", "invalid", "reject", "invalid_syntax"),
                                row("\u202egnp.exe@acme.io", "valid", "accept", "accepted"),
                                row("a".repeat(64) + "@" + "b".repeat(180) + ".example", "valid", "accept", "accepted"),
                                row("\ud83d\ude00".repeat(10_000), "invalid", "reject", "invalid_syntax")));
        };
    }

    private static Tiles tiles(long spent) {
        return new Tiles(87_600, 4, spent, 2, new LedgerState.Sound(38_211, NOON));
    }

    private static ContactRow row(String email, String label, String decision, String reason) {
        var status = switch (label) {
            case "disposable" -> "risky";
            case "free", "role" -> "valid";
            default -> label;
        };
        return new ContactRow(
                NOON,
                email,
                label,
                status,
                "valid".equals(status) ? 95 : 10,
                reason,
                "The mail host says what it says, and this is a sentence about it.",
                decision,
                decision.equals("accept") ? "default" : decision + " " + label,
                "unknown".equals(status) ? "not_charged_unknown" : "charged",
                "unknown".equals(status) ? 0 : 1,
                "written");
    }
}
