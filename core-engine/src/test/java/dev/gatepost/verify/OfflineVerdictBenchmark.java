package dev.gatepost.verify;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.lists.ReferenceLists;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.verify.VerifyRequest.Depth;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Verdicts a second on one thread without a network: syntax, lists, suggestion, evidence, verdict and score. Prints the
 * best of five rounds for a mix of addresses.
 */
final class OfflineVerdictBenchmark {
    private static final Duration ROUND = Duration.ofSeconds(3);
    private static final int ROUNDS = 5;

    private OfflineVerdictBenchmark() {}

    public static void main(String[] arguments) {
        var verifier = Verifier.withoutSmtp(
                ReferenceLists.shipped(),
                new MailRouter(new FakeZone(), _ -> true, new Random(1)),
                InstantSource.system());
        var requests = requests();
        var best = 0.0;
        for (int i = 0; i < ROUNDS; i++) {
            best = Math.max(best, round(verifier, requests));
        }
        System.out.printf("offline verdicts, one thread: %,.0f a second%n", best);
    }

    private static double round(Verifier verifier, List<VerifyRequest> requests) {
        long done = 0;
        long points = 0;
        long began = cpuNanos();
        while (cpuNanos() - began < ROUND.toNanos()) {
            for (var request : requests) {
                points += verifier.verify(request).verdict().score();
            }
            done += requests.size();
        }
        if (points == 0) {
            throw new IllegalStateException("nothing was verified");
        }
        return done * 1e9 / (cpuNanos() - began);
    }

    /** Of this thread alone, so that a busy machine counts less. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Half at large providers, a third at companies, some roles, disposables, slips and texts that are no address. */
    private static List<VerifyRequest> requests() {
        var random = new Random(1);
        var requests = new ArrayList<VerifyRequest>();
        for (int i = 0; i < 1_000; i++) {
            var name = "jane.miller" + random.nextInt(10_000);
            var text = switch (random.nextInt(20)) {
                case 0 -> "info@company" + i + ".com";
                case 1 -> name + "@mailinator.com";
                case 2 -> name + "@gmial.com";
                case 3 -> name + "..@example.org";
                case 4, 5, 6, 7, 8, 9, 10 -> name + "@company" + i + ".de";
                case 11, 12, 13 -> name + "@outlook.com";
                case 14, 15 -> name + "@yahoo.com";
                default -> name + "@gmail.com";
            };
            requests.add(new VerifyRequest("id", text, AddressDialect.SMTP, Depth.OFFLINE, SmtpTimeouts.REAL_TIME));
        }
        return requests;
    }
}
