package dev.gatepost.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page about the API in a real browser, from the real product. */
class DocsBrowserTest {

    private static final Path PICTURES = Path.of("target", "screenshots");

    private static Running running;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(PICTURES);
        running = new Running();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 390", "DARK, 390", "LIGHT, 320"})
    void looksRight(ColorScheme theme, int width) {
        var complaints = new ArrayList<String>();
        var options = new Browser.NewContextOptions().setColorScheme(theme).setViewportSize(width, 900);
        try (var context = running.browser.newContext(options)) {
            context.addInitScript(Running.KEEP_VIOLATIONS);
            var page = context.newPage();
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text());
                }
            });
            page.onPageError(complaints::add);
            page.navigate(running.url() + "/docs");
            for (var place :
                    List.of("", "operation-verify", "chapter-workflows", "schema-Verification", "missing_field")) {
                page.navigate(running.url() + "/docs#" + place);
                picture(page, place, theme, width);
            }
            assertThat(page.evaluate("document.documentElement.scrollWidth"))
                    .as("nothing to scroll sideways")
                    .isEqualTo(width);
            assertThat(page.locator("h1").count()).isEqualTo(1);
            assertThat(page.evaluate("window.violations"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .isEmpty();
            assertThat(complaints).isEmpty();
        }
    }

    private static void picture(Page page, String place, ColorScheme theme, int width) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(
                        "docs-%s-%s-%d.png".formatted(place, theme, width).toLowerCase(Locale.ROOT))));
    }

    @Test
    void leadsFromAProblemToItsLineWithoutScript() {
        var options = new Browser.NewContextOptions().setJavaScriptEnabled(false);
        try (var context = running.browser.newContext(options)) {
            var page = context.newPage();
            page.navigate(running.url() + "/docs#insufficient_credits");

            var line = page.locator("tr:target");
            assertThat(line.count()).isEqualTo(1);
            assertThat(line.textContent()).contains("402").contains("There are no credits left.");
            assertThat(line.boundingBox().y).isBetween(0.0, 900.0);
        }
    }
}
