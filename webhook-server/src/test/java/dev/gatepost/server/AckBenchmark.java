package dev.gatepost.server;

import dev.gatepost.hubspot.sandbox.Fault;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many webhook events a second are acknowledged durably, over HTTP and with HubSpot's signature, by the packaged
 * program on SQLite. Prints a line for each load. The senders run in this process, so they share the machine's cores with
 * the server; HubSpot itself answers 500 meanwhile, so that the drains do what they do while a CRM is down.
 *
 * <p>Run by {@code ./check bench ack}.
 */
final class AckBenchmark {
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(6);

    private final AtomicInteger objectIds = new AtomicInteger(1_000_000);
    private final SandboxHubSpot hubSpot;
    private final int port;

    private AckBenchmark(SandboxHubSpot hubSpot, int port) {
        this.hubSpot = hubSpot;
        this.port = port;
    }

    public static void main(String[] arguments) throws Exception {
        var launcher = Path.of(arguments[0]).toAbsolutePath();
        var folder = Files.createTempDirectory("gatepost-ack");
        try (var hubSpot = SandboxHubSpot.start()) {
            var port = freePort();
            var server = gatepost(launcher, folder, hubSpot, port, "serve");
            try {
                awaitReady(port);
                connect(launcher, folder, hubSpot, port);
                hubSpot.fail(Fault.SERVER_ERROR, 100_000);
                var benchmark = new AckBenchmark(hubSpot, port);
                benchmark.run("single events, one sender", 1, 1);
                benchmark.run("single events, 64 senders", 64, 1);
                benchmark.run("single events, 256 senders", 256, 1);
                benchmark.run("deliveries of 100, 8 senders", 8, 100);
            } finally {
                server.destroy();
                server.waitFor(40, TimeUnit.SECONDS);
            }
        }
    }

    private void run(String name, int senders, int events) throws InterruptedException {
        load(senders, events, WARM_UP);
        var times = load(senders, events, MEASURED);
        Arrays.sort(times);
        System.out.printf(
                "%-30s %,9d events/s   p50 %6.2f ms   p99 %7.2f ms   p99.9 %7.2f ms%n",
                name,
                (long) times.length * events / MEASURED.toSeconds(),
                times[times.length / 2] / 1e6,
                times[(int) (times.length * 0.99)] / 1e6,
                times[(int) (times.length * 0.999)] / 1e6);
    }

    /** Nanoseconds of each request that was answered 200. */
    private long[] load(int senders, int events, Duration how) throws InterruptedException {
        var times = new ArrayList<long[]>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < senders; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                var own = send(events, System.nanoTime() + how.toNanos());
                synchronized (times) {
                    times.add(own);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        return times.stream().flatMapToLong(Arrays::stream).toArray();
    }

    private long[] send(int events, long until) {
        var times = new long[1 << 16];
        int count = 0;
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            var in = new BufferedInputStream(socket.getInputStream(), 8192);
            while (System.nanoTime() < until && count < times.length) {
                var request = request(events);
                var began = System.nanoTime();
                socket.getOutputStream().write(request);
                readOk(in);
                times[count++] = System.nanoTime() - began;
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Arrays.copyOf(times, count);
    }

    private byte[] request(int events) {
        var url = "http://127.0.0.1:" + port + "/hooks/hubspot/" + hubSpot.app().appId();
        var now = System.currentTimeMillis();
        var body = new StringBuilder("[");
        for (int i = 0; i < events; i++) {
            var id = objectIds.incrementAndGet();
            body.append(i == 0 ? "" : ",").append("""
                    {"eventId":%d,"subscriptionId":22,"portalId":%s,"appId":%s,"occurredAt":%d,\
                    "subscriptionType":"object.creation","objectTypeId":"0-1","objectId":%d,"attemptNumber":0,\
                    "changeSource":"IMPORT","changeFlag":"NEW"}\
                    """.formatted(
                            id, hubSpot.app().portalId(), hubSpot.app().appId(), now, id));
        }
        var text = body.append("]").toString();
        var head = new StringBuilder("POST /hooks/hubspot/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                .formatted(hubSpot.app().appId(), port));
        hubSpot.sign(url, text, InstantSource.system())
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Type: application/json\r\nContent-Length: %d\r\n\r\n".formatted(text.length()));
        return head.append(text).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Reads one answer without a body, or fails. */
    private static void readOk(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            var octet = in.read();
            if (octet < 0) {
                throw new IOException("connection closed after: " + head);
            }
            head.append((char) octet);
        }
        if (!head.toString().startsWith("HTTP/1.1 200")) {
            throw new IOException(head.toString());
        }
    }

    private static void connect(Path launcher, Path folder, SandboxHubSpot hubSpot, int port) throws Exception {
        var secret =
                Files.writeString(folder.resolve("client-secret"), hubSpot.app().clientSecret());
        var token = Files.writeString(folder.resolve("token"), hubSpot.app().token());
        var connect = gatepost(
                launcher,
                folder,
                hubSpot,
                port,
                "connect",
                "hubspot",
                "--app-id",
                Long.toString(hubSpot.app().appId()),
                "--api",
                hubSpot.baseUrl(),
                "--client-secret-file",
                secret.toString(),
                "--token-file",
                token.toString());
        if (connect.waitFor() != 0) {
            throw new IllegalStateException("connect failed; see " + folder);
        }
    }

    private static Process gatepost(Path launcher, Path folder, SandboxHubSpot hubSpot, int port, String... arguments)
            throws IOException {
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("gatepost.log").toFile()));
        builder.environment()
                .putAll(Map.of(
                        "GATEPOST_DATA", folder.resolve("data").toString(),
                        "GATEPOST_PORT", Integer.toString(port),
                        "GATEPOST_EGRESS_ALLOW",
                                "crm=127.0.0.1/32:"
                                        + URI.create(hubSpot.baseUrl()).getPort()));
        return builder.start();
    }

    private static void awaitReady(int port) throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
                return;
            } catch (IOException _) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException("the server did not start within a minute");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
