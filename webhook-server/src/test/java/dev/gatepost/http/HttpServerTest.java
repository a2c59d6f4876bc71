package dev.gatepost.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.connector.Answer;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.PluginRoute;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HttpServerTest {

    private final List<Delivery> received = new CopyOnWriteArrayList<>();
    private volatile Function<Delivery, Answer> receiver = _ -> Answer.of(200);
    private volatile Health health = new Health(List.of());
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;
    private int port;

    @BeforeEach
    void start() {
        server = new HttpServer(
                new HttpServer.Bind("127.0.0.1", 0, false),
                List.of(
                        new HooksRoutes(
                                Map.of("acme", delivery -> {
                                    received.add(delivery);
                                    return receiver.apply(delivery);
                                }),
                                List.of(new HooksRoutes.Mounted(
                                        "acme",
                                        new PluginRoute(
                                                PluginRoute.Space.HOOKS,
                                                PluginRoute.Method.POST,
                                                "{key}/steps/verify",
                                                (_, _) -> {
                                                    throw new IllegalStateException(
                                                            "only the mounted function is called");
                                                }),
                                        delivery -> {
                                            received.add(delivery);
                                            return Answer.json(200, "{\"step\":true}");
                                        })),
                                () -> "https://gate.acme.io",
                                InstantSource.system()),
                        new HealthRoutes(() -> health),
                        routes -> routes.get("/broken", _ -> {
                            throw new IllegalStateException("secret detail");
                        })));
        port = server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void handsRequestsToTheRoutesThatAPluginDeclares() throws Exception {
        var response = send(to("/hooks/acme/app%201/steps/verify").POST(BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"step\":true}");
        assertThat(received.getFirst().key()).isEqualTo("app 1");
    }

    @Test
    void handsADeliveryOnAsItCame() throws Exception {
        var body = new byte[] {0, (byte) 0xff, 'x', '\n'};

        var response = send(to("/hooks/acme/a%20b?q=%41&r")
                .header("X-Signature", "one")
                .header("x-signature", "two")
                .POST(BodyPublishers.ofByteArray(body)));

        assertThat(response.statusCode()).isEqualTo(200);
        var delivery = received.getFirst();
        assertThat(delivery.url()).isEqualTo("https://gate.acme.io/hooks/acme/a%20b?q=%41&r");
        assertThat(delivery.key()).isEqualTo("a b");
        assertThat(delivery.body()).isEqualTo(ByteString.of(body));
        assertThat(delivery.headers().get("x-signature")).containsExactly("one", "two");
    }

    @Test
    void rendersTheAnswerWithItsHeaders() throws Exception {
        receiver = _ -> new Answer(429, Map.of("Retry-After", "7"), "application/json", "{}");

        var response = send(to("/hooks/acme/1").POST(BodyPublishers.ofString("[]")));

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).contains("7");
        assertThat(response.body()).isEqualTo("{}");
    }

    @Test
    @DisplayName("I5: a fault of ours on a hook is 503 with Retry-After, never 4xx")
    void answersAFaultOfOursWith503() throws Exception {
        receiver = _ -> {
            throw new IllegalStateException("store gone");
        };

        var response = send(to("/hooks/acme/1").POST(BodyPublishers.ofString("[]")));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(response.body()).doesNotContain("store gone");
    }

    @Test
    @DisplayName("I6: a body of 1 MiB passes, one octet more is 413, with and without a length")
    void boundsTheBody() throws Exception {
        var most = new byte[RawBody.OCTETS_MAX];
        var more = new byte[RawBody.OCTETS_MAX + 1];

        assertThat(send(to("/hooks/acme/1").POST(BodyPublishers.ofByteArray(most)))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(to("/hooks/acme/1").POST(BodyPublishers.ofByteArray(more)))
                        .statusCode())
                .isEqualTo(413);
        assertThat(send(to("/hooks/acme/1").POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(more))))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    @DisplayName("I5: a compressed body is 415")
    void refusesACompressedBody() throws Exception {
        var response =
                send(to("/hooks/acme/1").header("Content-Encoding", "gzip").POST(BodyPublishers.ofString("x")));

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(received).isEmpty();
    }

    @Test
    @DisplayName("I5: an unknown connector, an unknown connection and an unknown path answer alike")
    void tellsNothingAboutWhatExists() throws Exception {
        receiver = _ -> Answer.of(404);
        var path = send(to("/nothing/here").POST(BodyPublishers.noBody()));
        var connector = send(to("/hooks/nobody/1").POST(BodyPublishers.noBody()));
        var connection = send(to("/hooks/acme/1").POST(BodyPublishers.noBody()));

        assertThat(path.statusCode()).isEqualTo(404);
        assertThat(path.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(path.body()).contains("\"code\":\"not_found\"");
        assertThat(connector.body()).isEqualTo(path.body());
        assertThat(connection.body()).isEqualTo(path.body());
        assertThat(connection.statusCode()).isEqualTo(connector.statusCode()).isEqualTo(404);
        for (var where : List.of("/nothing/here", "/hooks/nobody/1", "/hooks/acme/1", "/v1/nothing")) {
            var typed =
                    send(to(where).header("Content-Type", "application/json").POST(BodyPublishers.ofString("[{}]")));
            assertThat(typed.body()).as(where).isEqualTo(path.body());
            assertThat(typed.headers().firstValue("Content-Type")).contains("application/problem+json");
        }
    }

    @Test
    @DisplayName("X11: an unexpected exception is 500 with an id and without detail")
    void hidesWhatWentWrong() throws Exception {
        var response = send(to("/broken").GET());

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body())
                .contains("\"code\":\"internal_error\"")
                .containsPattern("knows it as [0-9a-f]{16}")
                .doesNotContain("secret detail");
    }

    @Test
    @DisplayName("X7: every response carries the security headers")
    void putsTheSecurityHeadersOnEveryResponse() throws Exception {
        for (var path : List.of("/livez", "/nothing", "/broken")) {
            var headers = send(to(path).GET()).headers();
            assertThat(headers.firstValue("X-Content-Type-Options")).as(path).contains("nosniff");
            assertThat(headers.firstValue("Referrer-Policy")).as(path).contains("no-referrer");
            assertThat(headers.firstValue("Cross-Origin-Opener-Policy"))
                    .as(path)
                    .contains("same-origin");
            assertThat(headers.firstValue("Cache-Control")).as(path).contains("no-store");
            assertThat(headers.firstValue("Content-Security-Policy"))
                    .as(path)
                    .contains("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                            + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self';"
                            + " frame-ancestors 'none'");
            assertThat(headers.firstValue("Strict-Transport-Security")).as(path).isEmpty();
            assertThat(headers.firstValue("Server")).as(path).isEmpty();
        }
    }

    @Test
    @DisplayName("I6: headers above 16 KiB are refused, as a problem")
    void boundsTheHeaders() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var request = "GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(17 * 1024) + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.setSoTimeout(10_000);

            var answer = new String(socket.getInputStream().readNBytes(12), UTF_8);

            assertThat(answer).isEqualTo("HTTP/1.1 431");
        }
    }

    @Test
    void saysWhetherItIsReady() throws Exception {
        assertThat(send(to("/livez").GET()).statusCode()).isEqualTo(200);
        health = new Health(List.of(new Health.Check("store", Health.State.PASS, "readable")));
        assertThat(send(to("/readyz").GET()).body())
                .isEqualTo(
                        "{\"status\":\"ready\",\"checks\":{\"store\":{\"status\":\"pass\",\"detail\":\"readable\"}}}");
        health = new Health(List.of(new Health.Check("store", Health.State.FAIL, "gone")));
        assertThat(send(to("/readyz").GET()).statusCode()).isEqualTo(503);
    }

    @Test
    void saysPlainlyThatThePortIsTaken() {
        var second = new HttpServer(new HttpServer.Bind("127.0.0.1", port, false), List.of());

        assertThatThrownBy(second::start)
                .isInstanceOf(CannotListen.class)
                .hasMessageContaining("127.0.0.1 port " + port);
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
