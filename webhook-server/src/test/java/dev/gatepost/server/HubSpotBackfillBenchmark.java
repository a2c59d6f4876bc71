package dev.gatepost.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatepost.hubspot.sandbox.SandboxApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A backfill of very many contacts in HubSpot, the server under its ordinary options: how many contacts a second come
 * through within the portal's limit of 110 calls in ten seconds, and, with a limit that does not bind, what the server keeps
 * in memory as they go through. Mail hosts answer at once. Run by {@code ./check bench hubspot-backfill}, which takes up to
 * an hour.
 */
final class HubSpotBackfillBenchmark {
    /** Contacts, of which as many are worked off as the time allows. */
    private static final int CONTACTS = 1_000_000;

    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration RATE_MEASURED = Duration.ofSeconds(60);
    private static final int SAMPLE_EVERY = 50_000;

    /** The most that any plan of HubSpot allows. */
    private static final int CALLS_MOST = 250;

    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

    private final HubSpotWorld world;

    private HubSpotBackfillBenchmark(HubSpotWorld world) {
        this.world = world;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (var world = world(SandboxApp.CALLS_IN_TEN_SECONDS_MAX)) {
            new HubSpotBackfillBenchmark(world).rate();
        }
        var time = Duration.ofMinutes(Long.getLong("minutes", 60));
        try (var world = world(CALLS_MOST)) {
            new HubSpotBackfillBenchmark(world).memory(time);
        }
    }

    private static HubSpotWorld world(int callsMax) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("hubspot-backfill");
        var world = HubSpotWorld.start(
                new ServerProcess(folder, Map.of(), ServerProcess.USUAL), folder, CONTACTS + CONTACTS / 10, callsMax);
        world.hubSpot.gatherCrowd(CONTACTS, HubSpotWorld.DOMAIN);
        world.backfill("--all");
        return world;
    }

    private void rate() {
        LockSupport.parkNanos(WARM_UP.toNanos());
        var before = world.hubSpot.calls();
        int written = world.hubSpot.writtenOfCrowd();
        LockSupport.parkNanos(RATE_MEASURED.toNanos());
        double contacts = world.hubSpot.writtenOfCrowd() - written;
        var after = world.hubSpot.calls();
        double calls = sum(after) - sum(before);
        double searches = searches(after) - searches(before);
        double inTenSeconds = calls * 10 / RATE_MEASURED.toSeconds();
        System.out.printf(
                "%.0f contacts a second; for each hundred %.2f calls and %.2f searches; %.1f in ten seconds together,"
                        + " %.1f %% of the %d allowed; without searches at most %d in any ten seconds, refused %d%n",
                contacts / RATE_MEASURED.toSeconds(),
                100 * (calls - searches) / contacts,
                100 * searches / contacts,
                inTenSeconds,
                100 * inTenSeconds / SandboxApp.CALLS_IN_TEN_SECONDS_MAX,
                SandboxApp.CALLS_IN_TEN_SECONDS_MAX,
                world.hubSpot.callsInTenSecondsPeak(),
                world.hubSpot.callsRefused());
        System.out.println(after);
    }

    private static int sum(Map<String, Integer> calls) {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** HubSpot limits searches by the second; we count them among the others too, to be on the safe side. */
    private static int searches(Map<String, Integer> calls) {
        return calls.entrySet().stream()
                .filter(call -> call.getKey().endsWith("search"))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private void memory(Duration time) throws IOException, InterruptedException {
        var began = System.nanoTime();
        int next = 0;
        while (true) {
            int written = world.hubSpot.writtenOfCrowd();
            boolean isOver = written >= CONTACTS || System.nanoTime() - began > time.toNanos();
            if (written >= next || isOver) {
                System.out.printf(
                        "%,9d contacts after %4d s   heap after collection %3d MiB   resident %3d MiB%n",
                        written,
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began),
                        heapKiB() >> 10,
                        residentKiB() >> 10);
                next = written / SAMPLE_EVERY * SAMPLE_EVERY + SAMPLE_EVERY;
            }
            if (isOver) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
    }

    private long heapKiB() throws IOException, InterruptedException {
        jcmd("GC.run");
        return HEAP_USED
                .matcher(jcmd("GC.heap_info"))
                .results()
                .limit(2) // the young and the old generation; what follows is no heap
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .sum();
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(world.server.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        var printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + printed);
        }
        return printed;
    }

    private long residentKiB() throws IOException {
        var status = Files.readString(Path.of("/proc/" + world.server.pid() + "/status"));
        Matcher line = Pattern.compile("VmRSS:\\s*(\\d+) kB").matcher(status);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }
}
