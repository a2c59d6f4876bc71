package dev.gatepost.intake;

import dev.gatepost.intake.Simulator.Scope;
import dev.gatepost.intake.VerdictRows.Row;
import dev.gatepost.rules.Condition;
import dev.gatepost.rules.Outcome;
import dev.gatepost.rules.ReadyMade;
import dev.gatepost.rules.Rule;
import dev.gatepost.rules.Workflow;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.Reply;
import dev.gatepost.smtp.ReplyMeaning;
import dev.gatepost.smtp.Stage;
import dev.gatepost.smtp.Trust;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Stores;
import dev.gatepost.verify.Evidence;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Trait;
import dev.gatepost.verify.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How long it takes to try a workflow on stored verdicts, each with evidence of an ordinary SMTP dialogue beside it. Run by
 * {@code ./check bench simulate}; by hand with {@code SQLITE} or {@code POSTGRESQL} and the number of rows as arguments.
 */
public final class SimulateBenchmark {
    private static final int BATCH = 5_000;
    private static final int ROUNDS = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long SEED = 20261125;

    private SimulateBenchmark() {}

    public static void main(String[] arguments) {
        var dialect = arguments.length > 1 ? Dialect.valueOf(arguments[0]) : Dialect.SQLITE;
        var rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : Simulator.VERDICTS_MAX;
        try (var store = Stores.fresh(dialect)) {
            fill(store, rows);
            var simulator = new Simulator(store.database());
            var scope = new Scope("main", "", "", rows);
            for (var workflow : List.of(ReadyMade.B2B, lists())) {
                var best = Double.MAX_VALUE;
                var processor = Double.MAX_VALUE;
                for (int round = 0; round < ROUNDS; round++) {
                    var start = System.nanoTime();
                    var processorStart = THREADS.getCurrentThreadCpuTime();
                    var simulation = simulator.simulate(scope, workflow);
                    var seconds = (System.nanoTime() - start) / 1e9;
                    best = Math.min(best, seconds);
                    processor = Math.min(processor, (THREADS.getCurrentThreadCpuTime() - processorStart) / 1e9);
                    if (simulation.verdicts() != rows) {
                        throw new IllegalStateException("looked at " + simulation.verdicts());
                    }
                }
                System.out.printf(
                        "%-9s %-12s %,d verdicts: %.2f s, of which processor %.2f s (best of %d); heap in use %d MiB%n",
                        dialect, workflow.name(), rows, best, processor, ROUNDS, heapMiB());
            }
        }
    }

    private static void fill(Stores store, int rows) {
        var random = new Random(SEED);
        var reasons = Reason.values();
        for (int from = 0; from < rows; from += BATCH) {
            var batch = new ArrayList<Row>();
            for (int i = from; i < Math.min(rows, from + BATCH); i++) {
                var traits = EnumSet.noneOf(Trait.class);
                for (var trait : Trait.values()) {
                    if (random.nextInt(8) == 0) {
                        traits.add(trait);
                    }
                }
                batch.add(new Row(
                        "01m8ahpx0wkkc6hyred%07d".formatted(i),
                        "01m8ahpx0wkkc6hyredxm4vycj",
                        "1000" + i,
                        "first.last" + i + "@company" + i % 50_000 + ".example.org",
                        new Verdict(
                                random.nextBoolean() ? Reason.ACCEPTED : reasons[random.nextInt(reasons.length)],
                                traits,
                                random.nextInt(101),
                                List.of()),
                        random.nextBoolean() ? "Google Workspace" : "",
                        "standard",
                        1,
                        List.of(Outcome.values()).get(random.nextInt(3)).word(),
                        "reject disposable",
                        evidence(),
                        1_764_000_000_000L + i * 10L));
            }
            VerdictRows.insert(store.database(), "main", batch);
        }
    }

    /** Some 1,400 characters of JSON. */
    private static List<Evidence> evidence() {
        var said = IntStream.range(0, 5)
                .mapToObj(i -> (Evidence) new Evidence.Said(
                        "alt" + i + ".aspmx.l.google.com",
                        Stage.GREETING,
                        new Reply(250, "2.1.0", "OK d2e1a72fcca58-7b0f9f2c6f3si123456b3a.12 - gsmtp"),
                        12))
                .toList();
        var evidence = new ArrayList<Evidence>();
        evidence.add(new Evidence.Form(false, false, false));
        evidence.add(new Evidence.MailHosts(
                List.of("aspmx.l.google.com", "alt1.aspmx.l.google.com", "alt2.aspmx.l.google.com"),
                false,
                "Google Workspace",
                Trust.MEDIUM,
                List.of()));
        evidence.addAll(said);
        evidence.add(new Evidence.RecipientAnswered(
                "aspmx.l.google.com",
                new Reply(250, "2.1.5", "OK d2e1a72fcca58-7b0f9f2c6f3si123456b3a.12 - gsmtp"),
                ReplyMeaning.ACCEPT,
                AcceptAll.NO,
                true));
        return evidence;
    }

    /** A thousand blocked domains, and conditions that look at everything. */
    private static Workflow lists() {
        Set<String> domains = IntStream.range(0, 1_000)
                .mapToObj(i -> "company" + i * 7 + ".example.org")
                .collect(Collectors.toSet());
        return Workflow.draft(
                "Lists",
                List.of(
                        new Rule("block", new Condition.DomainIn(domains), Outcome.REJECT),
                        new Rule(
                                "us",
                                new Condition.AddressIn(Set.of("first.last7@company7.example.org")),
                                Outcome.ACCEPT),
                        new Rule(
                                "big",
                                new Condition.All(List.of(
                                        new Condition.ProviderIn(Set.of("Google Workspace")),
                                        new Condition.Not(new Condition.HasTrait(Trait.ROLE)))),
                                Outcome.ACCEPT),
                        new Rule("low", new Condition.ScoreBelow(40), Outcome.FLAG)),
                Outcome.ACCEPT,
                "");
    }

    private static long heapMiB() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }
}
