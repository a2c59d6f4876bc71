package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.ledger.Reversal;
import dev.gatepost.store.Database;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;

/** Grants credits and lets the events go on that waited for them, in one transaction. Safe for any thread. */
public final class Credits {
    private final Database database;
    private final Ledger ledger;
    private final InstantSource clock;

    public Credits(Database database, Ledger ledger, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.ledger = requireNonNull(ledger, "ledger");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Grants credits; false when the same key was granted before. A running server finds the events that this sets free
     * within a second.
     *
     * @throws IllegalArgumentException as {@link Ledger.Posting#grant}
     */
    public boolean grant(String workspaceId, Grant grant) {
        return database.write(handle -> grant(handle, workspaceId, grant));
    }

    /** The same within the caller's transaction. */
    public boolean grant(Handle handle, String workspaceId, Grant grant) {
        var granted = ledger.<Boolean>post(handle, workspaceId, posting -> posting.grant(grant));
        Events.creditsArrived(handle, workspaceId, clock.instant());
        return granted;
    }

    /**
     * Gives the credits of one settlement back.
     *
     * @param seq of the settlement in the list of transactions
     * @param note why; no address
     */
    public Reversal reverse(Handle handle, String workspaceId, long seq, String note) {
        var reversal = ledger.<Reversal>post(handle, workspaceId, posting -> posting.reverse(seq, note));
        Events.creditsArrived(handle, workspaceId, clock.instant());
        return reversal;
    }
}
