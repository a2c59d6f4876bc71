package dev.gatepost.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedHttpTest {
    private final AtomicInteger calls = new AtomicInteger();
    private final List<String> lookedUp = new ArrayList<>();
    private HttpServer server;
    private int port;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        port = server.getAddress().getPort();
        server.createContext("/", exchange -> {
            calls.incrementAndGet();
            var octets = "hello".getBytes(StandardCharsets.UTF_8);
            if (exchange.getRequestURI().getPath().equals("/moved")) {
                exchange.getResponseHeaders().add("Location", "/");
                exchange.sendResponseHeaders(302, -1);
            } else {
                exchange.sendResponseHeaders(200, octets.length);
                exchange.getResponseBody().write(octets);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void reachesALabOnLoopbackByAddressAndByLocalhost(String host) throws IOException {
        assertThat(get(opened(), "http://" + host + ":" + port + "/")).isEqualTo(200);
        assertThat(lookedUp).isEmpty();
    }

    @Test
    void reachesANamedLabThroughOurOwnLookUp() throws IOException {
        assertThat(get(opened("127.0.0.1"), "http://crm.lab:" + port + "/")).isEqualTo(200);
        assertThat(lookedUp).containsExactly("crm.lab");
    }

    @Test
    void usesOnlyTheAllowedOnesOfMixedAnswers() throws IOException {
        assertThat(get(opened("10.0.0.1", "169.254.169.254", "127.0.0.1", "::1"), "http://crm.lab:" + port + "/"))
                .isEqualTo(200);
    }

    @ParameterizedTest(name = "E1: a name that leads to {0}")
    @ValueSource(strings = {"10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"})
    void refusesANameThatLeadsInside(String address) {
        assertThatThrownBy(() -> get(strict(address), "https://rebound.customer.com/"))
                .isInstanceOf(EgressRefused.class)
                .hasMessageContaining("egress_refused")
                .hasMessageNotContaining(address)
                .hasMessageNotContaining("rebound");
    }

    @Test
    void judgesTheAddressAgainWhenConnectingSinceNamesCanBeRebound() throws IOException {
        var answers = new ArrayList<>(List.of("127.0.0.1", "10.0.0.1"));
        var client = client(EgressRules.parse("crm=127.0.0.0/8:" + port), host -> {
            lookedUp.add(host);
            return List.of(InetAddress.ofLiteral(answers.removeFirst()));
        });
        var url = "http://rebound.lab:" + port + "/";

        assertThat(get(client, url)).isEqualTo(200);
        client.connectionPool().evictAll();
        assertThatThrownBy(() -> get(client, url)).isInstanceOf(EgressRefused.class);
    }

    @Test
    void refusesEveryAddressAtTheSocketWhateverTheNameSaid() {
        // Whatever passed the look-up's filter meets the socket, which has the last word.
        var client = client(EgressRules.parse("crm=127.0.0.0/8:" + (port + 1)), _ -> List.of());

        assertThatThrownBy(() -> client.socketFactory()
                        .createSocket()
                        .connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port)))
                .isInstanceOf(EgressRefused.class);
        assertThat(calls).hasValue(0);
    }

    @ParameterizedTest(name = "E4: {0}")
    @ValueSource(
            strings = {
                "https://10.0.0.1/",
                "https://8.8.8.8/",
                "https://2130706433/",
                "https://[::1]/",
                "http://crm.customer.com/",
                "http://crm.customer.com:443/",
                "https://crm.customer.com:8443/",
                "https://user:word@crm.customer.com/",
                "https://localhost/",
                "http://localhost/",
            })
    void refusesWhatTheUrlRulesForbidBeforeAnythingLeaves(String url) {
        assertThatThrownBy(() -> get(strict("192.0.1.1"), url)).isInstanceOf(EgressRefused.class);
        assertThat(calls).hasValue(0);
    }

    @Test
    void saysNothingInPlainTextToAnAddressThatIsNotOpened() {
        // The port is opened at one address, so the URL passes; the name leads to another one.
        var client =
                client(EgressRules.parse("crm=127.0.0.2:" + port), _ -> List.of(InetAddress.ofLiteral("127.0.0.1")));

        assertThatThrownBy(() -> get(client, "http://crm.lab:" + port + "/")).isInstanceOf(EgressRefused.class);
        assertThat(calls).hasValue(0);
    }

    @Test
    void tellsAFailedLookUpFromARefusal() {
        var client = client(EgressRules.strict(), host -> {
            throw new UnknownHostException(host);
        });

        assertThatThrownBy(() -> get(client, "https://crm.customer.com/")).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void callsOnlyHostsBelowTheSuffixesGiven() {
        var client = new Egress(EgressRules.strict(), _ -> false)
                .http(Purpose.CRM, lookup("192.0.1.1"), Set.of("hubapi.com"));

        assertThatThrownBy(() -> get(client, "https://evilhubapi.com/")).isInstanceOf(EgressRefused.class);
        assertThat(lookedUp).isEmpty();
    }

    @Test
    void followsNoRedirect() throws IOException {
        assertThat(get(opened(), "http://127.0.0.1:" + port + "/moved")).isEqualTo(302);
        assertThat(calls).hasValue(1);
    }

    @Test
    void keepsTheProductsTimeOutsAndUsesNoProxy() {
        var client = strict();

        assertThat(client.connectTimeoutMillis()).isEqualTo(5_000);
        assertThat(client.callTimeoutMillis()).isEqualTo(20_000);
        assertThat(client.proxy()).isEqualTo(Proxy.NO_PROXY);
        assertThat(client.followSslRedirects()).isFalse();
    }

    @Test
    void reportsARefusedConnectionAsSuchAndNotAsARefusalByTheRules() {
        server.stop(0);

        assertThatThrownBy(() -> get(opened(), "http://127.0.0.1:" + port + "/"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(EgressRefused.class);
    }

    private OkHttpClient opened(String... addresses) {
        return client(EgressRules.parse("crm=127.0.0.0/8:" + port), lookup(addresses));
    }

    private OkHttpClient strict(String... addresses) {
        return client(EgressRules.strict(), lookup(addresses));
    }

    private HostLookup lookup(String... addresses) {
        return host -> {
            lookedUp.add(host);
            return Arrays.stream(addresses).map(InetAddress::ofLiteral).toList();
        };
    }

    private static OkHttpClient client(EgressRules rules, HostLookup lookup) {
        return new Egress(rules, _ -> false).http(Purpose.CRM, lookup);
    }

    private static int get(OkHttpClient client, String url) throws IOException {
        // Short, so that a hole in the guard fails here instead of waiting for a host that is not there.
        var quick = client.newBuilder().callTimeout(Duration.ofSeconds(3)).build();
        try (var response =
                quick.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.code();
        }
    }
}
