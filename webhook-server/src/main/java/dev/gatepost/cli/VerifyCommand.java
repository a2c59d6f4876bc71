package dev.gatepost.cli;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.cli.Checker.Terms;
import dev.gatepost.console.Words;
import dev.gatepost.intake.Settled;
import dev.gatepost.intake.VerificationJson;
import dev.gatepost.intake.VerificationJson.Detail;
import dev.gatepost.rules.Decision;
import dev.gatepost.rules.Workflow;
import dev.gatepost.server.Engine;
import dev.gatepost.verify.Evidence;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest.Depth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatepost verify}: the engine without store, CRM or credits. */
@Command(
        name = "verify",
        description = "Verifies addresses and says what the workflow makes of them. Costs no credit.",
        footer = {"", "Examples:", "  gatepost verify ann@acme.io", "  gatepost verify --json - < addresses.txt"})
final class VerifyCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final Engines engines;

    @Mixin
    private final JsonOption json = new JsonOption();

    /** Addresses up to this long keep the columns straight. */
    private static final int ADDRESS_COLUMNS = 34;

    /** When an answer that is not final is asked for again, while the command waits. */
    private static final List<Duration> RECHECK =
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(5));

    @Option(names = "--offline", description = "syntax and lists only; no packet leaves")
    private boolean offline;

    @Option(
            names = "--dialect",
            paramLabel = "DIALECT",
            description = "the grammar: smtp (default), rfc5321, smtputf8 or html5")
    private AddressDialect dialect = AddressDialect.SMTP;

    @Option(
            names = "--workflow",
            paramLabel = "W",
            description =
                    "the rules that decide: standard (default), newsletter-sign-up, paying-users, b2b-leads, or a file"
                            + " as workflow export writes it")
    private String workflowId = Workflow.STANDARD.id();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description =
                    "how long to wait for answers that are not final yet, such as 90s or 20m; 0s (default): not at"
                            + " all")
    private Duration wait = Duration.ZERO;

    @Option(names = "--concurrency", paramLabel = "N", description = "addresses worked on at a time; 200 (default)")
    private int concurrency = 200;

    @Parameters(paramLabel = "ADDRESS", arity = "1..*", description = "addresses; - reads stdin, one a line")
    private List<String> addresses = List.of();

    /**
     * The engines there are; each is made only when it is asked for.
     *
     * @param offline syntax and lists
     * @param configured asks whom the configuration says
     */
    record Engines(Supplier<Engine> offline, Supplier<Engine> configured) {}

    VerifyCommand(Terminal terminal, Engines engines) {
        this.terminal = terminal;
        this.engines = engines;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (concurrency < 1) {
            throw Failure.wrongUse("wrong_usage", "--concurrency must be 1 or more");
        }
        var workflow = WorkflowFile.named(workflowId);
        var terms = new Terms(dialect, offline ? Depth.OFFLINE : Depth.FULL, wait, RECHECK, concurrency, workflow);
        var engine = (offline ? engines.offline() : engines.configured()).get();
        try (var _ = engine.verifier()) {
            return verify(new Checker(engine, terms));
        }
    }

    private int verify(Checker checker) throws InterruptedException, IOException {
        var rejected = new AtomicBoolean();
        InOrder.Answering answer = text -> {
            var settled = checker.check(text);
            if (settled.judged().decision() instanceof Decision.Reject) {
                rejected.set(true);
            }
            return json.isSet() ? VerificationJson.write(settled, Detail.EVIDENCE) : line(settled);
        };
        if (addresses.equals(List.of("-"))) {
            var lines = new Lines(terminal.in());
            new InOrder(line -> answer.to(json.isSet() ? JsonLine.text(line) : line)).run(lines::next, terminal.out());
            return Exit.DONE.code();
        }
        var given = addresses.iterator();
        new InOrder(answer).run(() -> given.hasNext() ? Optional.of(given.next()) : Optional.empty(), terminal.out());
        return (rejected.get() ? Exit.NO : Exit.DONE).code();
    }

    /** What is wrong with a text that is no address; the reason alone would not help whoever typed it. */
    private static String wrong(Verification verification) {
        return verification.evidence().stream()
                .filter(Evidence.Malformed.class::isInstance)
                .map(each -> ": " + ((Evidence.Malformed) each).defect().sentence())
                .findFirst()
                .orElse("");
    }

    private static String line(Settled settled) {
        var verification = settled.judged().verification();
        var verdict = verification.verdict();
        var suggestion = verification.suggestion();
        return Painter.pad(Words.harmless(verification.email()), ADDRESS_COLUMNS)
                + "  " + Painter.pad(verdict.label().word(), 10)
                + "  " + Painter.pad(verdict.status().word(), 7)
                + "  " + Painter.pad(Integer.toString(verdict.score()), 3)
                + "  " + Painter.pad(settled.judged().decision().word(), 6)
                + "  " + verdict.reason().code() + wrong(verification)
                + (suggestion.isEmpty() ? "" : "  did you mean " + suggestion + "?");
    }
}
