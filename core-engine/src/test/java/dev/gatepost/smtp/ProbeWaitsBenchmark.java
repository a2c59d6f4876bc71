package dev.gatepost.smtp;

import dev.gatepost.sandbox.MailScript;
import java.time.Duration;
import java.util.List;

/** Prints how often a cold probe waits for the host, and how long that takes at 0, 20 and 50 ms for each reply. */
final class ProbeWaitsBenchmark {
    private static final int WARM_UP = 200;

    private ProbeWaitsBenchmark() {}

    public static void main(String[] args) {
        for (int i = 0; i < WARM_UP; i++) {
            waits(MailScript.knowing("jane"), "jane");
        }
        System.out.printf("%-44s %5s %8s%n", "cold probe", "waits", "ms");
        for (var delay : List.of(Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(50))) {
            var host = MailScript.knowing("jane").slow(delay);
            var suffix = ", " + delay.toMillis() + " ms a reply";
            print("pipelining, mailbox there" + suffix, host, "jane");
            print("pipelining, no such mailbox" + suffix, host, "john");
            print("one by one, mailbox there" + suffix, host.withoutPipelining(), "jane");
            print("one by one, no such mailbox" + suffix, host.withoutPipelining(), "john");
        }
    }

    private static void print(String what, MailScript script, String localPart) {
        long begin = System.nanoTime();
        int waits = waits(script, localPart);
        System.out.printf("%-44s %5d %8.1f%n", what, waits, (System.nanoTime() - begin) / 1e6);
    }

    private static int waits(MailScript script, String localPart) {
        try (var bench = new ProbeBench(script)) {
            var _ = bench.ask(localPart);
            return bench.host.waits();
        }
    }
}
