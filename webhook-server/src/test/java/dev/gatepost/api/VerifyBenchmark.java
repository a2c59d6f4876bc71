package dev.gatepost.api;

import com.sun.management.OperatingSystemMXBean;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How many verifications a second {@code POST /v1/verify} answers and settles durably, by the packaged program on SQLite. Every
 * address is a new one, verified over SMTP in a mail world that answers at once, and charged. The senders and the mail world
 * run in this process; what they take of the processors is printed beside what the server takes.
 *
 * <p>Run by {@code ./check bench api}.
 */
final class VerifyBenchmark {
    private static final Duration WARM_UP = Duration.ofSeconds(5);
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
        try (var mail = MailWorld.start();
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
                    "smtp=127.77.0.0/16");
            var server = gatepost(launcher, folder.resolve("serve"), environment, "serve");
            try {
                awaitReady(port);
                ask(launcher, folder.resolve("grant"), environment, "credits", "grant", "100000000");
                var key = ask(launcher, folder.resolve("key"), environment, "key", "create", "--rate", "600000");
                var benchmark = new VerifyBenchmark(program(server), port, key);
                benchmark.run("one sender", 1, 0);
                benchmark.run("16 senders", 16, 0);
                var most = benchmark.run("64 senders", 64, 0);
                benchmark.run("64 senders at half of that", 64, most / 2);
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
                        + " mail world %.2f%n",
                name,
                times.length / MEASURED.toSeconds(),
                times[times.length / 2] / 1e6,
                times[(int) (times.length * 0.95)] / 1e6,
                times[(int) (times.length * 0.99)] / 1e6,
                theirs,
                ours);
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

    /** Reads one answer with its body, which must be a charged one. */
    private static void readOk(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            var octet = in.read();
            if (octet < 0) {
                throw new IOException("connection closed after: " + head);
            }
            head.append((char) octet);
        }
        var text = head.toString();
        var length = Integer.parseInt(text.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (!text.startsWith("HTTP/1.1 200") || !body.contains("\"billing\":\"charged\"")) {
            throw new IOException(text + body);
        }
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
