package dev.gatepost.smtp;

import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.dns.MailHost;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * Prints time, connections and commands for lists of addresses, a tenth of which do not exist: 1,000 at one domain, and
 * 2,000 over 200 domains, with hosts that take 0, 20 and 50 ms for each flight of replies. Sessions at once are limited as
 * in production; addresses per minute are not, or the first list would take eight minutes by design.
 */
final class BulkProbeBenchmark {
    private static final HostLimits UNPACED = new HostLimits(2, 4, 1_000_000, 1_000_000, 200);

    private BulkProbeBenchmark() {}

    private record Question(EmailAddress address, MailHost host) {}

    public static void main(String[] args) throws Exception {
        run(1, 200, Duration.ZERO); // warms up the machine
        System.out.printf("%-34s %8s %12s %9s %10s%n", "list", "ms", "connections", "commands", "CPU ms");
        System.out.printf("%-34s %8s %12s %9s %10s%n", "", "", "", "/address", "/address");
        for (var delay : List.of(Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(50))) {
            System.out.println(run(1, 1_000, delay));
            System.out.println(run(200, 10, delay));
        }
    }

    private static String run(int domains, int addressesEach, Duration delay) throws Exception {
        var hosts = new ArrayList<ScriptedMailHost>();
        try {
            for (int i = 0; i < domains; i++) {
                hosts.add(host(i, hosts.isEmpty() ? 0 : hosts.getFirst().port(), addressesEach, delay));
            }
            return measure(hosts, addressesEach, delay);
        } finally {
            hosts.forEach(ScriptedMailHost::close);
        }
    }

    private static ScriptedMailHost host(int number, int port, int addresses, Duration delay) throws IOException {
        var known = new ArrayList<String>();
        for (int i = 0; i < addresses; i++) {
            if (i % 10 != 0) {
                known.add("user" + i);
            }
        }
        var address = InetAddress.getByAddress(new byte[] {127, 78, (byte) number, 1});
        var script = MailScript.knowing(known.toArray(String[]::new)).slow(delay);
        return ScriptedMailHost.start(address, port, script, InstantSource.system());
    }

    private static String measure(List<ScriptedMailHost> hosts, int addressesEach, Duration delay) throws Exception {
        var questions = questions(hosts, addressesEach);
        int port = hosts.getFirst().port();
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        try (var probe = new SmtpProbe(
                        new LoopbackDialer(),
                        ProbeBench.IDENTITY,
                        port,
                        InstantSource.system(),
                        new Random(7),
                        UNPACED);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asks = questions.stream()
                    .map(one -> (Callable<ProbeResult>)
                            () -> probe.probe(one.address(), List.of(one.host()), SmtpTimeouts.BULK))
                    .toList();
            for (var answer : threads.invokeAll(asks)) {
                if (!(answer.get().outcome() instanceof ProbeResult.Answered)) {
                    throw new IllegalStateException("no answer: " + answer.get());
                }
            }
        }
        double millis = (System.nanoTime() - begin) / 1e6;
        double count = questions.size();
        int sessions = hosts.stream().mapToInt(ScriptedMailHost::sessions).sum();
        long commands = hosts.stream().mapToLong(host -> host.commands().size()).sum();
        var list = "%,d over %d domains, %d ms".formatted(questions.size(), hosts.size(), delay.toMillis());
        return "%-34s %8.0f %12d %9.2f %10.3f"
                .formatted(list, millis, sessions, commands / count, (cpuNanos() - cpu) / 1e6 / count);
    }

    private static List<Question> questions(List<ScriptedMailHost> hosts, int addressesEach) {
        var questions = new ArrayList<Question>();
        for (int i = 0; i < addressesEach; i++) {
            for (int h = 0; h < hosts.size(); h++) {
                var address = new EmailAddress("user" + i, new Domain("d" + h + ".sandbox-mail.com"));
                var addresses = List.of(hosts.get(h).address());
                questions.add(new Question(address, new MailHost("mx.firm-" + h + ".com", 10, addresses)));
            }
        }
        return questions;
    }

    /** Of the whole process, scripted hosts included. */
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }
}
