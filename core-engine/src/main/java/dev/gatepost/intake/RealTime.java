package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.CallBooks.Begun;
import dev.gatepost.intake.CallBooks.Call;
import dev.gatepost.rules.Workflow;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.store.Courtesy;
import dev.gatepost.store.StoreBusy;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.verify.VerifyRequest.Depth;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.KeyKind;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final OpenChecks open = new OpenChecks();
    private final CallBooks books;
    private final Semaphore places = new Semaphore(UNDER_WAY_MAX);
    private final Semaphore rechecks = new Semaphore(RECHECKS_MAX);
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("realtime-sweep").factory());

    /** Built, not yet looking for what is due. */
    public RealTime(RealTimeParts parts) {
        this.parts = requireNonNull(parts, "parts");
        this.books = new CallBooks(parts, open);
    }

    /**
     * What to verify, for whom.
     *
     * @param keyId the key that asks, or the person
     * @param kind a test key's addresses come from {@link TestAddresses} and cost nothing
     * @param workflowId empty is the workspace's usual one
     * @param patience how long the caller waits, positive
     * @param callbackUrl where the final answer is posted once, a URL that was checked; empty for nowhere
     * @param once what makes the request the same when it comes again
     * @param reuse whether a known answer may be given
     */
    public record Ask(
            String workspaceId,
            String keyId,
            KeyKind kind,
            String email,
            String workflowId,
            Duration patience,
            String callbackUrl,
            Optional<Asked> once,
            Reuse reuse) {
        public Ask {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(keyId, "keyId");
            requireNonNull(kind, "kind");
            requireNonNull(email, "email");
            requireNonNull(workflowId, "workflowId");
            requireNonNull(patience, "patience");
            requireNonNull(callbackUrl, "callbackUrl");
            requireNonNull(once, "once");
            requireNonNull(reuse, "reuse");
        }

        /** With nobody to call back. */
        public Ask(
                String workspaceId,
                String keyId,
                KeyKind kind,
                String email,
                String workflowId,
                Duration patience,
                Optional<Asked> once) {
            this(workspaceId, keyId, kind, email, workflowId, patience, "", once, Reuse.ALLOWED);
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
            return new Run(new Call(ask, workflow.get(), parts.ids().next(), body)).verify();
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
                    parts.database()
                            .<Optional<String>>read(
                                    handle -> parts.outbox().callbacks().expected(handle, row.verificationId()))
                            .orElse(""),
                    parts.database().read(handle -> parts.idempotency().running(handle, row.verificationId())),
                    row.reuse());
            var workflow = parts.workflows()
                    .apply(row.workspaceId(), row.workflowId())
                    .or(() -> parts.workflows().apply(row.workspaceId(), ""))
                    .orElse(Workflow.STANDARD);
            new Run(new Call(ask, workflow, row.verificationId(), RealTime::plain)).again(row.checks());
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

    /** One verification on its way. */
    private final class Run {
        private final Call call;

        Run(Call call) {
            this.call = call;
        }

        Outcome verify() {
            try (var onItsWay = parts.database().callBegins()) {
                return switch (books.begin(call)) {
                    case Begun.Ended(var outcome) -> outcome;
                    case Begun.Go _ -> verify(onItsWay);
                };
            }
        }

        private Outcome verify(Courtesy.Call onItsWay) {
            try {
                onItsWay.step();
                var seen = seen(0, this::later);
                onItsWay.step();
                return books.end(call, seen, 1);
            } finally {
                call.answered().countDown();
            }
        }

        /** A check of its own, with nobody waiting. */
        void again(int checks) {
            call.opened().set(true);
            books.end(call, seen(checks, _ -> {}), checks + 1);
        }

        private Verification seen(int checks, Consumer<Verification> later) {
            var ask = call.ask();
            var request = new VerifyRequest(
                            call.id(), ask.email(), Candidate.DIALECT, Depth.FULL, SmtpTimeouts.REAL_TIME)
                    .within(ask.patience());
            return call.isTest()
                    ? TestAddresses.verify(request, checks, later, parts.clock())
                    : parts.verify().apply(request, later);
        }

        /** The whole answer comes after the interim one, in the store too. */
        private void later(Verification whole) {
            try {
                if (!call.answered().await(INTERIM_WAIT_MAX.toSeconds(), TimeUnit.SECONDS)) {
                    LOG.warn("an interim answer was not stored in time verification={}", call.id());
                }
                books.end(call, whole, 1);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // the row of open checks is due in a while, and brings it back
            } catch (StoreBusy _) {
                LOG.info("a late answer could not be stored, and is asked for again verification={}", call.id());
            }
        }
    }
}
