package dev.gatepost.docs;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import dev.gatepost.console.Access;
import dev.gatepost.console.ConsoleRoutes;
import dev.gatepost.ledger.Grant;
import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import dev.gatepost.server.ConfigReader;
import dev.gatepost.server.Configured;
import dev.gatepost.server.Product;
import dev.gatepost.workspace.ApiKey;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The product with credits in a mail world on loopback, and a browser. */
final class Running implements AutoCloseable {

    /** Runs before any script of a page and keeps what the content policy refused. */
    static final String KEEP_VIOLATIONS = """
            window.violations = [];
            document.addEventListener('securitypolicyviolation',
                (e) => window.violations.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile));
            """;

    private static final int CREDITS = 1_000;

    private final MailWorld mail = MailWorld.start();
    private final SandboxNameServer names = SandboxNameServer.start(mail.zone());
    private final Path folder;
    private final Playwright playwright = Playwright.create();
    final Product product;
    final Browser browser;

    Running() throws IOException {
        folder = Files.createTempDirectory("gatepost-docs");
        var settings = Map.of(
                "GATEPOST_DATA", folder.resolve("data").toString(),
                "GATEPOST_PORT", "0",
                "GATEPOST_DNS_SERVERS", "127.0.0.1:" + names.address().getPort(),
                "GATEPOST_SMTP_HELO", "gate.sandbox-mail.com",
                "GATEPOST_SMTP_MAIL_FROM", "probe@gate.sandbox-mail.com",
                "GATEPOST_SMTP_PORT", Integer.toString(mail.smtpPort()),
                "GATEPOST_EGRESS_ALLOW", "smtp=127.77.0.0/16");
        if (!(new ConfigReader(settings, List.of()).read() instanceof Configured.Ready(var config))) {
            throw new IllegalStateException("the test's own settings are wrong");
        }
        product = Product.start(new Product.Setup(
                config,
                List.of(),
                _ -> new Access.OpenOnLoopback(),
                new ConsoleRoutes.About("0.1.0", "sandbox", false),
                InstantSource.system(),
                new SecureRandom()));
        product.books().credits().grant(Workspaces.MAIN, Grant.of("grant", CREDITS, "test"));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium())
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-quic")));
    }

    /** Where pages load the script from. */
    String url() {
        return "http://127.0.0.1:" + product.port();
    }

    /** A publishable key for pages of one origin. */
    String keyFor(String origin) {
        return product.books()
                .keys()
                .create(
                        new ApiKey.Draft(
                                Workspaces.MAIN,
                                KeyKind.PUB,
                                "sign-up",
                                Set.of(),
                                List.of(),
                                List.of(origin),
                                ApiKey.RATE_PER_MINUTE_MAX,
                                null),
                        AuditLog.By.COMMAND)
                .text();
    }

    long spent() {
        return product.books().ledger().balance(Workspaces.MAIN).spent();
    }

    private static Path chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the browser tests need chromium; ./check installs it"));
    }

    @Override
    public void close() {
        playwright.close();
        product.close();
        names.close();
        mail.close();
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
