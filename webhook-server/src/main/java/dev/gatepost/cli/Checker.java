package dev.gatepost.cli;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.intake.Billing;
import dev.gatepost.intake.Judged;
import dev.gatepost.intake.Settled;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.rules.Workflow;
import dev.gatepost.server.Engine;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.verify.VerifyRequest.Depth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Verifies and judges addresses for a command; waits for answers that are not final yet. Safe for any thread. */
final class Checker {

    private final Engine engine;
    private final Terms terms;
    private final Semaphore slots;

    /**
     * How a command wants its addresses verified.
     *
     * @param dialect the grammar
     * @param depth whom to ask
     * @param patience longest wait for an answer that is not final yet
     * @param recheck waits before asking again, counted from the answer before; the last one repeats
     * @param concurrency addresses worked on at a time; one that waits does not count
     * @param workflow the rules that decide
     */
    record Terms(
            AddressDialect dialect,
            Depth depth,
            Duration patience,
            List<Duration> recheck,
            int concurrency,
            Workflow workflow) {

        Terms {
            recheck = List.copyOf(recheck);
        }
    }

    Checker(Engine engine, Terms terms) {
        this.engine = engine;
        this.terms = terms;
        this.slots = new Semaphore(terms.concurrency());
    }

    /** Blocks the calling (virtual) thread. Costs no credit. */
    Settled check(String text) throws InterruptedException {
        var deadline = engine.clock().instant().plus(terms.patience());
        var verification = verify(text);
        for (var asked = 0; verification.verdict().reason().mayChange(); asked++) {
            var next = pause(asked, deadline);
            if (next.isZero()) {
                break;
            }
            Thread.sleep(next);
            verification = verify(text);
        }
        return settled(verification);
    }

    /** How long to wait before asking again; zero when the patience is used up. */
    private Duration pause(int asked, Instant deadline) {
        var left = Duration.between(engine.clock().instant(), deadline);
        if (!left.isPositive() || terms.recheck().isEmpty()) {
            return Duration.ZERO;
        }
        var planned = terms.recheck().get(Math.min(asked, terms.recheck().size() - 1));
        return planned.compareTo(left) < 0 ? planned : left;
    }

    private Verification verify(String text) throws InterruptedException {
        slots.acquire();
        try {
            return engine.verifier()
                    .verify(new VerifyRequest(
                            engine.ids().next(), text, terms.dialect(), terms.depth(), SmtpTimeouts.REAL_TIME));
        } finally {
            slots.release();
        }
    }

    private Settled settled(Verification verification) {
        var open = verification.verdict().reason().mayChange();
        return new Settled(
                Judged.by(terms.workflow(), verification),
                Billing.NOT_CHARGED_UNKNOWN,
                0,
                open ? Finality.OPEN : Finality.FINAL,
                verification.at());
    }
}
