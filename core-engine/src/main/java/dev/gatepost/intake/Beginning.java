package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.intake.Claims.Claim;
import dev.gatepost.intake.Claims.Wanted;
import dev.gatepost.intake.Events.Move;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.intake.UsageRows.Unpaid;
import dev.gatepost.intake.Verifications.Origin;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.workspace.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** How long an errand waits at least before it looks again whether the verification it joined has ended. */
    private static final Duration JOINED_POLL = Duration.ofMillis(500);

    /** How long at most: each look may cost a call, and a greylisted address may be open for an hour. */
    private static final Duration JOINED_POLL_MAX = Duration.ofMinutes(5);

    /** Why an event waits, or ended, that nobody could pay for. */
    static final String NO_CREDITS = "no_credits";

    private final DrainTools tools;
    private final Connection connection;
    private final UsageRows usage = new UsageRows();

    Beginning(DrainTools tools, Connection connection) {
        this.tools = requireNonNull(tools, "tools");
        this.connection = requireNonNull(connection, "connection");
    }

    /** A verification to run, or to copy from one that is known. */
    sealed interface Start {
        String verificationId();

        /** Asks about the address; {@code checks} counts the earlier times. */
        record Ask(Candidate candidate, String verificationId, String chargeKey, int checks, Reuse reuse)
                implements Start {}

        /**
         * Answers from a verification of the same address within the freshness window; {@code checks} counts the times that
         * one asked.
         */
        record Copy(Candidate candidate, String verificationId, String chargeKey, Verifications.Known known, int checks)
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
        var turn =
                new Turn(handle, workspaceId, new HashSet<>(running), known(handle, workspaceId, candidates, now), now);
        tools.ledger().post(handle, workspaceId, posting -> {
            candidates.forEach(candidate -> turn.take(candidate, posting));
            return true;
        });
        tools.events().carry(handle, turn.carriers);
        tools.events().move(handle, turn.moves, now);
        usage.addUnpaid(handle, turn.unpaid, now);
        return turn.starts;
    }

    /** Answers within the freshness window, by normalised address. */
    private Map<String, Verifications.Known> known(
            Handle handle, String workspaceId, List<Candidate> candidates, Instant now) {
        var addresses =
                candidates.stream().map(Candidate::normalized).distinct().toList();
        return tools.verifications().known(handle, workspaceId, addresses, now.minus(tools.freshness()));
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
        private final Map<String, Verifications.Known> known;
        /** Which verification each event carries on from now, by the event's id. */
        private final Map<String, String> carriers = new HashMap<>();

        private final Instant now;
        private final List<Start> starts = new ArrayList<>();
        private final List<Move> moves = new ArrayList<>();
        private final List<Unpaid> unpaid = new ArrayList<>();

        Turn(
                Handle handle,
                String workspaceId,
                Set<String> running,
                Map<String, Verifications.Known> known,
                Instant now) {
            this.handle = handle;
            this.workspaceId = workspaceId;
            this.running = running;
            this.known = known;
            this.now = now;
        }

        void take(Candidate candidate, Ledger.Posting posting) {
            var event = candidate.event();
            if (isUnchanged(candidate)) {
                return;
            }
            var claim = tools.claims().take(handle, wanted(candidate.subject(), posting), now);
            leaveUnanswered(event, claim, posting);
            if (event.starts() >= STARTS_MAX) {
                giveUp(event, claim, posting);
                return;
            }
            switch (claim) {
                case Claim.Ours(var id, var key) -> startNew(candidate, id, key, posting);
                case Claim.Open open -> resumeOrJoin(candidate, open, posting);
                case Claim.Finished(var id) -> answer(candidate, id, posting);
            }
        }

        /** What was begun for the address that the contact had before, and was never answered, ends here. */
        private void leaveUnanswered(EventRow event, Claim claim, Ledger.Posting posting) {
            var old = event.verificationId();
            var isSame = switch (claim) {
                case Claim.Ours(var id, var _) -> id.equals(old);
                case Claim.Open(var id, var _, var _) -> id.equals(old);
                case Claim.Finished(var id) -> id.equals(old);
            };
            if (old.isEmpty()
                    || isSame
                    || tools.verifications().find(handle, old).isPresent()) {
                return;
            }
            tools.claims().unfinished(handle, old).ifPresent(unanswered -> {
                posting.releaseHashed(unanswered.charge());
                tools.claims().finish(handle, old, Claims.End.ABANDONED, now);
            });
        }

        private Wanted wanted(String subject, Ledger.Posting posting) {
            return new Wanted(workspaceId, subject, tools.ids().next(), posting::hashed);
        }

        /** By what is known; where the event names another workflow than the one that decided, by that one. */
        private void answer(Candidate candidate, String id, Ledger.Posting posting) {
            var event = candidate.event();
            var asked = event.occasion().workflowId();
            var latest = asked.isEmpty() ? Optional.<Verifications.Row>empty() : latest(candidate);
            var other = latest.filter(row -> !row.workflowId().equals(asked));
            if (other.isEmpty()) {
                var known = latest.map(Verifications.Row::id).orElse(id);
                moves.add(Move.due(event, EventState.DECIDED, "known", now, known));
                return;
            }
            judgeAgain(candidate, other.get(), posting);
        }

        private Optional<Verifications.Row> latest(Candidate candidate) {
            var event = candidate.event();
            return tools.verifications()
                    .latestOf(handle, event.connectionId(), event.objectId(), candidate.normalized())
                    .filter(row -> row.finality() == Finality.FINAL);
        }

        /** The same evidence is judged by the event's workflow, as a verification of its own that costs nothing. */
        private void judgeAgain(Candidate candidate, Verifications.Row row, Ledger.Posting posting) {
            var subject = candidate.subject() + ":workflow:"
                    + candidate.event().occasion().workflowId() + ":" + row.id();
            var claim = tools.claims().take(handle, wanted(subject, posting), now);
            switch (claim) {
                case Claim.Ours(var id, var key) -> copy(candidate, id, key, row);
                case Claim.Open(var id, var key, var _) -> {
                    if (running.contains(id)) {
                        moves.add(joined(candidate.event(), id));
                    } else {
                        copy(candidate, id, key, row);
                    }
                }
                case Claim.Finished(var id) ->
                    moves.add(Move.due(candidate.event(), EventState.DECIDED, "known", now, id));
            }
        }

        private void copy(Candidate candidate, String id, String key, Verifications.Row row) {
            var known = tools.verifications().knownAs(handle, row.id());
            if (known.isEmpty()) {
                tools.claims().withdraw(handle, id);
                moves.add(Move.due(candidate.event(), EventState.DECIDED, "known", now, row.id()));
                return;
            }
            running.add(id);
            starts.add(new Start.Copy(candidate, id, key, known.get(), row.checks()));
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
                case Claim.Open(var id, var key, var _) -> {
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
            var answer = known.get(candidate.normalized());
            if (answer != null) {
                running.add(id);
                starts.add(new Start.Copy(candidate, id, key, answer, 0));
                return;
            }
            reserve(new Start.Ask(candidate, id, key, 0, Reuse.ALLOWED), posting);
        }

        private void resumeOrJoin(Candidate candidate, Claim.Open open, Ledger.Posting posting) {
            var event = candidate.event();
            var id = open.verificationId();
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
                var checks = stored.map(Verifications.Row::checks).orElse(0);
                reserve(new Start.Ask(candidate, id, open.chargeKey(), checks, open.reuse()), posting);
            }
        }

        /**
         * Another event carries the verification on; only who waits for a reply, or wants it judged by a workflow of its own,
         * looks again until it is there.
         */
        private Move joined(EventRow event, String id) {
            var asked = event.occasion().workflowId();
            var isOther = !asked.isEmpty() && !isDrivenFor(id, asked);
            return event.hasCallback() || isOther
                    ? Move.due(event, event.state(), "joined", now.plus(joinedPoll(event)), event.verificationId())
                    : Move.end(event, EventState.DONE, "joined", id);
        }

        private boolean isDrivenFor(String id, String workflowId) {
            tools.events().carry(handle, carriers);
            carriers.clear();
            return tools.events().isDrivenFor(handle, id, workflowId);
        }

        /** As long again as it has waited already. */
        private Duration joinedPoll(EventRow event) {
            var waited = Duration.between(event.receivedAt(), now);
            var poll = waited.compareTo(JOINED_POLL_MAX) > 0 ? JOINED_POLL_MAX : waited;
            return poll.compareTo(JOINED_POLL) < 0 ? JOINED_POLL : poll;
        }

        private void reserve(Start.Ask ask, Ledger.Posting posting) {
            var event = ask.candidate().event();
            var id = ask.verificationId();
            switch (posting.reserve(ask.chargeKey(), id)) {
                case RESERVED, ALREADY_RESERVED -> {
                    carriers.put(event.id(), id);
                    running.add(id);
                    starts.add(ask);
                }
                case INSUFFICIENT -> {
                    tools.claims().withdraw(handle, id);
                    moves.add(withoutCredits(event, id));
                }
                case ALREADY_CLOSED -> throw new IllegalStateException("closed charge for open claim " + id);
            }
        }

        /** Whoever waits for a reply is told; the rest waits for a grant, or ends where everybody can see it. */
        private Move withoutCredits(EventRow event, String id) {
            if (!event.hasCallback() && tools.withoutCredits() == WithoutCredits.WAIT) {
                return Move.due(event, EventState.WAITING_CREDITS, NO_CREDITS, now.plus(CREDIT_POLL), "");
            }
            unpaid.add(new Unpaid(
                    id,
                    new Origin(workspaceId, connection.plugin(), connection.id(), event.objectId(), ""),
                    event.occasion().workflowId()));
            return Move.unanswered(event, EventState.IGNORED, NO_CREDITS, now, "");
        }
    }
}
