package dev.gatepost.ledger;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import javax.crypto.SecretKey;
import org.jdbi.v3.core.Handle;

/** Credits of all workspaces. Every change happens inside the caller's writing transaction. Safe for any thread. */
public final class Ledger {
    private final Database database;
    private final SecretKey chargeKeyHashing;
    private final InstantSource clock;

    /**
     * @param chargeKeyHashing for HMAC-SHA256 over charge keys; must stay the same as long as the ledger lives, or old
     *     charges would not be known again
     */
    public Ledger(Database database, SecretKey chargeKeyHashing, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.chargeKeyHashing = requireNonNull(chargeKeyHashing, "chargeKeyHashing");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Posts transfers for one workspace as part of the transaction of {@code handle}. Balances and the end of the hash
     * chain are read once before {@code postings} runs, the new rows are written in one batch after it. Other postings of
     * the same workspace wait until the transaction ends. One posting must not contain another.
     */
    public <T> T post(Handle handle, String workspaceId, Function<Posting, T> postings) {
        var end = Transfers.lockEnd(handle, workspaceId, database.dialect().forUpdate());
        var posting = new OpenPosting(handle, workspaceId, new ChargeKeys(chargeKeyHashing), end, clock.instant());
        var result = postings.apply(posting);
        posting.write();
        return result;
    }

    /** Credits of one workspace now. */
    public Balance balance(String workspaceId) {
        return database.read(handle ->
                Transfers.end(handle, workspaceId).map(Transfers.End::balance).orElse(Balance.EMPTY));
    }

    /** At most {@code limit} entries of one workspace after {@code afterSeq}, in their order. */
    public List<Entry> entries(String workspaceId, long afterSeq, int limit) {
        return database.read(handle -> Transfers.entries(handle, workspaceId, afterSeq, limit));
    }

    /** Recomputes every hash, every balance and every charge, while work goes on. */
    public LedgerCheck check() {
        return new ChainCheck(database).run();
    }

    /** One workspace's postings within one transaction; not to be kept beyond it. */
    public interface Posting {
        /**
         * Reads what is known of these charge keys in one statement. Needed only for speed: before many calls on a
         * database that is a network away.
         */
        void expect(Collection<String> chargeKeys);

        /** Adds credits; {@code amount} positive. The same {@code grantKey} twice grants once. */
        void grant(String grantKey, long amount, String note);

        /**
         * Moves one credit from available to reserved under {@code chargeKey}.
         *
         * @param chargeKey what the charge is for, the same at every attempt; kept as a keyed hash only
         * @param ref id of the thing, kept as it is; never an address
         */
        Reservation reserve(String chargeKey, String ref);

        /** Moves the reserved credit to spent. */
        Charge settle(String chargeKey);

        /** Gives the reserved credit back; false when there was no open reservation. */
        boolean release(String chargeKey);
    }
}
