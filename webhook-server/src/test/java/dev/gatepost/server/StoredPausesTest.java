package dev.gatepost.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.console.Access;
import dev.gatepost.console.ConsoleRoutes;
import dev.gatepost.smtp.Pause;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.RefusalCause;
import dev.gatepost.smtp.Reply;
import dev.gatepost.smtp.ReplyMeaning;
import dev.gatepost.smtp.Stage;
import dev.gatepost.smtp.Treatment;
import dev.gatepost.store.StoredHostMemory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredPausesTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path data;

    @Test
    @DisplayName("M4: /readyz names a pause that began before the restart, and stays ready")
    void showsAPauseThatBeganBeforeTheRestart() throws Exception {
        var config = config();
        var until = CLOCK.instant().plus(Duration.ofHours(20)).truncatedTo(ChronoUnit.MILLIS);
        try (var books = Books.ofServer(config, CLOCK, new SecureRandom());
                var memory = new StoredHostMemory(books.database(), CLOCK, new SecureRandom())) {
            var reply = new Reply(554, "5.7.1", "blocked");
            memory.keep(new Treatment(
                    "group:firm.com",
                    3,
                    Duration.ZERO,
                    new Pause(
                            "firm.com",
                            CLOCK.instant(),
                            until,
                            RefusalCause.BLOCK_LISTED,
                            "Ask to be taken off.",
                            "554"),
                    new SenderRefused("mx.firm.com", Stage.GREETING, reply, ReplyMeaning.BLOCKED_REPUTATION)));
        }

        var setup = new Product.Setup(
                config,
                List.of(),
                _ -> new Access.OpenOnLoopback(),
                new ConsoleRoutes.About("test", "sandbox", false),
                CLOCK,
                new SecureRandom());
        try (var product = Product.start(setup)) {
            assertThat(ready(product.port()))
                    .contains("\"ready\"")
                    .contains("firm.com is left alone until " + until + ": Ask to be taken off.");
        }
    }

    private Config config() {
        var environment = Map.of(
                "GATEPOST_DATA", data.toString(),
                "GATEPOST_PORT", "0",
                "GATEPOST_SMTP_HELO", "probe.gatepost.dev",
                "GATEPOST_SMTP_MAIL_FROM", "probe@gatepost.dev");
        return ((Configured.Ready) new ConfigReader(environment, List.of()).read()).config();
    }

    private static String ready(int port) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
