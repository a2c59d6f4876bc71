package dev.gatepost.ledger;

import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Credits of all workspaces. Every change happens inside the caller's writing transaction. */
public final class Ledger {
    private Ledger() {}

    /**
     * Posts transfers for one workspace as part of the transaction of {@code handle}. Balances and the end of the hash
     * chain are read once before {@code postings} runs, the new rows are written in one batch after it.
     */
    public <T> T post(Handle handle, String workspaceId, Function<Posting, T> postings) {
        throw placeholder();
    }

    /** One workspace's postings within one transaction; not to be kept beyond it. */
    public interface Posting {
        /** Adds credits; {@code amount} positive. The same {@code grantKey} twice grants once. */
        void grant(String grantKey, long amount, String note);

        /** Moves one credit from available to reserved under {@code chargeKey}. */
        Reservation reserve(String chargeKey, String ref);

        /** Moves the reserved credit to spent. */
        Charge settle(String chargeKey);

        /** Gives the reserved credit back; false when there was no open reservation. */
        boolean release(String chargeKey);
    }

    private static RuntimeException placeholder() {
        return new IllegalStateException("placeholder");
    }
}
