package dev.gatepost.api;

import com.sun.management.OperatingSystemMXBean;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * How many verifications a second {@code POST /v1/verify} answers and settles durably, by the packaged program on SQLite. Every
 * address is a new one, verified over SMTP in a mail world that answers at once, and charged. The senders and the mail world
 * run in this process; what they take of the processors is printed beside what the server takes.
 *
 * <p>Run by {@code ./check bench api}.
 */
final class VerifyBenchmark {
    /** Until the JVM has compiled what is hot; on a busy machine its compiler takes more than the server for as long. */
    private static final Duration FIRST_WARM_UP = Duration.ofSeconds(20);

    private static final Duration WARM_UP = Duration.ofSeconds(3);

    /** Contacts of the CRM that the bulk work is about. */
    private static final int CONTACTS = 20_000;

    /** Events in one delivery: the most that HubSpot sends together. */
    private static final int EVENTS_PER_DELIVERY = 100;

    /** Verifications a second while bulk work runs beside them. */
    private static final int BESIDE_BULK = 100;

    private static final Duration MEASURED = Duration.ofSeconds(8);
    private static final String DOMAIN = "accept-all.sandbox-mail.com";

    private final AtomicInteger people = new AtomicInteger();
    private final OperatingSystemMXBean own = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ProcessHandle server;
    private final int port;
    private final String key;

    private VerifyBenchmark(ProcessHandle server, int port, String key) {
        this.server = server;
        this.port = port;
        this.key = key;
    }

    public static void main(String[] arguments) throws Exception {
        var launcher = Path.of(arguments[0]).toAbsolutePath();
        var folder = Files.createTempDirectory("gatepost-verify");
        try (var hubSpot = SandboxHubSpot.start();
                var mail = MailWorld.start();
                var names = SandboxNameServer.start(mail.zone())) {
            var port = freePort();
            var environment = Map.of(
                    "GATEPOST_DATA",
                    folder.resolve("data").toString(),
                    "GATEPOST_PORT",
                    Integer.toString(port),
                    "GATEPOST_DNS_SERVERS",
                    "127.0.0.1:" + names.address().getPort(),
                    "GATEPOST_SMTP_HELO",
                    "gate.sandbox-mail.com",
                    "GATEPOST_SMTP_MAIL_FROM",
                    "probe@gate.sandbox-mail.com",
                    "GATEPOST_SMTP_PORT",
                    Integer.toString(mail.smtpPort()),
                    "GATEPOST_EGRESS_ALLOW",
                    "smtp=127.77.0.0/16,crm=127.0.0.1/32:"
                            + URI.create(hubSpot.baseUrl()).getPort());
            var server = gatepost(launcher, folder.resolve("serve"), environment, "serve");
            try {
                awaitReady(port);
                ask(launcher, folder.resolve("grant"), environment, "credits", "grant", "100000000");
                var key = ask(launcher, folder.resolve("key"), environment, "key", "create", "--rate", "600000");
                var benchmark = new VerifyBenchmark(program(server), port, key);
                connect(launcher, folder, environment, hubSpot);
                benchmark.load(64, 0, FIRST_WARM_UP);
                benchmark.run("one sender", 1, 0);
                benchmark.run("16 senders", 16, 0);
                var most = benchmark.run("64 senders", 64, 0);
                benchmark.run("64 senders at half of that", 64, most / 2);
                benchmark.run("8 senders, no bulk work", 8, BESIDE_BULK);
                var bulk = benchmark.bulk(hubSpot);
                benchmark.run("8 senders beside bulk work", 8, BESIDE_BULK);
                System.out.printf("the bulk work: %,d contacts announced by webhooks%n", bulk.stop());
            } finally {
                server.destroy();
                server.waitFor(40, TimeUnit.SECONDS);
            }
        }
    }

    /** The launcher replaces itself by the program, or starts it. */
    private static ProcessHandle program(Process launched) {
        return launched.toHandle().children().findFirst().orElse(launched.toHandle());
    }

    /** Verifications a second. */
    private long run(String name, int senders, long perSecond) throws InterruptedException {
        load(senders, perSecond, WARM_UP);
        var ownBefore = own.getProcessCpuTime();
        var theirsBefore = server.info().totalCpuDuration().orElse(Duration.ZERO);
        var times = load(senders, perSecond, MEASURED);
        var ours = (own.getProcessCpuTime() - ownBefore) / 1e9 / MEASURED.toSeconds();
        var theirs = server.info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .minus(theirsBefore)
                        .toMillis()
                / 1e3
                / MEASURED.toSeconds();
        Arrays.sort(times);
        System.out.printf(
                "%-28s %,7d verifications/s   p50 %6.2f ms   p95 %6.2f ms   p99 %7.2f ms   cores: server %.2f, senders and"
                        + " mail world %.2f (server: %.2f ms each)%n",
                name,
                times.length / MEASURED.toSeconds(),
                times[times.length / 2] / 1e6,
                times[(int) (times.length * 0.95)] / 1e6,
                times[(int) (times.length * 0.99)] / 1e6,
                theirs,
                ours,
                theirs * 1e3 * MEASURED.toSeconds() / times.length);
        return times.length / MEASURED.toSeconds();
    }

    /** Nanoseconds of each request; with a pace, from the moment it was due, so that a stall counts for all it delays. */
    private long[] load(int senders, long perSecond, Duration how) throws InterruptedException {
        var times = new ArrayList<long[]>();
        var threads = new ArrayList<Thread>();
        var interval = perSecond == 0 ? 0 : senders * 1_000_000_000L / perSecond;
        for (int i = 0; i < senders; i++) {
            var delay = interval * i / senders;
            threads.add(Thread.ofVirtual().start(() -> {
                var each = send(delay, interval, how);
                synchronized (times) {
                    times.add(each);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        return times.stream().flatMapToLong(Arrays::stream).toArray();
    }

    private long[] send(long delay, long interval, Duration how) {
        var times = new long[1 << 16];
        int count = 0;
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            var in = new BufferedInputStream(socket.getInputStream(), 8192);
            var due = System.nanoTime() + delay;
            var until = System.nanoTime() + how.toNanos();
            while (System.nanoTime() < until && count < times.length) {
                if (interval > 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                } else {
                    due = System.nanoTime();
                }
                socket.getOutputStream().write(request());
                readOk(in);
                times[count++] = System.nanoTime() - due;
                due += interval;
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Arrays.copyOf(times, count);
    }

    private byte[] request() {
        var body = "{\"email\":\"person%d@%s\"}".formatted(people.incrementAndGet(), DOMAIN);
        return ("POST /v1/verify HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
                        + "Content-Length: %d\r\n\r\n%s")
                .formatted(port, key, body.length(), body)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Contacts of a CRM are announced by webhooks as fast as they are taken, until stopped; each is verified and written back. */
    private final class Bulk {
        private final AtomicBoolean goesOn = new AtomicBoolean(true);
        private final AtomicInteger sent = new AtomicInteger();
        private final SandboxHubSpot hubSpot;
        private final List<String> contacts;
        private final Thread thread;

        Bulk(SandboxHubSpot hubSpot, List<String> contacts) {
            this.hubSpot = hubSpot;
            this.contacts = contacts;
            this.thread = Thread.ofVirtual().start(this::send);
        }

        private void send() {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                var in = new BufferedInputStream(socket.getInputStream(), 8192);
                while (goesOn.get() && sent.get() < contacts.size()) {
                    var next = contacts.subList(sent.get(), sent.addAndGet(EVENTS_PER_DELIVERY));
                    socket.getOutputStream().write(delivery(next));
                    readHead(in);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private byte[] delivery(List<String> ids) {
            var url = "http://127.0.0.1:" + port + "/hooks/hubspot/"
                    + hubSpot.app().appId();
            var now = System.currentTimeMillis();
            var text = ids.stream()
                    .map(id -> """
                            {"eventId":%s,"subscriptionId":22,"portalId":%s,"appId":%s,"occurredAt":%d,\
                            "subscriptionType":"object.creation","objectTypeId":"0-1","objectId":%s,"attemptNumber":0,\
                            "changeSource":"IMPORT","changeFlag":"NEW"}\
                            """.formatted(
                                    id, hubSpot.app().portalId(), hubSpot.app().appId(), now, id))
                    .collect(Collectors.joining(",", "[", "]"));
            var head = new StringBuilder("POST /hooks/hubspot/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                    .formatted(hubSpot.app().appId(), port));
            hubSpot.sign(url, text, InstantSource.system())
                    .forEach((name, value) ->
                            head.append(name).append(": ").append(value).append("\r\n"));
            head.append("Content-Type: application/json\r\nContent-Length: %d\r\n\r\n".formatted(text.length()));
            return head.append(text).toString().getBytes(StandardCharsets.UTF_8);
        }

        int stop() throws InterruptedException {
            goesOn.set(false);
            thread.join();
            return sent.get();
        }
    }

    private Bulk bulk(SandboxHubSpot hubSpot) {
        var contacts = new ArrayList<String>();
        for (int i = 0; i < CONTACTS; i++) {
            contacts.add(hubSpot.createContact("lead%d@%s".formatted(i, DOMAIN), Map.of()));
        }
        return new Bulk(hubSpot, contacts);
    }

    private static void connect(Path launcher, Path folder, Map<String, String> environment, SandboxHubSpot hubSpot)
            throws IOException, InterruptedException {
        var app = hubSpot.app();
        ask(
                launcher,
                folder.resolve("connect"),
                environment,
                "connect",
                "hubspot",
                "--app-id",
                Long.toString(app.appId()),
                "--api",
                hubSpot.baseUrl(),
                "--client-secret-file",
                Files.writeString(folder.resolve("client-secret"), app.clientSecret())
                        .toString(),
                "--token-file",
                Files.writeString(folder.resolve("token"), app.token()).toString());
    }

    /** Reads one answer with its body, which must be a charged one. */
    private static void readOk(InputStream in) throws IOException {
        var text = readHead(in);
        var length = Integer.parseInt(text.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (!body.contains("\"billing\":\"charged\"")) {
            throw new IOException(text + body);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            var octet = in.read();
            if (octet < 0) {
                throw new IOException("connection closed after: " + head);
            }
            head.append((char) octet);
        }
        var text = head.toString();
        if (!text.startsWith("HTTP/1.1 200")) {
            throw new IOException(text);
        }
        return text;
    }

    private static String ask(Path launcher, Path out, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        if (gatepost(launcher, out, environment, arguments).waitFor() != 0) {
            throw new IllegalStateException(Files.readString(out));
        }
        return Files.readAllLines(out).getLast();
    }

    private static Process gatepost(Path launcher, Path out, Map<String, String> environment, String... arguments)
            throws IOException {
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(out.toFile()));
        builder.environment().putAll(new HashMap<>(environment));
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
