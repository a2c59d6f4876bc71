package dev.gatepost.acceptance;

import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.SandboxNameServer;
import dev.gatepost.sandbox.ScriptedMailHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Prints how Gatepost and two npm packages do on the same scripted mail hosts and name server, each in a process of its
 * own: the latency of a single cold verification, 1,000 addresses at one domain and 2,000 over 200 domains, a tenth of
 * which do not exist. The packages dial port 25, so this needs root. Argument: folder of {@code driver.js}, with its
 * packages installed.
 */
final class PeersBenchmark {
    static final int SMTP_PORT = 25;

    /** Where the mail hosts listen, each in a network of its own, and each contestant's in another. */
    static final String RANGE = "127.0.0.0/8";

    private static final int DOMAINS = 200;

    /** The hosts that only warm up: compilers at run time need some thousand rounds. */
    private static final int WARM_UP_DOMAINS = 20;

    private static final int WARM_UP_EACH = 100;

    private static final int SINGLES = 20;

    private static final int KNOWN_EACH = 1_000;

    /** How many addresses devmehq's own bulk function verifies at a time; the other package has none. */
    private static final int BY_DEFAULT = 5;

    /** Connections Gatepost has at most; the packages are given as many in a second go. */
    private static final int AT_MOST = 200;

    private static final AtomicInteger NETWORK = new AtomicInteger(80);

    private PeersBenchmark() {}

    private record Contestant(String name, List<String> command) {}

    private record Outcome(double millis, double median, int valid, int invalid, int unknown, double cpu, long memory) {
        static Outcome parse(String line) {
            var f = line.split(" ", -1);
            return new Outcome(
                    Double.parseDouble(f[1]),
                    Double.parseDouble(f[2]),
                    Integer.parseInt(f[3]),
                    Integer.parseInt(f[4]),
                    Integer.parseInt(f[5]),
                    Double.parseDouble(f[6]),
                    Long.parseLong(f[7]));
        }
    }

    public static void main(String[] args) throws IOException {
        System.out.printf(
                "%-32s %-13s %9s %9s %6s %12s %9s %8s %7s %s%n",
                "list",
                "who",
                "ms",
                "median",
                "ratio",
                "connections",
                "commands",
                "CPU ms",
                "MB",
                "valid/invalid/unknown");
        for (var delay : List.of(Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(50))) {
            measure("one by one, " + SINGLES + " domains", delay, singles(), contestants(args[0], 1));
            measure("1,000 at one domain", delay, bulk(1, 1_000), contestants(args[0], BY_DEFAULT));
            measure("2,000 over 200 domains", delay, bulk(DOMAINS, 10), contestants(args[0], BY_DEFAULT, AT_MOST));
        }
    }

    private static List<String> singles() {
        return IntStream.range(0, SINGLES).mapToObj(i -> "user7@" + domain(i)).toList();
    }

    private static List<String> bulk(int domains, int each) {
        return IntStream.range(0, each)
                .boxed()
                .flatMap(user -> IntStream.range(0, domains).mapToObj(d -> "user" + user + "@" + domain(d)))
                .toList();
    }

    private static String domain(int number) {
        return "d" + number + ".bench-mail.com";
    }

    private static void measure(String what, Duration delay, List<String> list, List<Contestant> contestants)
            throws IOException {
        double ours = 0;
        for (var contestant : contestants) {
            var hosts = hosts(delay);
            try (var nameServer = SandboxNameServer.start(zone(hosts))) {
                var outcome = run(contestant, nameServer, list);
                ours = ours == 0 ? outcome.millis() : ours;
                int sessions = hosts.stream()
                        .limit(DOMAINS)
                        .mapToInt(ScriptedMailHost::sessions)
                        .sum();
                long commands = hosts.stream()
                        .limit(DOMAINS)
                        .mapToLong(h -> h.commands().size())
                        .sum();
                System.out.printf(
                        "%-32s %-13s %9.0f %9.1f %6.1f %12d %9.2f %8.2f %7d %d/%d/%d%n",
                        what + (delay.isZero() ? "" : ", " + delay.toMillis() + " ms"),
                        contestant.name(),
                        outcome.millis(),
                        outcome.median(),
                        outcome.millis() / ours,
                        sessions,
                        (double) commands / list.size(),
                        outcome.cpu() / list.size(),
                        outcome.memory(),
                        outcome.valid(),
                        outcome.invalid(),
                        outcome.unknown());
            } finally {
                hosts.forEach(ScriptedMailHost::close);
            }
        }
    }

    private static List<Contestant> contestants(String driver, int... atOnce) {
        var contestants = new ArrayList<Contestant>();
        // Gatepost limits connections by itself: it may be asked for all at once.
        contestants.add(gatepost(atOnce[0] == 1 ? 1 : 1_000));
        for (int many : atOnce) {
            contestants.add(peer(driver, "devmehq", many));
            contestants.add(peer(driver, "deep", many));
        }
        return contestants;
    }

    private static Contestant gatepost(int atOnce) {
        return new Contestant(
                "gatepost",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PeersContestant.class.getName(),
                        "{port}",
                        Integer.toString(atOnce)));
    }

    private static Contestant peer(String driver, String name, int atOnce) {
        var script = Path.of(driver, "driver.js").toString();
        var command = List.of("node", script, name, "127.0.0.1:{port}", Integer.toString(atOnce));
        return new Contestant(name + " x" + atOnce, command);
    }

    private static Outcome run(Contestant contestant, SandboxNameServer nameServer, List<String> list)
            throws IOException {
        var port = Integer.toString(nameServer.address().getPort());
        var process = new ProcessBuilder(contestant.command().stream()
                        .map(word -> word.replace("{port}", port))
                        .toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = process.outputWriter(StandardCharsets.UTF_8);
                var in = process.inputReader(StandardCharsets.UTF_8)) {
            var warmUp = IntStream.range(0, WARM_UP_DOMAINS * WARM_UP_EACH)
                    .mapToObj(i -> "user" + i / WARM_UP_DOMAINS + "@" + domain(DOMAINS + i % WARM_UP_DOMAINS))
                    .toList();
            out.write(String.join("\n", warmUp) + "\n\n");
            out.flush();
            var _ = line(in, contestant);
            out.write(String.join("\n", list) + "\n\n");
            out.flush();
            return Outcome.parse(line(in, contestant));
        } finally {
            process.destroy();
        }
    }

    private static String line(BufferedReader in, Contestant contestant) throws IOException {
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("done ")) {
                return line;
            }
        }
        throw new IOException(contestant.name() + " ended without figures");
    }

    private static List<ScriptedMailHost> hosts(Duration delay) throws IOException {
        var known = IntStream.range(0, KNOWN_EACH)
                .filter(i -> i % 10 != 0)
                .mapToObj(i -> "user" + i)
                .toArray(String[]::new);
        var hosts = new ArrayList<ScriptedMailHost>();
        int network = NETWORK.incrementAndGet();
        for (int i = 0; i < DOMAINS + WARM_UP_DOMAINS; i++) {
            var script = i < DOMAINS ? MailScript.knowing(known).slow(delay) : MailScript.knowing(known);
            var address = InetAddress.ofLiteral("127." + network + "." + i + ".1");
            hosts.add(ScriptedMailHost.start(address, SMTP_PORT, script, InstantSource.system()));
        }
        return hosts;
    }

    private static FakeZone zone(List<ScriptedMailHost> hosts) {
        var zone = new FakeZone();
        for (int i = 0; i < hosts.size(); i++) {
            var name = "mx.bench-host-" + i + ".net";
            zone.mx(domain(i), 10, name).address(name, hosts.get(i).address().getHostAddress());
        }
        return zone;
    }
}
