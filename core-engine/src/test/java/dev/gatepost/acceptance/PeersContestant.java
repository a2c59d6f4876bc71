package dev.gatepost.acceptance;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.dns.DnsjavaResolver;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.lists.ReferenceLists;
import dev.gatepost.smtp.HostLimits;
import dev.gatepost.smtp.SmtpProbe;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.verify.Status;
import dev.gatepost.verify.Verifier;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.verify.VerifyRequest.Depth;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Gatepost's side of {@link PeersBenchmark}: speaks as {@code src/test/peers/driver.js} does, so that it is measured the
 * same way, in a process of its own. Arguments: name server's port, verifications at once.
 */
final class PeersContestant {
    /** As in production, but for the addresses a minute, which hold a long list up by design. */
    private static final HostLimits UNPACED = new HostLimits(2, 4, 1_000_000, 1_000_000, 200);

    private PeersContestant() {}

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        var clock = InstantSource.system();
        var servers = List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(args[0])));
        var rules = EgressRules.parse("smtp=" + PeersBenchmark.RANGE + ":25")
                .withSmtpPort(PeersBenchmark.SMTP_PORT)
                .withNameServers(servers);
        var egress = new Egress(rules, clock);
        var router = new MailRouter(
                new DnsjavaResolver(egress, servers, clock, new Random(1)), egress::routable, new Random(1));
        try (var probe =
                new SmtpProbe(egress, EngineWorld.IDENTITY, PeersBenchmark.SMTP_PORT, clock, new Random(1), UNPACED)) {
            var verifier = Verifier.probing(ReferenceLists.shipped(), router, probe, clock);
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            var addresses = new ArrayList<String>();
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    System.out.println(run(verifier, addresses, Integer.parseInt(args[1])));
                    addresses.clear();
                } else {
                    addresses.add(line);
                }
            }
        }
    }

    private record Timed(Status status, double millis) {}

    private static String run(Verifier verifier, List<String> addresses, int atOnce)
            throws InterruptedException, ExecutionException, IOException {
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        var counts = new EnumMap<Status, Integer>(Status.class);
        var times = new ArrayList<Double>();
        try (var threads =
                Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            var asks = addresses.stream()
                    .map(address -> (Callable<Timed>) () -> timed(verifier, address))
                    .toList();
            for (var answer : threads.invokeAll(asks)) {
                counts.merge(answer.get().status(), 1, Integer::sum);
                times.add(answer.get().millis());
            }
        }
        double millis = (System.nanoTime() - begin) / 1e6;
        times.sort(null);
        return String.format(
                Locale.ROOT,
                "done %.1f %.1f %d %d %d %.1f %d",
                millis,
                times.get(times.size() / 2),
                counts.getOrDefault(Status.VALID, 0),
                counts.getOrDefault(Status.INVALID, 0),
                counts.getOrDefault(Status.UNKNOWN, 0) + counts.getOrDefault(Status.RISKY, 0),
                (cpuNanos() - cpu) / 1e6,
                peakMegabytes());
    }

    private static Timed timed(Verifier verifier, String address) {
        long begin = System.nanoTime();
        var request = new VerifyRequest("bench", address, AddressDialect.SMTP, Depth.FULL, SmtpTimeouts.BULK);
        var status = verifier.verify(request).verdict().status();
        return new Timed(status, (System.nanoTime() - begin) / 1e6);
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    private static long peakMegabytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                    .findFirst()
                    .orElse(0);
        }
    }
}
