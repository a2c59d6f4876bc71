package dev.gatepost.api;

import com.sun.management.OperatingSystemMXBean;
import dev.gatepost.hubspot.sandbox.SandboxApp;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * How many verifications a second {@code POST /v1/verify} answers and settles durably, by the packaged program on SQLite. Every
 * address is a new one, verified over SMTP in a mail world that answers at once, and charged. The senders and the mail world
 * run in this process; what they take of the processors is printed beside what the server takes.
 *
 * <p>Whether bulk work gets in the way of somebody who waits is measured by turns: some seconds without it, some beside it, several
 * times, so that whatever else goes on in the machine meets both alike.
 *
 * <p>Run by {@code ./check bench api}; {@code ./check bench beside} is its second half alone.
 */
final class VerifyBenchmark {
    /** Until the JVM has compiled what is hot; on a busy machine its compiler takes more than the server for as long. */
    private static final Duration FIRST_WARM_UP = Duration.ofSeconds(20);

    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(8);

    /** Turns without bulk work and beside it. */
    private static final int ROUNDS = 15;

    private static final Duration TURN = Duration.ofSeconds(2);

    /** Before each turn: the last one's work ends, the next one's gets going. */
    private static final Duration BETWEEN_TURNS = Duration.ofSeconds(1);

    /** Verifications a second while bulk work runs beside them. */
    private static final int BESIDE_BULK = 100;

    private static final int SENDERS_BESIDE_BULK = 8;

    /** Calls that the largest of HubSpot's plans allows in ten seconds. */
    private static final int CALLS = 250;

    private static final String DOMAIN = "accept-all.sandbox-mail.com";

    private final OperatingSystemMXBean own = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ServedProgram server;
    private final VerifySenders senders;

    private VerifyBenchmark(ServedProgram server, VerifySenders senders) {
        this.server = server;
        this.senders = senders;
    }

    public static void main(String[] arguments) throws Exception {
        var launcher = Path.of(arguments[0]).toAbsolutePath();
        var app = SandboxApp.standard().withCallsInTenSecondsMax(CALLS);
        try (var hubSpot = SandboxHubSpot.start(app, 0, InstantSource.system());
                var mail = MailWorld.start();
                var names = SandboxNameServer.start(mail.zone());
                var server = ServedProgram.start(launcher, hubSpot, mail, names)) {
            var senders = new VerifySenders(server.port(), server.key(), DOMAIN);
            server.connect(hubSpot);
            var benchmark = new VerifyBenchmark(server, senders);
            senders.send(64, 0, FIRST_WARM_UP);
            if (arguments.length < 2) {
                benchmark.alone();
            }
            benchmark.beside(new BulkContacts(hubSpot, server.port(), DOMAIN));
            benchmark.beside(new BulkList(server.port(), server.key(), DOMAIN));
        }
    }

    private void alone() throws InterruptedException {
        run("one sender", 1, 0);
        run("16 senders", 16, 0);
        var most = run("64 senders", 64, 0);
        run("64 senders at half of that", 64, most / 2);
        run("64 senders, 1,000 a second", 64, 1_000);
    }

    private void beside(BulkWork bulk) throws Exception {
        try (var _ = bulk.begin()) {
            senders.send(SENDERS_BESIDE_BULK, BESIDE_BULK, FIRST_WARM_UP);
        }
        var idle = new ArrayList<Double>();
        var beside = new ArrayList<Double>();
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS; i++) {
            Thread.sleep(BETWEEN_TURNS);
            idle.add(run("no bulk work", TURN));
            try (var _ = bulk.begin()) {
                Thread.sleep(BETWEEN_TURNS);
                var before = bulk.done();
                beside.add(run("beside " + bulk.name(), TURN));
                System.out.printf("%-28s %,7d addresses/s%n", "  of which", (bulk.done() - before) / TURN.toSeconds());
            }
            ratios.add(beside.get(i) / idle.get(i));
        }
        System.out.printf(
                "median p95 of %d turns: %.2f ms without bulk work, %.2f ms beside %s: %.1f times; of the best third: %.2f ms,"
                        + " %.2f ms: %.1f times; median of each turn's ratio to the one before: %.1f%n",
                ROUNDS,
                part(idle, 2),
                part(beside, 2),
                bulk.name(),
                part(beside, 2) / part(idle, 2),
                part(idle, 6),
                part(beside, 6),
                part(beside, 6) / part(idle, 6),
                part(ratios, 2));
    }

    /** One in so many is smaller. */
    private static double part(List<Double> values, int share) {
        return values.stream().sorted().toList().get(values.size() / share);
    }

    /** Verifications a second. */
    private long run(String name, int callers, long perSecond) throws InterruptedException {
        senders.send(callers, perSecond, WARM_UP);
        return measure(name, callers, perSecond, MEASURED).length / MEASURED.toSeconds();
    }

    /** 95 in 100 took no longer, in milliseconds. */
    private double run(String name, Duration how) throws InterruptedException {
        return millis(measure(name, SENDERS_BESIDE_BULK, BESIDE_BULK, how), 0.95);
    }

    private static double millis(long[] sorted, double share) {
        return sorted[(int) (sorted.length * share)] / 1e6;
    }

    private long[] measure(String name, int callers, long perSecond, Duration how) throws InterruptedException {
        var ownBefore = own.getProcessCpuTime();
        var theirsBefore = server.processorTime();
        var times = senders.send(callers, perSecond, how);
        var ours = (own.getProcessCpuTime() - ownBefore) / 1e9 / how.toSeconds();
        var theirs = server.processorTime().minus(theirsBefore).toMillis() / 1e3 / how.toSeconds();
        System.out.printf(
                "%-28s %,7d verifications/s   p50 %6.2f ms   p95 %6.2f ms   p99 %7.2f ms   cores: server %.2f, senders and"
                        + " mail world %.2f (server: %.2f ms each); load %.1f%n",
                name,
                times.length / how.toSeconds(),
                millis(times, 0.5),
                millis(times, 0.95),
                millis(times, 0.99),
                theirs,
                ours,
                theirs * 1e3 * how.toSeconds() / times.length,
                own.getSystemLoadAverage());
        return times;
    }
}
