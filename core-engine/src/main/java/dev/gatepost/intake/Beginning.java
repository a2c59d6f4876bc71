package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.intake.Claims.Claim;
import dev.gatepost.intake.Events.Move;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The transaction before the first packet: each contact's claim is taken or joined, a credit set aside for each address that
 * is to be asked about (reliability C3, C4). Has no state of its own.
 */
final class Beginning {
    /**
     * How often work on an event may have been cut off by the end of the process before it is given up (reliability J3).
     * 10 and not fewer, since whoever kills the process by hand or by deployment hits every event that is just under way,
     * and a thousand innocent ones can be.
     */
    private static final int STARTS_MAX = 10;

    /** How long an event without credits sleeps when no grant wakes it. */
    private static final Duration CREDIT_POLL = Duration.ofMinutes(5);

    /** How long an errand waits before it looks again whether the verification it joined has ended. */
    private static final Duration JOINED_POLL = Duration.ofMillis(500);

    private final DrainTools tools;

    Beginning(DrainTools tools) {
        this.tools = requireNonNull(tools, "tools");
    }

    /** A verification to run, or to copy from one that is known. */
    sealed interface Start {
        /** Asks about the address; {@code checks} counts the earlier times. */
        record Ask(Candidate candidate, String verificationId, String chargeKey, int checks) implements Start {}

        /** Answers from a verification of the same address within the freshness window. */
        record Copy(Candidate candidate, String verificationId, String chargeKey, Verifications.Known known)
                implements Start {}
    }

    /**
     * Decides about each candidate and moves on those that need no verification of their own.
     *
     * @param running verifications that this drain has under way
     */
    List<Start> begin(Handle handle, String workspaceId, List<Candidate> candidates, Set<String> running, Instant now) {
        var events = candidates.stream().map(Candidate::event).toList();
        tools.events().begin(handle, events, now);
        candidates.forEach(candidate -> leaveOldAddress(handle, candidate, now));
        var turn = new Turn(handle, workspaceId, new HashSet<>(running), now);
        tools.ledger().post(handle, workspaceId, posting -> {
            candidates.forEach(candidate -> turn.take(candidate, posting));
            return true;
        });
        tools.events().move(handle, turn.moves, now);
        return turn.starts;
    }

    /** A contact that got another address while the old one was still open: the old verification ends here. */
    private void leaveOldAddress(Handle handle, Candidate candidate, Instant now) {
        if (candidate.event().verificationId().isEmpty()) {
            return;
        }
        tools.verifications()
                .find(handle, candidate.event().verificationId())
                .filter(row -> !row.normalized().equals(candidate.normalized()))
                .ifPresent(row -> tools.settlement().abandon(handle, row, now));
    }

    /** One transaction's worth of decisions. */
    private final class Turn {
        private final Handle handle;
        private final String workspaceId;
        private final Set<String> running;
        private final Instant now;
        private final List<Start> starts = new ArrayList<>();
        private final List<Move> moves = new ArrayList<>();

        Turn(Handle handle, String workspaceId, Set<String> running, Instant now) {
            this.handle = handle;
            this.workspaceId = workspaceId;
            this.running = running;
            this.now = now;
        }

        void take(Candidate candidate, Ledger.Posting posting) {
            var event = candidate.event();
            if (isUnchanged(candidate)) {
                return;
            }
            var fresh = tools.ids().next();
            var claim = tools.claims().take(handle, workspaceId, candidate.subject(), fresh, now);
            if (event.starts() >= STARTS_MAX) {
                giveUp(event, claim, posting);
                return;
            }
            switch (claim) {
                case Claim.Ours(var id, var key) -> startNew(candidate, id, key, posting);
                case Claim.Open(var id, var key) -> resumeOrJoin(candidate, id, key, posting);
                case Claim.Finished(var id) -> moves.add(Move.due(event, EventState.DECIDED, "known", now, id));
            }
        }

        /**
         * Whether a change left the address as it was verified and written: most changes do, our own writes among them, and
         * telling the CRM again would be another change.
         */
        private boolean isUnchanged(Candidate candidate) {
            var event = candidate.event();
            var isChange = event.kind() == Kind.CHANGED
                    || (event.kind() == Kind.FOUND
                            && event.occasion().backfillId().isEmpty());
            if (!isChange || !event.verificationId().isEmpty()) {
                return false;
            }
            var last = tools.verifications()
                    .lastAnswered(handle, event.connectionId(), event.objectId(), candidate.normalized())
                    .filter(id -> tools.events().isWritten(handle, id));
            last.ifPresent(id -> moves.add(Move.end(event, EventState.DONE, "unchanged", "")));
            return last.isPresent();
        }

        private void giveUp(EventRow event, Claim claim, Ledger.Posting posting) {
            switch (claim) {
                case Claim.Ours(var id, var _) -> tools.claims().withdraw(handle, id);
                case Claim.Open(var id, var key) -> {
                    posting.release(key);
                    tools.claims().finish(handle, id, Claims.End.ABANDONED, now);
                }
                case Claim.Finished _ -> {
                    // nothing stands open
                }
            }
            moves.add(Move.unanswered(event, EventState.DEAD, "stopped_the_process", now, event.verificationId()));
        }

        private void startNew(Candidate candidate, String id, String key, Ledger.Posting posting) {
            var known = tools.verifications()
                    .known(handle, workspaceId, candidate.normalized(), now.minus(tools.freshness()));
            if (known.isPresent()) {
                running.add(id);
                starts.add(new Start.Copy(candidate, id, key, known.get()));
                return;
            }
            reserve(candidate, id, key, 0, posting);
        }

        private void resumeOrJoin(Candidate candidate, String id, String key, Ledger.Posting posting) {
            var event = candidate.event();
            if (running.contains(id)) {
                moves.add(joined(event, id));
                return;
            }
            var stored = tools.verifications().find(handle, id);
            if (!event.verificationId().equals(id) && tools.events().isDriven(handle, id)) {
                moves.add(joined(event, id));
            } else if (stored.filter(row -> row.finality() == Finality.FINAL).isPresent()) {
                moves.add(Move.due(event, EventState.DECIDED, "known", now, id));
            } else {
                reserve(
                        candidate,
                        id,
                        key,
                        stored.map(Verifications.Row::checks).orElse(0),
                        posting);
            }
        }

        /** Another event carries the verification on; only whoever waits for a reply looks again until it is there. */
        private Move joined(EventRow event, String id) {
            return event.hasCallback()
                    ? Move.due(event, event.state(), "joined", now.plus(JOINED_POLL), event.verificationId())
                    : Move.end(event, EventState.DONE, "joined", id);
        }

        private void reserve(Candidate candidate, String id, String key, int checks, Ledger.Posting posting) {
            switch (posting.reserve(key, id)) {
                case RESERVED, ALREADY_RESERVED -> {
                    tools.events().carries(handle, candidate.event().id(), id);
                    running.add(id);
                    starts.add(new Start.Ask(candidate, id, key, checks));
                }
                case INSUFFICIENT -> {
                    tools.claims().withdraw(handle, id);
                    moves.add(
                            candidate.event().hasCallback()
                                    ? Move.due(candidate.event(), EventState.DECIDED, "no_credits", now, "")
                                    : Move.due(
                                            candidate.event(),
                                            EventState.WAITING_CREDITS,
                                            "no_credits",
                                            now.plus(CREDIT_POLL),
                                            ""));
                }
                case ALREADY_CLOSED -> throw new IllegalStateException("closed charge for open claim " + id);
            }
        }
    }
}
