package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.Beginning.Start;
import dev.gatepost.intake.Events.Move;
import dev.gatepost.intake.Settlement.Item;
import dev.gatepost.intake.Verifications.Origin;
import dev.gatepost.store.Database;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Verification;
import dev.gatepost.workspace.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits what one connection's verifications came to. */
final class Settling {
    /** How long an event is left alone after a fault of ours. */
    private static final Duration FAULT_WAIT = Duration.ofSeconds(30);

    /** Faults of ours after which an event is given up. */
    private static final int FAULTS_MAX = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

    private final DrainTools tools;
    private final Connection connection;

    Settling(DrainTools tools, Connection connection) {
        this.tools = requireNonNull(tools, "tools");
        this.connection = requireNonNull(connection, "connection");
    }

    /**
     * What was found out.
     *
     * @param reusedFrom the verification it was copied from, or empty
     */
    record Outcome(Start.Ask start, Verification verification, String reusedFrom) {}

    /** The commit after the last packet: of each, verdict, decision, credit, usage and event state together. */
    void settle(List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        // Looked up anew, since another workflow may have been chosen for the connection while this drain runs.
        var latest = tools.connections().byId(connection.id()).orElse(connection);
        var now = tools.clock().instant();
        tools.database()
                .writeEach(tools.database().portions(outcomes).stream()
                        .map(portion -> settling(
                                portion,
                                portion.stream().map(each -> item(each, latest)).toList(),
                                now))
                        .toList());
        outcomes.forEach(outcome ->
                tools.waiters().tell(outcome.start().candidate().event().id()));
    }

    private Database.Work<Boolean> settling(List<Outcome> outcomes, List<Item> items, Instant now) {
        return handle -> {
            var erased = outcomes.stream()
                    .filter(outcome -> isErased(handle, outcome.start().candidate()))
                    .map(Outcome::start)
                    .toList();
            erased.forEach(start -> forget(handle, start, now));
            var ids = erased.stream().map(Start.Ask::verificationId).collect(Collectors.toSet());
            tools.settlement()
                    .settle(
                            handle,
                            connection.workspaceId(),
                            items.stream()
                                    .filter(item -> !ids.contains(
                                            item.judged().verification().id()))
                                    .toList(),
                            now);
            tools.events()
                    .move(
                            handle,
                            outcomes.stream()
                                    .map(Outcome::start)
                                    .filter(start -> !ids.contains(start.verificationId()))
                                    .map(start -> Move.due(
                                            start.candidate().event(),
                                            EventState.DECIDED,
                                            "",
                                            now,
                                            start.verificationId()))
                                    .toList(),
                            now);
            return true;
        };
    }

    private Item item(Outcome outcome, Connection latest) {
        var start = outcome.start();
        var event = start.candidate().event();
        return new Item(
                new Origin(
                        connection.workspaceId(),
                        connection.plugin(),
                        connection.id(),
                        event.objectId(),
                        start.chargeKey()),
                Judged.by(tools.workflow(latest, event), outcome.verification()),
                start.checks() + (wasAsked(outcome) ? 1 : 0),
                outcome.reusedFrom(),
                start.reuse());
    }

    private static boolean wasAsked(Outcome outcome) {
        return outcome.verification().verdict().reason() != Reason.BUSY;
    }

    private boolean isErased(Handle handle, Candidate candidate) {
        return tools.tombstones().covers(handle, connection, candidate.event().objectId(), candidate.normalized());
    }

    /** It was erased while it was being verified: nothing of it is stored, and its credit is given back. */
    private void forget(Handle handle, Start.Ask start, Instant now) {
        var event = start.candidate().event();
        tools.settlement().giveUp(handle, connection.workspaceId(), start.verificationId(), start.chargeKey(), now);
        tools.events()
                .move(
                        handle,
                        List.of(Move.unanswered(event, EventState.SKIPPED, "erased", now, start.verificationId())),
                        now);
        tools.erasure().late(handle, List.of(event.id()));
    }

    /** Tries again later, or gives up, after a fault of ours. */
    void fault(Start.Ask start, RuntimeException cause) {
        var event = start.candidate().event();
        LOG.error("verification failed event={} verification={}", event.id(), start.verificationId(), cause);
        var now = tools.clock().instant();
        var attempts = event.attempts() + 1;
        tools.database().write(handle -> {
            if (attempts <= FAULTS_MAX) {
                tools.events()
                        .move(
                                handle,
                                List.of(Move.again(event, "internal_error", now.plus(FAULT_WAIT), attempts)),
                                now);
                return true;
            }
            tools.settlement().giveUp(handle, connection.workspaceId(), start.verificationId(), start.chargeKey(), now);
            tools.events()
                    .move(
                            handle,
                            List.of(Move.unanswered(
                                    event, EventState.DEAD, "internal_error", now, start.verificationId())),
                            now);
            return true;
        });
    }
}
