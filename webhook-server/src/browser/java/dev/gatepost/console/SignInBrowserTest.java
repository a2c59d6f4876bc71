package dev.gatepost.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.gatepost.server.ConfigReader;
import dev.gatepost.server.Configured;
import dev.gatepost.server.Product;
import dev.gatepost.workspace.OneTimeLinks.Codes;
import dev.gatepost.workspace.OneTimeLinks.ForOwner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Becoming the owner, signing in and signing out, in a real browser on the real product. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInBrowserTest {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String PASSWORD = "seven quiet otters";

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
    private Product product;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        Files.createDirectories(PICTURES);
        complaints.clear();
        var settings = Map.of("GATEPOST_DATA", folder.resolve("data").toString(), "GATEPOST_PORT", "0");
        if (!(new ConfigReader(settings, List.of()).read() instanceof Configured.Ready(var config))) {
            throw new IllegalStateException("the test's own settings are wrong");
        }
        product = Product.start(new Product.Setup(
                config,
                List.of(),
                books -> new Access.BySession(
                        books.residents().sessions(),
                        books.residents().links(),
                        books.residents().people()),
                new ConsoleRoutes.About("0.1.0", "", false),
                InstantSource.system(),
                new SecureRandom()));
    }

    @AfterEach
    void stop() {
        product.close();
    }

    @AfterAll
    void closeBrowser() {
        playwright.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 390", "DARK, 390", "LIGHT, 320"})
    void looksRight(ColorScheme theme, int width) {
        try (var context = context(theme, width)) {
            var page = open(context, "/sign-in");
            picture(page, "no-owner", theme, width);
            page.navigate(link());
            picture(page, "welcome", theme, width);
            fill(page, Map.of("name", "Ann", "email", "ann@acme.io", "password", "password1234"));
            page.click("main button[type=submit]");
            page.waitForSelector("[data-error]:not([hidden])");
            picture(page, "welcome-refused", theme, width);
            page.fill("[name=password]", PASSWORD);
            page.click("main button[type=submit]");
            page.waitForSelector("h1:has-text('Contacts')");
            picture(page, "signed-in", theme, width);
            page.click("text=Sign out");
            page.waitForSelector("h1:has-text('Sign in')");
            picture(page, "sign-in", theme, width);
            fill(page, Map.of("email", "ann@acme.io", "password", "seven quiet badgers"));
            page.click("main button[type=submit]");
            page.waitForSelector("[data-error]:not([hidden])");
            picture(page, "sign-in-refused", theme, width);
            assertThat(page.inputValue("[name=email]"))
                    .as("what was typed stays")
                    .isEqualTo("ann@acme.io");
            check(page);
        }
    }

    @Test
    void asksForTheCodeOnlyWhenItIsNeeded() {
        try (var context = context(ColorScheme.LIGHT, 1280)) {
            var page = open(context, link());
            fill(page, Map.of("name", "Ann", "email", "ann@acme.io", "password", PASSWORD));
            page.keyboard().press("Enter");
            page.waitForSelector("h1:has-text('Contacts')");
            var codes = switchCodesOn(page);
            page.click("text=Sign out");
            page.waitForSelector("h1:has-text('Sign in')");
            assertThat(page.isVisible("[name=code]")).isFalse();
            fill(page, Map.of("email", "ann@acme.io", "password", PASSWORD));
            page.keyboard().press("Enter");
            page.waitForSelector("[name=code]");
            picture(page, "code", ColorScheme.LIGHT, 1280);
            assertThat(page.evaluate("document.activeElement.name")).isEqualTo("code");
            page.fill("[name=code]", codes);
            page.keyboard().press("Enter");
            page.waitForSelector("h1:has-text('Contacts')");
            check(page);
        }
    }

    @Test
    void sendsNoPasswordInAnAddressWithoutScript() {
        try (var context = browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            var page = context.newPage();
            page.navigate(link());
            fill(page, Map.of("name", "Ann", "email", "ann@acme.io", "password", PASSWORD));
            page.click("main button[type=submit]");
            assertThat(page.url()).doesNotContain("otters");
        }
    }

    /** By the API, with the page's own session; the answer is a recovery code. */
    private String switchCodesOn(Page page) {
        return (String) page.evaluate("""
                async (password) => {
                  const call = async (method, body) => (await fetch('/v1/totp', {
                    method,
                    headers: {'Content-Type': 'application/json',
                      'X-CSRF-Token': document.querySelector('meta[name="csrf-token"]').content},
                    body: JSON.stringify(body)})).json();
                  const secret = (await call('POST', {password})).secret;
                  const bits = [...secret].map((c) =>
                    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
                  const bytes = Uint8Array.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
                  const key = await crypto.subtle.importKey('raw', bytes, {name: 'HMAC', hash: 'SHA-1'}, false, ['sign']);
                  const step = new DataView(new ArrayBuffer(8));
                  step.setBigUint64(0, BigInt(Math.floor(Date.now() / 30000)));
                  const mac = new DataView(await crypto.subtle.sign('HMAC', key, step.buffer));
                  const number = mac.getUint32(mac.getUint8(19) & 15) & 0x7fffffff;
                  const code = String(number % 1000000).padStart(6, '0');
                  return (await call('PUT', {code})).recovery_codes[0];
                }
                """, PASSWORD);
    }

    private String link() {
        var made = product.books().residents().links().makeAtTheMachine("", Codes.KEPT);
        return product.publicUrl() + "/welcome?token=" + ((ForOwner.Made) made).token();
    }

    private static void fill(Page page, Map<String, String> values) {
        values.forEach((name, value) -> page.fill("[name=" + name + "]", value));
        page.focus("[name=password]");
    }

    private Page open(BrowserContext context, String path) {
        var page = context.newPage();
        page.onConsoleMessage(message -> {
            // The browser itself tells of answers like 401, which are what these tests are about.
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate(path.startsWith("http") ? path : product.publicUrl() + path);
        return page;
    }

    private void picture(Page page, String name, ColorScheme theme, int width) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(
                        "%s-%s-%d.png".formatted(name, theme, width).toLowerCase(Locale.ROOT)))
                .setFullPage(true));
        assertThat(page.evaluate("document.documentElement.scrollWidth"))
                .as("nothing to scroll sideways: %s", name)
                .isEqualTo(width);
        assertThat(page.locator("h1").count()).isEqualTo(1);
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

    private static Path chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the browser tests need chromium; ./check installs it"));
    }
}
