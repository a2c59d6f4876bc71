package dev.gatepost.server;

import dev.gatepost.activecampaign.sandbox.SandboxActiveCampaign;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long from ActiveCampaign's webhook until our fields stand on the contact, at 1 and 4 contacts a second, and how many
 * contacts an hour come through when they come by the hundred: written singly against the budget of four calls a second, and
 * by import. Mail hosts answer at once. Run by {@code ./check bench activecampaign}.
 */
final class ActiveCampaignBenchmark {
    private static final Duration MEASURED = Duration.ofSeconds(30);
    private static final Duration REST_MAX = Duration.ofMinutes(4);
    private static final int MANY = 400;
    /** Contacts an hour if every call of the budget wrote one. */
    private static final double BUDGET = 4 * 3_600.0;

    private final Map<String, Long> written = new ConcurrentHashMap<>();
    private int contacts;

    private ActiveCampaignBenchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (var mode : List.of("no", "yes")) {
            var folder = Files.createTempDirectory("activecampaign-benchmark");
            try (var crm = SandboxActiveCampaign.start(0, InstantSource.system());
                    var server = new ServerProcess(folder)) {
                ActiveCampaignProof.connect(crm, server, folder, "--bulk-import", mode);
                server.run("credits", "grant", "10000");
                var benchmark = new ActiveCampaignBenchmark();
                crm.onWrite(id -> benchmark.written.putIfAbsent(id, System.nanoTime()));
                if (mode.equals("no")) {
                    benchmark.steady(crm, 1, "1 a second");
                    benchmark.steady(crm, 4, "4 a second");
                }
                benchmark.many(crm, mode.equals("no") ? "singly" : "by import");
                System.out.println("most calls in a second: " + crm.callsInASecondPeak());
            }
        }
    }

    private String create(SandboxActiveCampaign crm) {
        return crm.createContact("bench" + contacts++ + "@" + ServerProcess.DOMAIN, Map.of());
    }

    private void steady(SandboxActiveCampaign crm, int perSecond, String name) {
        var born = new HashMap<String, Long>();
        var pause = TimeUnit.SECONDS.toNanos(1) / perSecond;
        var next = System.nanoTime();
        var end = next + MEASURED.toNanos();
        while (next < end) {
            LockSupport.parkNanos(next - System.nanoTime());
            var at = System.nanoTime();
            born.put(create(crm), at);
            next += pause;
        }
        await(born);
        var times = new ArrayList<Long>();
        born.forEach((id, at) -> times.add(written.getOrDefault(id, Long.MAX_VALUE) - at));
        times.sort(null);
        System.out.printf(
                "%-12s %5d contacts   p50 %8.1f ms   p95 %8.1f ms   slowest %8.1f ms%n",
                name,
                times.size(),
                times.get(times.size() / 2) / 1e6,
                times.get((int) (times.size() * 0.95)) / 1e6,
                times.getLast() / 1e6);
    }

    private void many(SandboxActiveCampaign crm, String name) {
        var born = new HashMap<String, Long>();
        int before = calls(crm);
        for (int i = 0; i < MANY; i++) {
            born.put(create(crm), System.nanoTime());
        }
        await(born);
        var times = born.keySet().stream()
                .map(id -> written.getOrDefault(id, Long.MAX_VALUE))
                .sorted()
                .toList();
        // From the first write on, so that the start of the work does not count.
        double hours = (times.getLast() - times.getFirst()) / 3.6e12;
        double perHour = (MANY - 1) / hours;
        System.out.printf(
                "%-12s %5d contacts   %,9.0f an hour, %.1f %% of the budget, by %d calls%n",
                name, MANY, perHour, 100 * perHour / BUDGET, calls(crm) - before);
    }

    private static int calls(SandboxActiveCampaign crm) {
        return crm.calls().values().stream().mapToInt(Integer::intValue).sum();
    }

    private void await(Map<String, Long> born) {
        var deadline = System.nanoTime() + REST_MAX.toNanos();
        while (!written.keySet().containsAll(born.keySet()) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
