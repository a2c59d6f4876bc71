package dev.gatepost.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallbackUrlTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private ApiWorld world;
    private ApiClient live;
    private ApiClient test;

    @BeforeEach
    void start() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            received.add(JSON.readTree(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        var port = receiver.getAddress().getPort();
        world = new ApiWorld(
                List.of(),
                Map.of(
                        "GATEPOST_EGRESS_ALLOW",
                        "smtp=127.77.0.0/16,hook=127.0.0.0/8:" + port,
                        "GATEPOST_SMTP_RECHECK",
                        "1s,1s"));
        live = world.with(Scope.VERIFY, Scope.READ);
        test = world.with(Workspaces.MAIN, KeyKind.TEST, Scope.VERIFY, Scope.READ);
    }

    @AfterEach
    void stop() {
        assertThat(world.books().ledger().check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
        receiver.stop(0);
    }

    private void grant() {
        world.books().credits().grant(Workspaces.MAIN, Grant.of("grant", 5, "test"));
    }

    private String ask(String email) {
        return "{\"email\":\"%s\",\"callback_url\":\"http://127.0.0.1:%d/back?step=1\"}"
                .formatted(email, receiver.getAddress().getPort());
    }

    private void awaitCallback(int howMany) {
        await().atMost(SOON).until(() -> received.size() == howMany);
    }

    @Test
    void answersAtOnceAndPostsTheFinalAnswer() {
        grant();

        var answer = live.post("/v1/verify", ask("jane.miller@works.sandbox-mail.com"));

        assertThat(answer.status()).isEqualTo(202);
        awaitCallback(1);
        var told = received.getFirst();
        assertThat(told.path("final").asBoolean()).isTrue();
        assertThat(told.path("billing").asText()).isEqualTo("charged");
        assertThat(told.path("id")).isEqualTo(answer.body().path("id"));
        assertThat(told)
                .isEqualTo(live.get("/v1/verifications/" + told.path("id").asText())
                        .body());
    }

    @Test
    void postsAnAnswerThatIsKnownAtOnceToo() {
        grant();
        live.post("/v1/verify", "{\"email\":\"jane.miller@works.sandbox-mail.com\"}");

        var reused = live.post("/v1/verify", ask("jane.miller@works.sandbox-mail.com"));
        var odd = live.post("/v1/verify", ask("no address"));

        assertThat(List.of(reused.status(), odd.status())).containsOnly(202);
        assertThat(reused.body().path("final").asBoolean()).isTrue();
        awaitCallback(2);
        assertThat(received).extracting(told -> told.path("billing").asText()).contains("reused");
        assertThat(received).extracting(told -> told.path("email").asText()).contains("no address");
    }

    @ParameterizedTest
    @CsvSource({"valid, true", "slow, false", "greylisted, false"})
    void worksWithTestKeys(String word, boolean isFinal) {
        var answer = test.post("/v1/verify", ask(word + "@gatepost.test"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("final").asBoolean()).isEqualTo(isFinal);
        awaitCallback(1);
        assertThat(received.getFirst().path("status").asText()).isEqualTo("valid");
        assertThat(received.getFirst().path("final").asBoolean()).isTrue();
        assertThat(received.getFirst().path("billing").asText()).isEqualTo("test");
    }

    @Test
    @DisplayName("K2: the same request again gives the same answer and no second callback")
    void isPostedOnceForOneIdempotencyKey() {
        var once = test.with("Idempotency-Key", "step-1");
        var first = once.post("/v1/verify", ask("valid@gatepost.test"));
        awaitCallback(1);

        var again = once.post("/v1/verify", ask("valid@gatepost.test"));
        var other = test.post("/v1/verify", ask("invalid@gatepost.test"));

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.body()).isEqualTo(first.body());
        awaitCallback(2);
        assertThat(received.getLast().path("id")).isEqualTo(other.body().path("id"));
    }

    @Test
    @DisplayName("C4: without a credit nobody is called back")
    void callsNobodyBackWithoutCredits() {
        assertThat(live.post("/v1/verify", ask("jane.miller@works.sandbox-mail.com"))
                        .status())
                .isEqualTo(402);

        var rows = world.books()
                .database()
                .<Integer>read(handle -> handle.createQuery("select count(*) from hook_callback")
                        .mapTo(Integer.class)
                        .one());
        assertThat(rows).isZero();
    }

    @Test
    void waitsForWhoeverSaysHowLong() {
        var patient = ask("slow@gatepost.test").replace("}", ",\"timeout_ms\":20000}");

        assertThat(test.post("/v1/verify", patient).body().path("final").asBoolean())
                .isTrue();
        awaitCallback(1);
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com/back",
        "https://zapier.com.example.com/back",
        "https://evilzapier.com/back",
        "http://hooks.zapier.com/back",
        "https://hooks.zapier.com:8443/back",
        "https://user@hooks.zapier.com/back",
        "https://hooks.zapier.com/back#part",
        "https://127.0.0.1/back",
        "https://[::1]/back",
        "ftp://zapier.com/back",
        "zapier.com/back",
        "javascript:alert(1)"
    })
    @DisplayName("E4: a callback elsewhere than at Zapier is refused with the field's name, and nothing is charged")
    void refusesOtherUrls(String url) {
        grant();

        var refused = live.post("/v1/verify", "{\"email\":\"a@b.io\",\"callback_url\":\"" + url + "\"}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.field()).isEqualTo("callback_url");
        assertThat(world.books().ledger().balance(Workspaces.MAIN).available()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "https://zapier.com/hooks/callback/1/ab/",
        "https://hooks.zapier.com/hooks/callback/1",
        "https://HOOKS.Zapier.com/x"
    })
    void takesZapiersOwn(String url) {
        assertThat(live.post("/v1/verify", "{\"email\":\"\",\"callback_url\":\"" + url + "\"}")
                        .field())
                .as("the next mistake")
                .isEqualTo("email");
    }
}
