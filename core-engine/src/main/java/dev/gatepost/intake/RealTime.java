package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.intake.Settlement.Item;
import dev.gatepost.intake.Settlement.Recheck;
import dev.gatepost.intake.Verifications.Known;
import dev.gatepost.intake.Verifications.Origin;
import dev.gatepost.ledger.Reservation;
import dev.gatepost.rules.Workflow;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.store.StoreBusy;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Verdict;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.verify.VerifyRequest.Depth;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.Idempotency.Turn;
import dev.gatepost.workspace.KeyKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One verification while somebody waits: verify, decide and one commit that holds the answer, its credit and its usage row.
 * Stands behind no queue. What the caller did not wait for goes on, and what is not final is asked again on schedule. Safe for
 * any thread.
 */
public final class RealTime implements AutoCloseable {
    /** Where these verifications come from, in tables. */
    static final String SOURCE = "api";

    /** As above, for test keys. */
    static final String TEST_SOURCE = "test";

    /** Verifications under way at a time, each on a virtual thread; more are refused, so that none waits unseen. */
    private static final int UNDER_WAY_MAX = 4_000;

    /** Rechecks under way at a time, so that they take little from those who wait. */
    private static final int RECHECKS_MAX = 64;

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

    private static final Duration PURGE_EVERY = Duration.ofMinutes(10);

    /** Old answers removed in one transaction: a few milliseconds of the writer. */
    private static final int PURGED_MAX = 500;

    /** Longest wait for the interim answer to be stored before the later one may be. */
    private static final Duration INTERIM_WAIT_MAX = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(RealTime.class);

    private final RealTimeParts parts;
    private final Verifications verifications = new Verifications();
    private final OpenChecks open = new OpenChecks();
    private final Settlement settlement;
    private final Recheck recheck;
    private final Semaphore places = new Semaphore(UNDER_WAY_MAX);
    private final Semaphore rechecks = new Semaphore(RECHECKS_MAX);
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("realtime-sweep").factory());

    /** Built, not yet looking for what is due. */
    public RealTime(RealTimeParts parts) {
        this.parts = requireNonNull(parts, "parts");
        this.recheck = new Recheck(parts.recheck());
        this.settlement = new Settlement(
                parts.ledger(),
                verifications,
                new Claims(parts.keyedHash(), parts.freshness()),
                recheck,
                parts.freshness(),
                parts.outbox());
    }

    /**
     * What to verify, for whom.
     *
     * @param keyId the key that asks, or the person
     * @param kind a test key's addresses come from {@link TestAddresses} and cost nothing
     * @param workflowId empty is the workspace's usual one
     * @param patience how long the caller waits, positive
     * @param once what makes the request the same when it comes again
     */
    public record Ask(
            String workspaceId,
            String keyId,
            KeyKind kind,
            String email,
            String workflowId,
            Duration patience,
            Optional<Asked> once) {
        public Ask {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(keyId, "keyId");
            requireNonNull(kind, "kind");
            requireNonNull(email, "email");
            requireNonNull(workflowId, "workflowId");
            requireNonNull(patience, "patience");
            requireNonNull(once, "once");
        }
    }

    /** How it went. */
    public sealed interface Outcome {
        /** Verified and stored; {@code body} is what is kept as the answer. */
        record Done(Settled settled, String body) implements Outcome {}

        /** The same request was answered so before. */
        record Replayed(int status, String body) implements Outcome {}

        /** The same request is under way. */
        record Running() implements Outcome {}

        /** Its Idempotency-Key was used for another request. */
        record Different() implements Outcome {}

        /** No credit could be set aside; nothing was asked of anybody. */
        record NoCredits() implements Outcome {}

        /** The workspace has no such workflow. */
        record NoWorkflow() implements Outcome {}

        /** Too many are under way. */
        record Busy() implements Outcome {}
    }

    /**
     * Verifies; blocks the (virtual) thread for as long as the caller is willing to wait, and for two commits.
     *
     * @param body makes the answer's text, which is stored with it when the request has an Idempotency-Key
     */
    public Outcome verify(Ask ask, Function<Settled, String> body) {
        var workflow = parts.workflows().apply(ask.workspaceId(), ask.workflowId());
        if (workflow.isEmpty()) {
            return new Outcome.NoWorkflow();
        }
        if (!places.tryAcquire()) {
            return new Outcome.Busy();
        }
        try {
            return new Run(ask, workflow.get(), parts.ids().next(), body).verify();
        } finally {
            places.release();
        }
    }

    /** Begins to look each second for what is due. */
    public void start() {
        var _ = sweeper.scheduleWithFixedDelay(
                this::sweep, SWEEP_EVERY.toMillis(), SWEEP_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        var _ = sweeper.scheduleWithFixedDelay(
                this::purge, PURGE_EVERY.toMillis(), PURGE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Removes answers to Idempotency-Keys whose time is over (reliability K3). */
    private void purge() {
        try {
            var removed = PURGED_MAX;
            while (removed == PURGED_MAX) {
                removed = parts.database()
                        .<Integer>write(handle -> parts.idempotency().purge(handle, PURGED_MAX));
            }
        } catch (RuntimeException e) {
            LOG.error("removing old answers failed; tried again in {}", PURGE_EVERY, e);
        }
    }

    private void sweep() {
        try {
            var now = parts.clock().instant();
            if (!parts.database().<Boolean>read(handle -> open.isAnyDue(handle, now))) {
                return;
            }
            for (var row : parts.database().write(handle -> open.take(handle, now))) {
                rechecks.acquire();
                Thread.ofVirtual().name("recheck").start(() -> checkAgain(row));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("looking for due verifications failed; tried again in a second", e);
        }
    }

    private void checkAgain(OpenChecks.Row row) {
        try {
            var kind = row.source().equals(TEST_SOURCE) ? KeyKind.TEST : KeyKind.LIVE;
            var ask = new Ask(
                    row.workspaceId(),
                    row.keyId(),
                    kind,
                    row.email(),
                    row.workflowId(),
                    SmtpTimeouts.REAL_TIME.total(),
                    parts.database().read(handle -> parts.idempotency().running(handle, row.verificationId())));
            var workflow = parts.workflows()
                    .apply(row.workspaceId(), row.workflowId())
                    .or(() -> parts.workflows().apply(row.workspaceId(), ""))
                    .orElse(Workflow.STANDARD);
            new Run(ask, workflow, row.verificationId(), RealTime::plain).again(row.checks());
        } catch (RuntimeException e) {
            LOG.error("checking again failed verification={}; taken up later", row.verificationId(), e);
        } finally {
            rechecks.release();
        }
    }

    /** What a verification that the API asked for is charged under (reliability C3). */
    static String chargeKey(String workspaceId, String verificationId) {
        return SOURCE + ":" + workspaceId + ":" + verificationId;
    }

    private static String plain(Settled settled) {
        return VerificationJson.write(settled, VerificationJson.Detail.PLAIN);
    }

    /** Stops looking for what is due; what is under way is taken up again later. */
    @Override
    public void close() {
        sweeper.shutdownNow();
    }

    /** What the first transaction found. */
    private sealed interface Begun {
        record Go() implements Begun {}

        record Ended(Outcome outcome) implements Begun {}
    }

    /** One verification on its way. */
    private final class Run {
        private final Ask ask;
        private final Workflow workflow;
        private final String id;
        private final Function<Settled, String> body;
        private final CountDownLatch answered = new CountDownLatch(1);

        /** Whether a row of open checks stands for it; a test key's has none before its interim answer. */
        private volatile boolean opened;

        Run(Ask ask, Workflow workflow, String id, Function<Settled, String> body) {
            this.ask = ask;
            this.workflow = workflow;
            this.id = id;
            this.body = body;
        }

        Outcome verify() {
            return switch (parts.database().write(this::begin)) {
                case Begun.Ended(var outcome) -> outcome;
                case Begun.Go _ -> {
                    try {
                        var seen = seen(0, this::later);
                        yield parts.database().write(handle -> end(handle, seen, 1));
                    } finally {
                        answered.countDown();
                    }
                }
            };
        }

        /** A check of its own, with nobody waiting. */
        void again(int checks) {
            opened = true;
            var seen = seen(checks, _ -> {});
            parts.database().write(handle -> end(handle, seen, checks + 1));
        }

        private Verification seen(int checks, Consumer<Verification> later) {
            var request = new VerifyRequest(id, ask.email(), Candidate.DIALECT, Depth.FULL, SmtpTimeouts.REAL_TIME)
                    .within(ask.patience());
            return isTest()
                    ? TestAddresses.verify(request, checks, later, parts.clock())
                    : parts.verify().apply(request, later);
        }

        /** The whole answer comes after the interim one, in the store too. */
        private void later(Verification whole) {
            try {
                if (!answered.await(INTERIM_WAIT_MAX.toSeconds(), TimeUnit.SECONDS)) {
                    LOG.warn("an interim answer was not stored in time verification={}", id);
                }
                parts.database().write(handle -> end(handle, whole, 1));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // the row of open checks is due in a while, and brings it back
            } catch (StoreBusy _) {
                LOG.info("a late answer could not be stored, and is asked for again verification={}", id);
            }
        }

        private boolean isTest() {
            return ask.kind() == KeyKind.TEST;
        }

        private String chargeKey() {
            return RealTime.chargeKey(ask.workspaceId(), id);
        }

        private Origin origin() {
            return new Origin(ask.workspaceId(), isTest() ? TEST_SOURCE : SOURCE, "", "", isTest() ? "" : chargeKey());
        }

        private Begun begin(Handle handle) {
            var now = parts.clock().instant();
            var turn = ask.once()
                    .map(asked -> parts.idempotency().take(handle, asked, id))
                    .orElse(new Turn.First());
            return switch (turn) {
                case Turn.Answered(var status, var kept) -> new Begun.Ended(new Outcome.Replayed(status, kept));
                case Turn.Running _ -> new Begun.Ended(new Outcome.Running());
                case Turn.Different _ -> new Begun.Ended(new Outcome.Different());
                case Turn.First _ -> isTest() ? new Begun.Go() : reuseOrReserve(handle, now);
            };
        }

        private Begun reuseOrReserve(Handle handle, Instant now) {
            if (AddressParser.parse(ask.email(), Candidate.DIALECT) instanceof Syntax.Wellformed(var address)) {
                var known = verifications.known(
                        handle, ask.workspaceId(), address.normalized(), now.minus(parts.freshness()));
                if (known.isPresent()) {
                    return new Begun.Ended(reuse(handle, address.normalized(), known.get()));
                }
            }
            var reserved = parts.ledger().post(handle, ask.workspaceId(), posting -> posting.reserve(chargeKey(), id));
            if (reserved == Reservation.INSUFFICIENT) {
                ask.once().ifPresent(asked -> parts.idempotency().withdraw(handle, asked));
                return new Begun.Ended(new Outcome.NoCredits());
            }
            open.open(handle, row(0, now.plus(OpenChecks.HELD)), now);
            return new Begun.Go();
        }

        private OpenChecks.Row row(int checks, Instant due) {
            return new OpenChecks.Row(
                    id, ask.workspaceId(), ask.keyId(), ask.email(), workflow.id(), checks, due, origin().source());
        }

        private Outcome reuse(Handle handle, String normalized, Known known) {
            var evidence = EvidenceJson.read(known.evidence());
            var copy = new Verification(
                    id,
                    ask.email(),
                    normalized,
                    known.domain(),
                    evidence,
                    Verdict.of(evidence),
                    known.verifiedAt(),
                    Duration.ZERO);
            var settled = new Settled(
                    Judged.by(workflow, copy),
                    Billing.REUSED,
                    0,
                    Finality.FINAL,
                    known.verifiedAt().plus(parts.freshness()));
            verifications.store(handle, origin(), settled, 0, null, known.id());
            return done(handle, settled);
        }

        /** The answer, its credit, its usage row and its next check, in one transaction (reliability C5). */
        private Outcome end(Handle handle, Verification seen, int checks) {
            if ((opened || !isTest()) && !open.hold(handle, id)) {
                return new Outcome.Busy(); // this node was away so long that another finished it, or it was erased
            }
            var now = parts.clock().instant();
            var judged = Judged.by(workflow, seen);
            if (seen.verdict().reason() == Reason.IN_PROGRESS) {
                return interim(handle, judged, now);
            }
            var item = new Item(origin(), judged, checks, "");
            var settled = isTest()
                    ? settlement.settleFree(handle, item, now)
                    : settlement
                            .settle(handle, ask.workspaceId(), List.of(item), now)
                            .getFirst();
            if (settled.finality() == Finality.FINAL) {
                open.close(handle, id);
            } else {
                var next = requireNonNull(recheck.after(checks, now));
                open.open(handle, row(checks, next), now);
            }
            return done(handle, settled);
        }

        private Outcome interim(Handle handle, Judged judged, Instant now) {
            var settled = new Settled(judged, isTest() ? Billing.TEST : Billing.RESERVED, 0, Finality.OPEN, now);
            var due = now.plus(OpenChecks.HELD);
            verifications.store(handle, origin(), settled, 0, due, "");
            open.open(handle, row(0, due), now);
            opened = true;
            return done(handle, settled);
        }

        private Outcome done(Handle handle, Settled settled) {
            var text = body.apply(settled);
            ask.once().ifPresent(asked -> {
                if (answered.getCount() > 0) {
                    parts.idempotency().done(handle, asked, 200, text);
                }
            });
            return new Outcome.Done(settled, text);
        }
    }
}
