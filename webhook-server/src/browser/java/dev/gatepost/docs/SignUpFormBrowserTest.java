package dev.gatepost.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code docs/examples/sign-up.html} on a site of its own, with {@code gatepost.js} from the running product. */
class SignUpFormBrowserTest {

    private static final Path EXAMPLE = Path.of("..", "docs", "examples", "sign-up.html");
    private static final String GOOD = "jane.miller@works.sandbox-mail.com";
    private static final String BAD = "nobody@works.sandbox-mail.com";
    private static final String TYPO = "jane@gmial.com";

    private static Running running;
    private static HttpServer site;
    private static String origin;
    private static String key;

    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() throws Exception {
        running = new Running();
        site = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        origin = "http://localhost:" + site.getAddress().getPort();
        key = running.keyFor(origin);
        site.createContext("/", exchange -> {
            var text = html().getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
            // As strict as a page can be that loads the script; the example's own style sheet stands in the page.
            exchange.getResponseHeaders()
                    .add(
                            "Content-Security-Policy",
                            "default-src 'none'; script-src " + running.url() + "; connect-src " + running.url()
                                    + "; style-src-elem 'unsafe-inline'; style-src-attr 'none'");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        site.start();
    }

    private static String html() throws IOException {
        return Files.readString(EXAMPLE)
                .replace("http://localhost:8080", running.url())
                .replace("gp_pub_YOUR_KEY", key);
    }

    @AfterAll
    static void stop() {
        site.stop(0);
        running.close();
    }

    @BeforeEach
    void open() {
        context = running.browser.newContext(new Browser.NewContextOptions().setViewportSize(390, 700));
        context.addInitScript(Running.KEEP_VIOLATIONS);
        page = context.newPage();
        page.navigate(origin + "/");
    }

    @AfterEach
    void close() {
        assertThat(page.evaluate("window.violations"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isEmpty();
        context.close();
    }

    private void type(String email) {
        page.fill("#email", email);
    }

    private void submit() {
        page.click("button[type=submit]");
    }

    /** The example sends the form to itself by GET. */
    private void awaitArrival(String email) {
        page.waitForURL(url -> url.contains("email=" + email.replace("@", "%40")));
    }

    private String note() {
        return page.locator(".gatepost").innerText();
    }

    @Test
    void letsAGoodAddressThroughForOneCreditAndSaysNothing() {
        var before = running.spent();
        type(GOOD);
        page.keyboard().press("Tab");
        submit();

        awaitArrival(GOOD);
        assertThat(running.spent()).isEqualTo(before + 1);
        assertThat(note()).isEmpty();
    }

    @Test
    void asksWhenTheFormIsSentByTheEnterKeyTooQuickly() {
        type(GOOD);
        page.keyboard().press("Enter");

        awaitArrival(GOOD);
    }

    @Test
    void offersWhatWasMeantAndTakesItAtAClick() throws Exception {
        type(TYPO);
        page.keyboard().press("Tab");
        page.waitForSelector(".gatepost button");
        page.screenshot(
                new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", "sign-up-suggestion.png")));

        assertThat(note()).contains("Did you mean jane@gmail.com?");
        assertThat(page.getAttribute(".gatepost", "aria-live")).isEqualTo("polite");
        assertThat(page.getAttribute("#email", "aria-describedby").strip())
                .isEqualTo(page.getAttribute(".gatepost", "id"));
        page.click(".gatepost button");
        assertThat(page.inputValue("#email")).isEqualTo("jane@gmail.com");
        assertThat(note()).isEmpty();
        assertThat(page.evaluate("document.activeElement.id")).isEqualTo("email");
    }

    @Test
    void holdsBackAnAddressThatTheRulesRejectUntilItIsMended() {
        type(BAD);
        submit();
        page.waitForSelector("#email[aria-invalid=true]");

        assertThat(note()).isNotBlank();
        assertThat((boolean) page.evaluate("document.getElementById('email').validity.customError"))
                .isTrue();
        submit();
        assertThat(page.url()).doesNotContain("email=");
        type(GOOD);
        assertThat(page.getAttribute("#email", "aria-invalid")).isEqualTo("false");
        submit();
        awaitArrival(GOOD);
    }

    @Test
    void holdsItBackInAFormWithoutTheBrowsersOwnChecksToo() {
        page.evaluate("document.forms[0].noValidate = true");
        type(BAD);
        submit();
        page.waitForSelector("#email[aria-invalid=true]");
        submit();

        assertThat(note()).isNotBlank();
        assertThat(page.url()).doesNotContain("email=");
    }

    @Test
    void letsTheFormThroughWhenTheServerDoesNotAnswerInTime() {
        page.route("**/v1/check", _ -> {});
        page.evaluate("document.getElementById('email').dataset.gatepostTimeout = 200");
        type(BAD);
        submit();

        awaitArrival(BAD);
    }

    @Test
    void letsTheFormThroughWhenTheServerCannotBeReached() {
        page.route("**/v1/check", route -> route.abort());
        type(BAD);
        submit();

        awaitArrival(BAD);
    }

    @Test
    void letsTheFormThroughWhenTheServerRefuses() {
        page.evaluate("document.getElementById('email').dataset.gatepost = 'gp_pub_wrong'");
        type(BAD);
        submit();

        awaitArrival(BAD);
    }

    @Test
    void letsTheFormThroughOnAPageTheKeyIsNotFor() {
        page.navigate(origin.replace("localhost", "127.0.0.1") + "/");
        type(BAD);
        submit();

        awaitArrival(BAD);
    }

    @Test
    void sendsAFormOnceThoughItsButtonWasPressedThreeTimes() {
        page.evaluate("""
                () => {
                  const form = document.forms[0];
                  form.addEventListener('submit', (e) => {
                    e.preventDefault();
                    form.dataset.sent = (+form.dataset.sent || 0) + 1;
                  });
                }
                """);
        page.route("**/v1/check", _ -> {});
        page.evaluate("document.getElementById('email').dataset.gatepostTimeout = 1500");
        type(GOOD);
        submit();
        submit();
        submit();

        page.waitForSelector("form[data-sent]");
        // What was waiting for the same answer goes on before any timer does.
        page.evaluate("new Promise((done) => setTimeout(done, 0))");
        assertThat(page.getAttribute("form", "data-sent")).isEqualTo("1");
    }

    @Test
    void asksNobodyAboutHalfAnAddress() {
        var before = running.spent();
        type("jane@");
        page.keyboard().press("Tab");
        type("");
        page.keyboard().press("Tab");

        assertThat(running.spent()).isEqualTo(before);
        assertThat(note()).isEmpty();
    }
}
