package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Contacts;
import dev.gatepost.intake.Events.Move;
import dev.gatepost.workspace.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the address of each event of one connection: the one its contact has now, or the one it names itself. */
final class ContactReader {
    private final DrainTools tools;
    private final Connection connection;
    private final Function<List<String>, Contacts> contacts;
    private final Telling telling;

    /** @param contacts asks the CRM for contacts by id */
    ContactReader(DrainTools tools, Connection connection, Function<List<String>, Contacts> contacts, Telling telling) {
        this.tools = requireNonNull(tools, "tools");
        this.connection = requireNonNull(connection, "connection");
        this.contacts = requireNonNull(contacts, "contacts");
        this.telling = requireNonNull(telling, "telling");
    }

    /**
     * Those that have an address to verify. What becomes of the others is added to the moves: no address, nothing to be had
     * just now, erased.
     */
    List<Candidate> read(List<EventRow> events, List<Move> moves) {
        var candidates = candidates(events, moves);
        return withoutErased(candidates, moves, tools.clock().instant());
    }

    /** What was erased stays so, whatever arrives late (reliability L4). */
    private List<Candidate> withoutErased(List<Candidate> candidates, List<Move> moves, Instant now) {
        if (candidates.isEmpty()) {
            return candidates;
        }
        return tools.database()
                .read(handle -> candidates.stream()
                        .filter(candidate -> {
                            var event = candidate.event();
                            var erased = tools.tombstones()
                                    .covers(handle, connection, event.objectId(), candidate.normalized());
                            if (erased) {
                                moves.add(Move.unanswered(
                                        event, EventState.SKIPPED, "erased", now, event.verificationId()));
                            }
                            return !erased;
                        })
                        .toList());
    }

    /** Reads the contacts; events that have no address to verify, or whose contacts cannot be read now, go to moves. */
    private List<Candidate> candidates(List<EventRow> events, List<Move> moves) {
        var named = events.stream()
                .filter(event -> !event.occasion().email().isEmpty())
                .map(event -> Candidate.of(event, event.occasion().email()))
                .toList();
        var unnamed = events.stream()
                .filter(event -> event.occasion().email().isEmpty())
                .toList();
        return unnamed.isEmpty()
                ? named
                : Stream.concat(named.stream(), named(unnamed, moves).stream()).toList();
    }

    private List<Candidate> named(List<EventRow> events, List<Move> moves) {
        var ids = events.stream().map(EventRow::objectId).distinct().toList();
        var now = tools.clock().instant();
        return switch (contacts.apply(ids)) {
            case Contacts.Found(var found) -> {
                var known = found.stream()
                        .collect(Collectors.toMap(Contacts.Contact::askedId, contact -> contact, (a, _) -> a));
                var candidates = new ArrayList<Candidate>();
                for (var event : events) {
                    var contact = known.get(event.objectId());
                    if (contact == null) {
                        moves.add(Move.end(event, EventState.SKIPPED, "target_gone", event.verificationId()));
                    } else if (contact.email().isBlank()) {
                        moves.add(Move.end(event, EventState.IGNORED, "no_email", event.verificationId()));
                    } else {
                        candidates.add(Candidate.of(event, contact.email(), contact.signals()));
                    }
                }
                yield candidates;
            }
            case Contacts.RetryLater(var after, var why) -> {
                events.forEach(event -> moves.add(telling.again(event, after, why, now)));
                yield List.of();
            }
            case Contacts.Refused(var refusal, var why) -> {
                telling.refused(refusal, why);
                events.forEach(event -> moves.add(Drain.held(event, why)));
                yield List.of();
            }
        };
    }
}
