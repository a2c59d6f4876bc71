package dev.gatepost.intake;

import dev.gatepost.hook.Outbox;
import dev.gatepost.intake.Settlement.Recheck;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.Connections;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What every drain works with.
 *
 * @param verify verifies one address, blocking its (virtual) thread
 * @param workflows the rules that judge a connection's contacts
 * @param choices all workflows of a workspace
 * @param waiters who waits in this process for an event to be decided
 * @param withoutCredits what becomes of events while there are no credits
 * @param freshness how long a verification answers for the same address
 */
record DrainTools(
        Database database,
        Connections connections,
        Events events,
        Claims claims,
        Verifications verifications,
        Ledger ledger,
        Outbox outbox,
        Settlement settlement,
        Recheck recheck,
        Function<VerifyRequest, Verification> verify,
        Function<Connection, Workflow> workflows,
        Function<String, List<Workflow>> choices,
        Waiters waiters,
        Tombstones tombstones,
        Erasure erasure,
        WithoutCredits withoutCredits,
        Duration freshness,
        Ids ids,
        InstantSource clock,
        RandomGenerator random) {
    /** The workflow that judges an event: the one an errand names, if there is such a one, else the connection's own. */
    Workflow workflow(Connection connection, EventRow event) {
        var asked = event.occasion().workflowId();
        return asked.isEmpty()
                ? workflows.apply(connection)
                : choices.apply(connection.workspaceId()).stream()
                        .filter(workflow -> workflow.id().equals(asked))
                        .findFirst()
                        .orElseGet(() -> workflows.apply(connection));
    }
}
