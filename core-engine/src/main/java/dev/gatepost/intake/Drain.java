package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Connector;
import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.connector.Urgency;
import dev.gatepost.intake.Beginning.Start;
import dev.gatepost.intake.Events.Move;
import dev.gatepost.intake.Settling.Outcome;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.store.Database;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Verdict;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.verify.VerifyRequest.Depth;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.ConnectionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Works off what is due of one connection: reads the contacts, has them verified side by side, settles what has come back,
 * tells the CRM. One runs in the cluster for each connection and lane; one thread runs it, and only {@link #wake()} may be called
 * from others.
 *
 * <p>Nothing waits to fill a batch, and a slow mail host holds up only its own contacts: each turn of the loop takes
 * whatever is due and whatever has come back.
 */
final class Drain {
    /** Verifications under way at once; beyond it no further events are picked. */
    private static final int RUNNING_MAX = 1_000;

    /** Calls' worth of due events looked at in a turn: one to read, one to tell, and twin events of the same contacts. */
    private static final int BATCHES_LOOKED_AT = 3;

    /** How long a turn waits for something to happen before it looks at the table again. */
    private static final Duration TURN_WAIT_MAX = Duration.ofMillis(250);

    private final DrainTools tools;
    private final Urgency urgency;
    private final Connection connection;
    private final Connector connector;
    private final Beginning beginning;
    private final Telling telling;
    private final ContactReader reader;
    private final Settling settling;
    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Map<String, Start.Ask> running = new HashMap<>();
    private final Announcing announcing;
    private volatile boolean stopping;

    Drain(DrainTools tools, Urgency urgency, Connection connection, Connector connector) {
        this.tools = requireNonNull(tools, "tools");
        this.urgency = requireNonNull(urgency, "urgency");
        this.connection = requireNonNull(connection, "connection");
        this.connector = requireNonNull(connector, "connector");
        this.beginning = new Beginning(tools, connection);
        this.telling = new Telling(tools, urgency, connection, connector);
        this.reader = new ContactReader(tools, connection, ids -> connector.contacts(urgency, ids), telling);
        this.settling = new Settling(tools, connection);
        this.announcing =
                new Announcing(tools, telling, connector.batchMax(), told -> signals.add(new Signal.Announced(told)));
    }

    /** Something that ends the wait of a turn. */
    private sealed interface Signal {
        record Wake() implements Signal {}

        record Done(Start.Ask start, Verification verification) implements Signal {}

        record Fault(Start.Ask start, RuntimeException cause) implements Signal {}

        record Announced(Announcing.Told told) implements Signal {}
    }

    /** Tells the drain that there may be something new to do. */
    void wake() {
        signals.add(new Signal.Wake());
    }

    /** Ends the drain after its present turn; what is under way is taken up again at the next start. */
    void stop() {
        stopping = true;
        wake();
    }

    /** Works until nothing is due and nothing is under way. */
    void run() throws InterruptedException {
        try {
            while (!stopping && turn()) {}
        } finally {
            awaitTold();
        }
    }

    /** A drain has not ended while it still tells: the next one would tell the same. */
    private void awaitTold() throws InterruptedException {
        try {
            while (!announcing.underWay().isEmpty()) {
                takeIn(await());
            }
        } catch (InterruptedException e) {
            announcing.interrupt();
            throw e;
        }
    }

    /** False when there is nothing left to do. */
    private boolean turn() throws InterruptedException {
        var due = due();
        var state = tools.connections().byId(connection.id()).map(Connection::state);
        if (!state.equals(Optional.of(ConnectionState.ACTIVE))) {
            holdLiving(due, "connection_" + state.map(ConnectionState::word).orElse("gone"));
            return !due.isEmpty();
        }
        var isTelling = announcing.begin(due);
        var fresh = batch(due.stream().filter(event -> event.state() != EventState.DECIDED));
        if (!announcing.takesMore(fresh)) {
            fresh = List.of();
        }
        begin(fresh);
        if (due.isEmpty() && running.isEmpty() && signals.isEmpty() && !announcing.isBusy()) {
            return false;
        }
        takeIn(fresh.isEmpty() && !isTelling ? await() : drained());
        return true;
    }

    private List<EventRow> due() {
        if (running.size() >= RUNNING_MAX) {
            return List.of();
        }
        var busy = running.values().stream()
                .map(start -> start.candidate().event().id())
                .collect(Collectors.toCollection(HashSet::new));
        busy.addAll(announcing.underWay());
        return tools
                .database()
                .read(handle -> tools.events()
                        .due(
                                handle,
                                new DrainName(connection.id(), urgency),
                                tools.clock().instant(),
                                BATCHES_LOOKED_AT * connector.batchMax() + busy.size()))
                .stream()
                .filter(event -> !busy.contains(event.id()))
                .toList();
    }

    /** As many as one call can name: events of one contact, such as its creation and its email change, go together. */
    private List<EventRow> batch(Stream<EventRow> events) {
        var objects = new HashSet<String>();
        return events.filter(event -> objects.contains(event.objectId())
                        || (objects.size() < connector.batchMax() && objects.add(event.objectId())))
                .toList();
    }

    private void begin(List<EventRow> events) throws InterruptedException {
        if (events.isEmpty()) {
            return;
        }
        var moves = new ArrayList<Move>();
        var living = new ArrayList<EventRow>();
        for (var event : events) {
            if (isGone(event)) {
                moves.add(gone(event));
            } else {
                living.add(event);
            }
        }
        var candidates = reader.read(living, moves);
        var now = tools.clock().instant();
        moveOn(moves, now);
        beginAll(candidates);
    }

    /**
     * While somebody waits for answers a few at a time; whatever comes back meanwhile is taken in between. At the end of the
     * process the rest stays due.
     */
    private void beginAll(List<Candidate> candidates) {
        var portions = tools.database().portions(candidates);
        for (var portion : portions) {
            tools.database().awaitTurn(portion.size());
            if (stopping) {
                return;
            }
            var now = tools.clock().instant();
            var known = Set.copyOf(running.keySet());
            startAll(tools.database()
                    .write(handle -> beginning.begin(handle, connection.workspaceId(), portion, known, now)));
            if (portions.size() > 1) {
                takeIn(drained());
            }
        }
    }

    private void moveOn(List<Move> moves, Instant now) {
        tools.database()
                .writeEach(tools.database().portions(moves).stream()
                        .<Database.Work<Boolean>>map(portion -> handle -> moveOn(handle, portion, now))
                        .toList());
        if (moves.stream().anyMatch(move -> move.event().kind() == Kind.ERASED)) {
            tools.erasure().truncate();
        }
    }

    private boolean moveOn(Handle handle, List<Move> moves, Instant now) {
        for (var move : moves) {
            if (move.event().kind() == Kind.ERASED) {
                tools.erasure().contact(handle, connection, move.event().objectId(), now);
            }
            endOpenVerification(handle, move, now);
        }
        tools.events().move(handle, moves, now);
        tools.erasure()
                .late(
                        handle,
                        moves.stream()
                                .filter(Drain::isErased)
                                .map(move -> move.event().id())
                                .toList());
        return true;
    }

    private static boolean isGone(EventRow event) {
        return event.kind() == Kind.ERASED || event.kind() == Kind.DELETED;
    }

    private static Move gone(EventRow event) {
        return Move.end(event, EventState.DONE, event.kind().word(), event.verificationId());
    }

    private static boolean isErased(Move move) {
        return move.to() == EventState.SKIPPED && move.reason().equals("erased");
    }

    /** An event that ends here, or whose contact is gone, ends the verification it carried. */
    private void endOpenVerification(Handle handle, Move move, Instant now) {
        var open = move.event().verificationId();
        if (move.dueAt() == null && !open.isEmpty() && move.to() != EventState.HELD) {
            tools.settlement().abandon(handle, open, now);
        }
    }

    static Move held(EventRow event, String why) {
        return new Move(event, EventState.HELD, why, null, event.attempts(), event.verificationId());
    }

    /** What the CRM has erased is erased all the same (reliability L4): nobody has to be asked for that. */
    private void holdLiving(List<EventRow> events, String why) {
        if (events.isEmpty()) {
            return;
        }
        moveOn(
                events.stream().filter(Drain::isGone).map(Drain::gone).toList(),
                tools.clock().instant());
        var moves = events.stream()
                .filter(event -> !isGone(event))
                .map(event -> held(event, why))
                .toList();
        tools.database().write(handle -> {
            tools.events().move(handle, moves, tools.clock().instant());
            return true;
        });
    }

    private void startAll(List<Start> starts) {
        var copies = new ArrayList<Outcome>();
        for (var start : starts) {
            switch (start) {
                case Start.Ask ask -> {
                    running.put(ask.verificationId(), ask);
                    Thread.ofVirtual().name("verify-", 0).start(() -> signals.add(verify(ask)));
                }
                case Start.Copy copy -> copies.add(copied(copy));
            }
        }
        settle(copies);
    }

    private static Outcome copied(Start.Copy start) {
        var candidate = start.candidate();
        var known = start.known();
        var evidence = EvidenceJson.read(known.evidence());
        var copy = new Verification(
                start.verificationId(),
                candidate.email(),
                candidate.normalized(),
                known.domain(),
                evidence,
                Verdict.of(evidence),
                known.verifiedAt(),
                Duration.ZERO);
        return new Outcome(
                new Start.Ask(candidate, start.verificationId(), start.chargeKey(), start.checks(), Reuse.ALLOWED),
                copy,
                known.id());
    }

    private Signal verify(Start.Ask ask) {
        try {
            return new Signal.Done(
                    ask,
                    tools.verify()
                            .apply(new VerifyRequest(
                                    ask.verificationId(),
                                    ask.candidate().email(),
                                    Candidate.DIALECT,
                                    Depth.FULL,
                                    timeouts()))
                            .with(ask.candidate().signals()));
        } catch (RuntimeException e) {
            return new Signal.Fault(ask, e);
        }
    }

    private SmtpTimeouts timeouts() {
        return switch (urgency) {
            case REAL_TIME -> SmtpTimeouts.SOON;
            case BACKGROUND -> SmtpTimeouts.BULK;
        };
    }

    private List<Signal> await() throws InterruptedException {
        var first = signals.poll(TURN_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        var all = new ArrayList<Signal>();
        if (first != null) {
            all.add(first);
        }
        signals.drainTo(all);
        return all;
    }

    private List<Signal> drained() {
        var all = new ArrayList<Signal>();
        signals.drainTo(all);
        return all;
    }

    private void takeIn(List<Signal> arrived) {
        var outcomes = new ArrayList<Outcome>();
        var faults = new ArrayList<RuntimeException>();
        for (var signal : arrived) {
            switch (signal) {
                case Signal.Wake _ -> {
                    // the next turn looks at the table anyway
                }
                case Signal.Done(var start, var verification) -> {
                    running.remove(start.verificationId());
                    outcomes.add(new Outcome(start, verification, ""));
                }
                case Signal.Fault(var start, var cause) -> {
                    running.remove(start.verificationId());
                    settling.fault(start, cause);
                }
                case Signal.Announced(var told) -> {
                    announcing.ended(told);
                    faults.addAll(told.fault().stream().toList());
                }
            }
        }
        settle(outcomes);
        if (!faults.isEmpty()) {
            throw faults.getFirst();
        }
    }

    private void settle(List<Outcome> outcomes) {
        settling.settle(outcomes);
        announcing.decided(outcomes.stream()
                .map(outcome -> outcome.start().candidate().event().id())
                .toList());
    }
}
