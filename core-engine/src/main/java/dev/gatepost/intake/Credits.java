package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.ledger.Ledger;
import dev.gatepost.store.Database;
import java.time.InstantSource;

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
     * Grants credits; the same key twice grants once. A running server finds the events that this sets free within a
     * second.
     *
     * @param amount positive
     */
    public void grant(String workspaceId, String grantKey, long amount, String note) {
        database.write(handle -> {
            ledger.post(handle, workspaceId, posting -> {
                posting.grant(grantKey, amount, note);
                return true;
            });
            return Events.creditsArrived(handle, workspaceId, clock.instant());
        });
    }
}
