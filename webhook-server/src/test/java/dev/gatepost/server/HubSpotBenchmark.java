package dev.gatepost.server;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long from a contact's creation in HubSpot until our fields stand on it, with mail hosts that answer at once, at 1, 10
 * and 100 contacts a second. The portal allows 110 calls in ten seconds throughout, as HubSpot's do, so that the faster
 * rates show how well calls are shared. Run by {@code ./check bench hubspot}.
 */
final class HubSpotBenchmark {
    private static final Duration MEASURED = Duration.ofSeconds(30);
    private static final Duration REST_MAX = Duration.ofMinutes(2);

    private final HubSpotWorld world;
    private final Map<String, Long> born = new ConcurrentHashMap<>();
    private final Map<String, Long> written = new ConcurrentHashMap<>();
    private int contacts;

    private HubSpotBenchmark(HubSpotWorld world) {
        this.world = world;
        world.hubSpot.onChange(contact -> written.putIfAbsent(contact.id(), System.nanoTime()));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (var world = HubSpotWorld.start(Files.createTempDirectory("hubspot-benchmark"), 100_000)) {
            var benchmark = new HubSpotBenchmark(world);
            benchmark.run(10, Duration.ofSeconds(10), "warm-up");
            benchmark.run(1, MEASURED, "1 a second");
            benchmark.run(10, MEASURED, "10 a second");
            benchmark.run(100, MEASURED, "100 a second");
            System.out.println("calls HubSpot refused: " + world.hubSpot.callsRefused() + ", most in ten seconds: "
                    + world.hubSpot.callsInTenSecondsPeak());
        }
    }

    private void run(int perSecond, Duration how, String name) {
        born.clear();
        written.clear();
        var pause = TimeUnit.SECONDS.toNanos(1) / perSecond;
        var next = System.nanoTime();
        var end = next + how.toNanos();
        while (next < end) {
            LockSupport.parkNanos(next - System.nanoTime());
            var at = System.nanoTime();
            var id = world.hubSpot.createContact("bench" + contacts + "@" + HubSpotWorld.DOMAIN, Map.of());
            contacts++;
            born.put(id, at);
            next += pause;
        }
        var deadline = System.nanoTime() + REST_MAX.toNanos();
        while (!written.keySet().containsAll(born.keySet()) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        var times = new ArrayList<Long>();
        born.forEach((id, at) -> times.add(written.getOrDefault(id, Long.MAX_VALUE) - at));
        times.sort(null);
        System.out.printf(
                "%-14s %,6d contacts   p50 %7.1f ms   p95 %7.1f ms   slowest %7.1f ms%n",
                name,
                times.size(),
                times.get(times.size() / 2) / 1e6,
                times.get((int) (times.size() * 0.95)) / 1e6,
                times.getLast() / 1e6);
    }
}
