package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Connector;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.egress.RetryPlan;
import dev.gatepost.intake.Events.Move;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.store.Database;
import dev.gatepost.verify.Trait;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.ConnectionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the CRM what was found, for one connection: one call for up to a batch, then one commit of the outcome. */
final class Telling {
    private static final Logger LOG = LoggerFactory.getLogger(Telling.class);

    private final DrainTools tools;
    private final Urgency urgency;
    private final Connection connection;
    private final Connector connector;
    private final Replying replying;

    Telling(DrainTools tools, Urgency urgency, Connection connection, Connector connector) {
        this.tools = requireNonNull(tools, "tools");
        this.urgency = requireNonNull(urgency, "urgency");
        this.connection = requireNonNull(connection, "connection");
        this.connector = requireNonNull(connector, "connector");
        this.replying = new Replying(tools, this, connection, connector);
    }

    /** An event with the verification it is to write. */
    record Decided(EventRow event, Verifications.Row row, Age age) {}

    /** Whether a contact's verification is the last word about its address. */
    enum Age {
        LATEST,
        SUPERSEDED
    }

    /** Writes what these events found. Of several for one contact only the newest is written (reliability W2). */
    void tell(List<EventRow> events) {
        if (events.isEmpty()) {
            return;
        }
        var rows = tools.database()
                .read(handle -> events.stream()
                        .map(event -> tools.verifications()
                                .find(handle, event.verificationId())
                                .map(row -> new Decided(event, row, age(handle, row))))
                        .toList());
        var moves = new ArrayList<Move>();
        var perContact = new LinkedHashMap<String, List<Decided>>();
        for (int i = 0; i < events.size(); i++) {
            var event = events.get(i);
            rows.get(i)
                    .filter(decided -> !decided.row().email().isEmpty())
                    .ifPresentOrElse(
                            decided -> {
                                switch (decided.age()) {
                                    case LATEST ->
                                        perContact
                                                .computeIfAbsent(target(decided), _ -> new ArrayList<>())
                                                .add(decided);
                                    case SUPERSEDED ->
                                        moves.add(Move.end(
                                                event, EventState.SKIPPED, "superseded", event.verificationId()));
                                }
                            },
                            () -> moves.add(nothingToWrite(event)));
        }
        var unreplied =
                replying.reply(events, rows.stream().flatMap(Optional::stream).toList());
        for (var round : rounds(perContact.values())) {
            write(round, moves);
        }
        finish(moves, unreplied);
    }

    /** An errand may name another address than the contact has; then its outcome is a thing of its own. */
    private static String target(Decided decided) {
        var event = decided.event();
        return event.occasion().email().isEmpty()
                ? event.objectId()
                : event.objectId() + " " + decided.row().normalized();
    }

    private static Move nothingToWrite(EventRow event) {
        if (event.verificationId().isEmpty()) {
            return Move.end(event, EventState.IGNORED, event.reason(), "");
        }
        return Move.end(event, EventState.SKIPPED, "erased", event.verificationId());
    }

    /** No call may name a contact twice. */
    private static List<List<List<Decided>>> rounds(Collection<List<Decided>> groups) {
        var rounds = new ArrayList<List<List<Decided>>>();
        var seen = new ArrayList<Set<String>>();
        for (var group : groups) {
            var object = group.getFirst().event().objectId();
            var i = 0;
            while (i < seen.size() && seen.get(i).contains(object)) {
                i++;
            }
            if (i == seen.size()) {
                seen.add(new HashSet<>());
                rounds.add(new ArrayList<>());
            }
            seen.get(i).add(object);
            rounds.get(i).add(group);
        }
        return rounds;
    }

    /** A write-back may have waited so long that its contact was verified anew meanwhile (reliability P4). */
    private Age age(Handle handle, Verifications.Row row) {
        return row.finality() == Finality.FINAL && tools.verifications().isSuperseded(handle, row)
                ? Age.SUPERSEDED
                : Age.LATEST;
    }

    private void write(List<List<Decided>> contacts, List<Move> moves) {
        var newest = contacts.stream().map(Telling::newest).toList();
        var findings = newest.stream().map(decided -> finding(decided)).toList();
        var outcomes = findings.isEmpty() ? List.<WriteBack>of() : connector.writeBack(urgency, findings);
        if (outcomes.size() != findings.size()) {
            throw new IllegalStateException(
                    outcomes.size() + " outcomes for " + findings.size() + " findings of " + connection.id());
        }
        var now = tools.clock().instant();
        for (int i = 0; i < newest.size(); i++) {
            var written = newest.get(i);
            var outcome = outcomes.get(i);
            for (var decided : contacts.get(i)) {
                var same = decided.row().id().equals(written.row().id());
                var move = same
                        ? moved(decided, outcome, now)
                        : Move.end(
                                decided.event(),
                                EventState.SKIPPED,
                                "superseded",
                                decided.row().id());
                moves.add(move);
            }
        }
    }

    /** How everything went, in one commit where nobody waits for the store. An event whose reply did not get through comes again as a whole. */
    private void finish(List<Move> written, Map<String, Move> unreplied) {
        var moves = written.stream()
                .map(move -> unreplied.getOrDefault(move.event().id(), move))
                .toList();
        var now = tools.clock().instant();
        tools.database()
                .writeEach(tools.database().portions(moves).stream()
                        .<Database.Work<Boolean>>map(portion -> handle -> {
                            tools.events().move(handle, portion, now);
                            portion.forEach(move -> endOpenVerification(handle, move, now));
                            return true;
                        })
                        .toList());
        if (LOG.isInfoEnabled()) {
            moves.forEach(move -> LOG.info(
                    "write-back event={} connection={} state={} reason=\"{}\"",
                    move.event().id(),
                    connection.id(),
                    move.to().word(),
                    move.reason()));
        }
    }

    private void endOpenVerification(Handle handle, Move move, Instant now) {
        if (move.dueAt() == null
                && move.to() != EventState.HELD
                && !move.verificationId().isEmpty()) {
            tools.settlement().abandon(handle, move.verificationId(), now);
        }
    }

    private Move moved(Decided decided, WriteBack outcome, Instant now) {
        var event = decided.event();
        var id = decided.row().id();
        return switch (outcome) {
            case WriteBack.Written _ -> {
                var next = nextCheck(decided.row());
                yield next == null
                        ? Move.end(event, EventState.DONE, "", id)
                        : Move.due(event, EventState.RECHECK, decided.row().reason(), next, id);
            }
            case WriteBack.RetryLater(var after, var why, var counts) ->
                counts == WriteBack.Attempt.COUNTED
                        ? again(event, after, why, now)
                        : Move.again(event, why, now.plus(RetryPlan.free(after)), event.attempts());
            case WriteBack.Skipped(var reason) -> Move.end(event, EventState.SKIPPED, reason, id);
            case WriteBack.GaveUp(var why) -> Move.end(event, EventState.DEAD, why, id);
            case WriteBack.Refused(var refusal, var why) -> {
                refused(refusal, why);
                yield new Move(event, EventState.HELD, why, null, event.attempts(), id);
            }
        };
    }

    private static @Nullable Instant nextCheck(Verifications.Row row) {
        return row.finality() == Finality.OPEN ? row.nextCheckAt() : null;
    }

    /** Another try later, or the end when it has failed often enough. */
    Move again(EventRow event, Duration after, String why, Instant now) {
        var failures = event.attempts() + 1;
        return RetryPlan.after(failures, after, tools.random())
                .map(delay -> Move.again(event, why, now.plus(delay), failures))
                .orElseGet(() -> Move.end(event, EventState.DEAD, why, event.verificationId()));
    }

    /** The CRM does not let us in: the connection waits for a person. */
    void refused(Refusal refusal, String why) {
        var state = switch (refusal) {
            case NEEDS_REAUTH -> ConnectionState.NEEDS_REAUTH;
            case MISSING_SCOPE -> ConnectionState.MISSING_SCOPE;
        };
        LOG.warn("connection refused connection={} state={} why=\"{}\"", connection.id(), state.word(), why);
        tools.connections().setState(connection.id(), state, why);
    }

    private static Decided newest(List<Decided> ofOneContact) {
        return ofOneContact.stream()
                .max(Comparator.comparing((Decided decided) -> decided.row().verifiedAt())
                        .thenComparing(decided -> decided.row().id()))
                .orElseThrow();
    }

    static Finding finding(Decided decided) {
        var row = decided.row();
        return new Finding(
                decided.event().objectId(),
                row.email(),
                row.label(),
                row.status(),
                row.score(),
                row.reason(),
                row.decision(),
                row.has(Trait.DISPOSABLE),
                row.has(Trait.FREE),
                row.has(Trait.ROLE),
                row.suggestion(),
                row.verifiedAt(),
                row.message());
    }
}
