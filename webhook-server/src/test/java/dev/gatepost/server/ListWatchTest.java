package dev.gatepost.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.egress.Purpose;
import dev.gatepost.lists.ListFetch.Fetched;
import dev.gatepost.lists.ListFolder;
import dev.gatepost.lists.ListRefresh;
import dev.gatepost.lists.ListSource;
import dev.gatepost.lists.ListsInUse;
import dev.gatepost.lists.ShippedList;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists refreshed over HTTP from a real server on loopback. */
class ListWatchTest {
    private static final Duration EVERY = Duration.ofHours(24);

    @TempDir
    private Path data;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-26T10:00:00Z"));
    private final AtomicInteger calls = new AtomicInteger();
    private HttpServer server;
    private volatile int status = 200;
    private volatile byte[] body = {};

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            calls.incrementAndGet();
            if (status == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void asksWhenItIsTimeAndPutsTheNewEditionIntoUse() {
        var lists = new ListsInUse(new ListFolder(data));
        var watch = watch(lists, EVERY);
        body = domains(40);

        watch.look();
        assertThat(lists.get().snapshot(ShippedList.RELAY).entries()).hasSize(40);

        watch.look();
        assertThat(calls).as("not before it is time").hasValue(1);

        body = domains(50);
        now.updateAndGet(time -> time.plus(EVERY));
        watch.look();
        assertThat(lists.get().snapshot(ShippedList.RELAY).entries()).hasSize(50);
    }

    @Test
    void triesAgainInAnHourAfterAFailure() {
        var lists = new ListsInUse(new ListFolder(data));
        var watch = watch(lists, EVERY);
        status = 503;
        watch.look();
        assertThat(lists.folder().outcomes())
                .hasEntrySatisfying(
                        ShippedList.RELAY,
                        outcome -> assertThat(outcome.detail()).endsWith("it answered 503"));

        now.updateAndGet(time -> time.plus(Duration.ofMinutes(59)));
        watch.look();
        assertThat(calls).hasValue(1);

        now.updateAndGet(time -> time.plus(Duration.ofMinutes(1)));
        watch.look();
        assertThat(calls).hasValue(2);
    }

    @Test
    void asksNobodyWhenItIsOff() {
        watch(new ListsInUse(new ListFolder(data)), Duration.ZERO).look();
        assertThat(calls).hasValue(0);
    }

    @Test
    void saysWhyAListCouldNotBeHad() {
        status = 404;
        assertThat(fetched(url())).isEqualTo(new Fetched.Failed("it answered 404"));
        status = 302;
        assertThat(fetched(url()))
                .isEqualTo(new Fetched.Failed(
                        "it answered 302, and redirects are not followed: give the address it leads to"));
        status = 200;
        body = new byte[] {'a', (byte) 0xff};
        assertThat(fetched(url())).isEqualTo(new Fetched.Failed("it is not UTF-8"));
        body = "0123456789abcdef!".getBytes(StandardCharsets.US_ASCII);
        assertThat(fetched(url())).isEqualTo(new Fetched.Failed("it is larger than 16 bytes"));
        body = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        assertThat(fetched(url())).isEqualTo(new Fetched.Text("0123456789abcdef"));
        server.stop(0);
        assertThat(fetched(url())).isEqualTo(new Fetched.Failed("it could not be had: ConnectException"));
    }

    /** E4: only what the rules allow is called. */
    @Test
    void obeysTheEgressRules() {
        var strict = new ListDownload(new Egress(EgressRules.strict(), now::get)
                .http(Purpose.LISTS, host -> List.of(InetAddress.ofLiteral("10.0.0.1"))));

        assertThat(strict.fetch(url(), 16)).isInstanceOf(Fetched.Failed.class);
        assertThat(strict.fetch("https://inside.firm.com/list.txt", 16))
                .isEqualTo(new Fetched.Failed("egress_refused: the destination is not open for lists"));
        assertThat(calls).hasValue(0);
    }

    private Fetched fetched(String url) {
        return download().fetch(url, 16);
    }

    private ListDownload download() {
        var port = server.getAddress().getPort();
        return new ListDownload(
                new Egress(EgressRules.parse("lists=127.0.0.0/8:" + port), now::get).http(Purpose.LISTS, host -> {
                    throw new UnknownHostException(host);
                }));
    }

    private ListWatch watch(ListsInUse lists, Duration every) {
        var refresh = new ListRefresh(lists.folder(), download(), now::get);
        var config = new Config.Lists(every, Map.of(ShippedList.RELAY, new ListSource.OfUrl(url())));
        return new ListWatch(lists, refresh, config, now::get);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/list.txt";
    }

    private static byte[] domains(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "relay-" + i + ".com\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
    }
}
