package dev.gatepost.ledger;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import javax.crypto.SecretKey;
import org.jdbi.v3.core.Handle;

/** Credits of all workspaces. Every change happens inside the caller's writing transaction. Safe for any thread. */
public final class Ledger {
    private final Database database;
    private final SecretKey chargeKeyHashing;
    private final InstantSource clock;
    private final BiConsumer<Handle, CreditsLow> low;

    /** A ledger whose alarms nobody listens to. */
    public Ledger(Database database, SecretKey chargeKeyHashing, InstantSource clock) {
        this(database, chargeKeyHashing, clock, (_, _) -> {});
    }

    /**
     * A ledger that tells when credits become low.
     *
     * @param low told once for each crossing, within the transaction that crosses
     * @param chargeKeyHashing for HMAC-SHA256 over charge keys; must stay the same as long as the ledger lives, or old
     *     charges would not be known again
     */
    public Ledger(
            Database database, SecretKey chargeKeyHashing, InstantSource clock, BiConsumer<Handle, CreditsLow> low) {
        this.database = requireNonNull(database, "database");
        this.low = requireNonNull(low, "low");
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
        posting.write().ifPresent(alarm -> {
            Alarms.add(handle, alarm);
            low.accept(handle, alarm);
        });
        return result;
    }

    /** Credits of one workspace now. */
    public Balance balance(String workspaceId) {
        return database.read(handle ->
                Transfers.end(handle, workspaceId).map(Transfers.End::balance).orElse(Balance.EMPTY));
    }

    /** Credits of one workspace now, and whether they are low. */
    public Standing standing(String workspaceId) {
        return database.read(handle ->
                Transfers.end(handle, workspaceId).map(Transfers.End::standing).orElse(Standing.NEW));
    }

    /** How many workspaces have fewer credits than they want to have. */
    public long lowWorkspaces() {
        return database.<Long>read(
                handle -> handle.createQuery("select count(*) from balance where low_since is not null")
                        .mapTo(Long.class)
                        .one());
    }

    /**
     * Sets when a workspace's credits count as low.
     *
     * @param below 0 is never
     * @throws IllegalArgumentException when it is negative or above {@link Grant#AMOUNT_MAX}
     */
    public void alarmBelow(Handle handle, String workspaceId, long below) {
        if (below < 0 || below > Grant.AMOUNT_MAX) {
            throw new IllegalArgumentException(
                    "low_below: a whole number from 0 (never) to " + Grant.AMOUNT_MAX + ", not " + below);
        }
        Transfers.lockEnd(handle, workspaceId, database.dialect().forUpdate());
        Transfers.alarmBelow(handle, workspaceId, below);
    }

    /** The latest alarms of one workspace below {@code beforeSeq}, newest first. */
    public List<CreditsLow> alarms(String workspaceId, long beforeSeq, int limit) {
        return database.read(handle -> Alarms.page(handle, workspaceId, beforeSeq, limit));
    }

    /** Credits of one workspace as this transaction has them. */
    public Balance balance(Handle handle, String workspaceId) {
        return Transfers.end(handle, workspaceId).map(Transfers.End::balance).orElse(Balance.EMPTY);
    }

    /** Credits of one workspace that will expire, and how many of them are left; the first to expire first. */
    public List<Lot> expiring(String workspaceId) {
        return database.read(handle -> {
            var available = Transfers.end(handle, workspaceId)
                    .map(Transfers.End::balance)
                    .orElse(Balance.EMPTY)
                    .available();
            return Lot.attributed(Lots.of(handle, workspaceId), available).stream()
                    .filter(lot -> !lot.isLasting() && lot.rest() > 0)
                    .toList();
        });
    }

    /** Takes back what is left of grants whose time is over; for a chore. Returns how many credits expired. */
    public long expireDue() {
        var now = clock.instant();
        long expired = 0;
        for (var workspaceId : database.<List<String>>read(handle -> Lots.due(handle, now))) {
            expired += database.<Long>write(handle -> post(handle, workspaceId, Posting::expire));
        }
        return expired;
    }

    /** Entries of one workspace that pass a filter. */
    public Transactions transactions() {
        return new Transactions(database);
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

        /**
         * Adds credits; false when the same key was granted before.
         *
         * @throws IllegalArgumentException when it expires in the past, or the workspace would hold too many; the message
         *     names the field
         */
        boolean grant(Grant grant);

        /** Takes back what is left of grants whose time is over; returns how many credits. */
        long expire();

        /**
         * Gives a charge back, at most once and exactly as much as was taken.
         *
         * @param seq of the settlement's entry
         * @param note why, under the rules of a grant's note
         */
        Reversal reverse(long seq, String note);

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

        /** The keyed hash that a charge key is kept as; tells nothing, so whoever wants may keep it too. */
        String hashed(String chargeKey);

        /** As {@link #release}, by what {@link #hashed} gave. */
        boolean releaseHashed(String hash);
    }
}
