package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.Claims.Claim;
import dev.gatepost.intake.Claims.Wanted;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.ledger.Reservation;
import dev.gatepost.workspace.Connection;
import java.time.Instant;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Verifies a contact of a CRM once more because a person says so, though the last answer is still good: a new generation of
 * its claim, with a credit of its own (reliability C3). Safe for any thread.
 */
public final class FreshChecks {
    private final DrainTools tools;
    private final Consumer<String> wake;

    /** @param wake called with the id of the connection that got something to do */
    FreshChecks(DrainTools tools, Consumer<String> wake) {
        this.tools = requireNonNull(tools, "tools");
        this.wake = requireNonNull(wake, "wake");
    }

    /** How it went. */
    public sealed interface Outcome {
        /** Under way under this id, begun by this call or by another. */
        record UnderWay(String verificationId) implements Outcome {}

        /** No credit could be set aside; nothing was begun. */
        record NoCredits() implements Outcome {}

        /** Nobody can ask or tell the CRM now. */
        record NotActive() implements Outcome {}
    }

    /**
     * Begins within the caller's transaction; {@link #wake} after its commit. The contact is read again before it is asked
     * about: if it has gone or has another address by then, the credit is given back and nothing is stored under the id.
     *
     * @param last a verification of the contact, with its address
     */
    public Outcome begin(Handle handle, Verifications.Row last) {
        var active = tools.connections().byId(last.connectionId()).filter(Connection::isActive);
        if (active.isEmpty()) {
            return new Outcome.NotActive();
        }
        var now = tools.clock().instant();
        return tools.ledger()
                .post(handle, last.workspaceId(), posting -> begin(handle, active.get(), last, posting, now));
    }

    private Outcome begin(
            Handle handle, Connection connection, Verifications.Row last, Ledger.Posting posting, Instant now) {
        var subject = Candidate.subject(last.connectionId(), last.objectId(), address(last));
        var wanted = new Wanted(last.workspaceId(), subject, tools.ids().next(), posting::hashed);
        return switch (tools.claims().raise(handle, wanted, now)) {
            case Claim.Ours(var id, var key) -> {
                if (posting.reserve(key, id) == Reservation.INSUFFICIENT) {
                    tools.claims().withdraw(handle, id);
                    yield new Outcome.NoCredits();
                }
                tools.events().askAgain(handle, connection, last.objectId(), id, now);
                yield new Outcome.UnderWay(id);
            }
            case Claim.Open(var id, var _, var _) -> new Outcome.UnderWay(id);
            case Claim.Finished(var id) -> throw new IllegalStateException("raised, but finished: " + id);
        };
    }

    /** A text that is no address is claimed as it was typed. */
    private static String address(Verifications.Row last) {
        return last.normalized().isEmpty() ? Candidate.normalized(last.email()) : last.normalized();
    }

    /** Has the connection's events worked on at once. */
    public void wake(String connectionId) {
        wake.accept(connectionId);
    }
}
