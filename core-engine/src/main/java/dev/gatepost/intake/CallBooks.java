package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import dev.gatepost.hook.Callbacks;
import dev.gatepost.intake.RealTime.Ask;
import dev.gatepost.intake.RealTime.Outcome;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.intake.Settlement.Item;
import dev.gatepost.intake.Settlement.Recheck;
import dev.gatepost.intake.UsageRows.Unpaid;
import dev.gatepost.intake.Verifications.Answer;
import dev.gatepost.intake.Verifications.Known;
import dev.gatepost.intake.Verifications.Origin;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.ledger.Reservation;
import dev.gatepost.rules.Workflow;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Verdict;
import dev.gatepost.verify.Verification;
import dev.gatepost.workspace.Idempotency.Turn;
import dev.gatepost.workspace.KeyKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * What a call of the API puts into the store: at its beginning the credit set aside, at its end the answer with all that
 * belongs to it. The calls of one workspace that come together are written together, with one posting in the ledger. Safe
 * for any thread.
 */
final class CallBooks {
    /** HTTP status of an answer, and of one after which there is a callback. */
    private static final int OK = 200;

    private static final int ACCEPTED = 202;

    private final RealTimeParts parts;
    private final OpenChecks open;
    private final Callbacks callbacks;
    private final Verifications verifications = new Verifications();
    private final UsageRows usage = new UsageRows();
    private final Recheck recheck;
    private final Settlement settlement;
    private final Gathering<Call, Begun> beginnings;
    private final Gathering<Seen, Outcome> ends;

    CallBooks(RealTimeParts parts, OpenChecks open) {
        this.parts = requireNonNull(parts, "parts");
        this.open = requireNonNull(open, "open");
        this.callbacks = parts.outbox().callbacks();
        this.recheck = new Recheck(parts.recheck());
        this.settlement = new Settlement(
                parts.ledger(),
                verifications,
                new Claims(parts.keyedHash(), parts.freshness()),
                recheck,
                parts.freshness(),
                parts.outbox());
        this.beginnings = new Gathering<>(parts.database(), this::begin);
        this.ends = new Gathering<>(parts.database(), this::end);
    }

    /**
     * One call.
     *
     * @param body makes the answer's text
     * @param answered reaches zero when the caller has been answered
     * @param opened whether a row of open checks stands for it; a test key's that nobody would miss has none before its
     *     interim answer
     */
    record Call(
            Ask ask,
            Workflow workflow,
            String id,
            Function<Settled, String> body,
            CountDownLatch answered,
            AtomicBoolean opened) {
        Call(Ask ask, Workflow workflow, String id, Function<Settled, String> body) {
            this(ask, workflow, id, body, new CountDownLatch(1), new AtomicBoolean(isMissed(ask)));
        }

        /** Whether somebody would wait for its answer in vain if the process ended now, or a credit stay set aside. */
        private static boolean isMissed(Ask ask) {
            return ask.kind() != KeyKind.TEST
                    || ask.once().isPresent()
                    || !ask.callbackUrl().isEmpty();
        }

        boolean isTest() {
            return ask.kind() == KeyKind.TEST;
        }

        /** Whether somebody waits for the final answer beside the one who asked. */
        boolean isAwaited() {
            return !ask.callbackUrl().isEmpty();
        }

        String chargeKey() {
            return RealTime.chargeKey(ask.workspaceId(), id);
        }

        private Origin origin() {
            return isTest()
                    ? new Origin(ask.workspaceId(), RealTime.TEST_SOURCE, "", "", "")
                    : new Origin(ask.workspaceId(), RealTime.SOURCE, "", "", chargeKey());
        }

        private OpenChecks.Row row(int checks, Instant due) {
            return new OpenChecks.Row(
                    id,
                    ask.workspaceId(),
                    ask.keyId(),
                    ask.email(),
                    workflow.id(),
                    checks,
                    due,
                    origin().source(),
                    ask.reuse());
        }
    }

    /** What the beginning found. */
    sealed interface Begun {
        /** Verify it. */
        record Go() implements Begun {}

        /** There is nothing to verify. */
        record Ended(Outcome outcome) implements Begun {}
    }

    /** What a check of a call found; {@code checks} counts it. */
    private record Seen(Call call, Verification verification, int checks) {}

    /** Takes the call up, and a credit for it (reliability C4). Waits for the commit. */
    Begun begin(Call call) {
        return call.isTest()
                ? parts.database().<Begun>write(handle -> beginTest(handle, call))
                : beginnings.write(call.ask().workspaceId(), call);
    }

    /** Stores the answer, its credit, its usage row and its next check together (reliability C5). Waits for the commit. */
    Outcome end(Call call, Verification verification, int checks) {
        var seen = new Seen(call, verification, checks);
        return call.isTest()
                ? parts.database().<Outcome>write(handle -> endTest(handle, seen))
                : ends.write(call.ask().workspaceId(), seen);
    }

    /** How the call ends at once because of its Idempotency-Key; empty when it goes on. */
    private Optional<Outcome> turn(Handle handle, Call call) {
        var ended = call.ask().once().<Outcome>flatMap(asked -> switch (parts.idempotency()
                .take(handle, asked, call.id())) {
            case Turn.Answered(var status, var kept) -> Optional.of(new Outcome.Replayed(status, kept));
            case Turn.Running _ -> Optional.of(new Outcome.Running());
            case Turn.Different _ -> Optional.of(new Outcome.Different());
            case Turn.First _ -> Optional.empty();
        });
        if (ended.isEmpty() && call.isAwaited()) {
            callbacks.expect(
                    handle, call.ask().workspaceId(), call.id(), call.ask().callbackUrl());
        }
        return ended;
    }

    private Begun beginTest(Handle handle, Call call) {
        var ended = turn(handle, call);
        if (ended.isPresent()) {
            return new Begun.Ended(ended.get());
        }
        if (call.opened().get()) {
            var now = parts.clock().instant();
            open.open(handle, List.of(call.row(0, now.plus(OpenChecks.HELD))), now);
        }
        return new Begun.Go();
    }

    private List<Begun> begin(Handle handle, String workspaceId, Supplier<List<Call>> members) {
        return parts.ledger()
                .post(
                        handle,
                        workspaceId,
                        posting -> new Beginnings(handle, workspaceId, posting, members.get()).begin());
    }

    /** The beginnings of one transaction. */
    private final class Beginnings {
        private final Handle handle;
        private final String workspaceId;
        private final Ledger.Posting posting;
        private final List<Call> calls;
        private final Instant now = parts.clock().instant();
        private final List<OpenChecks.Row> rows = new ArrayList<>();
        private final List<Unpaid> unpaid = new ArrayList<>();

        Beginnings(Handle handle, String workspaceId, Ledger.Posting posting, List<Call> calls) {
            this.handle = handle;
            this.workspaceId = workspaceId;
            this.posting = posting;
            this.calls = calls;
        }

        List<Begun> begin() {
            var addresses = new IdentityHashMap<Call, String>();
            calls.stream().filter(call -> call.ask().reuse() == Reuse.ALLOWED).forEach(call -> {
                if (AddressParser.parse(call.ask().email(), Candidate.DIALECT)
                        instanceof Syntax.Wellformed(var address)) {
                    addresses.put(call, address.normalized());
                }
            });
            var known = verifications.known(handle, workspaceId, addresses.values(), now.minus(parts.freshness()));
            posting.expect(calls.stream().map(Call::chargeKey).toList());
            var begun = calls.stream()
                    .map(call -> begin(call, addresses.getOrDefault(call, ""), known))
                    .toList();
            open.open(handle, rows, now);
            usage.addUnpaid(handle, unpaid, now);
            return begun;
        }

        private Begun begin(Call call, String normalized, Map<String, Known> known) {
            var ended = turn(handle, call);
            if (ended.isPresent()) {
                return new Begun.Ended(ended.get());
            }
            var answering = known.get(normalized);
            if (answering != null) {
                return new Begun.Ended(reuse(handle, call, normalized, answering));
            }
            if (posting.reserve(call.chargeKey(), call.id()) == Reservation.INSUFFICIENT) {
                call.ask().once().ifPresent(asked -> parts.idempotency().withdraw(handle, asked));
                if (call.isAwaited()) {
                    callbacks.withdraw(handle, call.id());
                }
                unpaid.add(new Unpaid(call.id(), call.origin(), call.workflow().id()));
                return new Begun.Ended(new Outcome.NoCredits());
            }
            rows.add(call.row(0, now.plus(OpenChecks.HELD)));
            return new Begun.Go();
        }
    }

    private Outcome reuse(Handle handle, Call call, String normalized, Known known) {
        var evidence = EvidenceJson.read(known.evidence());
        var copy = new Verification(
                call.id(),
                call.ask().email(),
                normalized,
                known.domain(),
                evidence,
                Verdict.of(evidence),
                known.verifiedAt(),
                Duration.ZERO);
        var settled = new Settled(
                Judged.by(call.workflow(), copy),
                Billing.REUSED,
                0,
                Finality.FINAL,
                known.verifiedAt().plus(parts.freshness()));
        verifications.store(handle, new Answer(call.origin(), settled, 0, null, known.id()));
        return done(handle, call, settled);
    }

    private List<Outcome> end(Handle handle, String workspaceId, Supplier<List<Seen>> members) {
        return parts.ledger().post(handle, workspaceId, posting -> {
            var all = members.get();
            var now = parts.clock().instant();
            var held = open.hold(
                    handle,
                    all.stream().map(seen -> seen.call().id()).toList(),
                    parts.database().dialect().forUpdate());
            var outcomes = new IdentityHashMap<Seen, Outcome>();
            var whole = new ArrayList<Seen>();
            for (var seen : all) {
                if (!held.contains(seen.call().id())) {
                    outcomes.put(seen, new Outcome.Busy()); // away so long that another finished it, or it was erased
                } else if (isInterim(seen)) {
                    outcomes.put(seen, interim(handle, seen, now));
                } else {
                    whole.add(seen);
                }
            }
            var items = whole.stream().map(CallBooks::item).toList();
            var settled = settlement.settle(handle, workspaceId, posting, items, now);
            for (int i = 0; i < whole.size(); i++) {
                outcomes.put(whole.get(i), done(handle, whole.get(i).call(), settled.get(i)));
            }
            goOnOrClose(handle, whole, settled, now);
            return all.stream().map(seen -> requireNonNull(outcomes.get(seen))).toList();
        });
    }

    private static boolean isInterim(Seen seen) {
        return seen.verification().verdict().reason() == Reason.IN_PROGRESS;
    }

    private static Item item(Seen seen) {
        var call = seen.call();
        return new Item(
                call.origin(),
                Judged.by(call.workflow(), seen.verification()),
                seen.checks(),
                "",
                call.ask().reuse());
    }

    private void goOnOrClose(Handle handle, List<Seen> whole, List<Settled> settled, Instant now) {
        var closed = new ArrayList<String>();
        var rows = new ArrayList<OpenChecks.Row>();
        for (int i = 0; i < whole.size(); i++) {
            var seen = whole.get(i);
            switch (settled.get(i).finality()) {
                case FINAL -> closed.add(seen.call().id());
                case OPEN ->
                    rows.add(seen.call().row(seen.checks(), requireNonNull(recheck.after(seen.checks(), now))));
            }
        }
        open.close(handle, closed);
        open.open(handle, rows, now);
    }

    private Outcome endTest(Handle handle, Seen seen) {
        if (seen.call().opened().get() && !isHeld(handle, seen)) {
            return new Outcome.Busy(); // as above
        }
        var now = parts.clock().instant();
        if (isInterim(seen)) {
            return interim(handle, seen, now);
        }
        var settled = settlement.settleFree(handle, item(seen), now);
        goOnOrClose(handle, List.of(seen), List.of(settled), now);
        return done(handle, seen.call(), settled);
    }

    private boolean isHeld(Handle handle, Seen seen) {
        var forUpdate = parts.database().dialect().forUpdate();
        return !open.hold(handle, List.of(seen.call().id()), forUpdate).isEmpty();
    }

    private Outcome interim(Handle handle, Seen seen, Instant now) {
        var call = seen.call();
        var settled = new Settled(
                Judged.by(call.workflow(), seen.verification()),
                call.isTest() ? Billing.TEST : Billing.RESERVED,
                0,
                Finality.OPEN,
                now);
        var due = now.plus(OpenChecks.HELD);
        verifications.store(handle, new Answer(call.origin(), settled, 0, due, ""));
        open.open(handle, List.of(call.row(0, due)), now);
        call.opened().set(true);
        return done(handle, call, settled);
    }

    private Outcome done(Handle handle, Call call, Settled settled) {
        var text = call.body().apply(settled);
        call.ask().once().ifPresent(asked -> {
            if (call.answered().getCount() > 0) {
                parts.idempotency().done(handle, asked, call.isAwaited() ? ACCEPTED : OK, text);
            }
        });
        if (call.isAwaited() && settled.finality() == Finality.FINAL) {
            callbacks.answered(handle, call.id(), VerificationJson.write(settled, VerificationJson.Detail.PLAIN));
        }
        return new Outcome.Done(settled, text);
    }
}
