package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * The table {@code claim}: who verifies, and may charge for, one contact's address. All triggers for the same contact and
 * address share one claim; a new generation begins only when the freshness window of the last has passed.
 */
final class Claims {
    /** Long enough for the events that one change in a CRM sets off, short enough to be asked again the same hour. */
    private static final Duration UNKNOWN_FRESHNESS = Duration.ofMinutes(15);

    private final Function<byte[], byte[]> keyedHash;
    private final Duration freshness;

    /**
     * @param keyedHash hides the address in the stored key
     * @param freshness how long a finished verification answers for the same contact and address
     */
    Claims(Function<byte[], byte[]> keyedHash, Duration freshness) {
        this.keyedHash = requireNonNull(keyedHash, "keyedHash");
        this.freshness = requireNonNull(freshness, "freshness");
    }

    /** What a claim says to a trigger. */
    sealed interface Claim {
        /** It is this trigger's: verify under this id and key. */
        record Ours(String verificationId, String chargeKey) implements Claim {}

        /** Another trigger began it, and it is not finished; {@code verificationId} is that one's. */
        record Open(String verificationId, String chargeKey, Reuse reuse) implements Claim {}

        /** It was finished within the freshness window. */
        record Finished(String verificationId) implements Claim {}
    }

    /**
     * What a trigger wants to verify.
     *
     * @param subject for example {@code crm:{connection}:{object}:{address}}
     * @param verificationId a new one, under which it would be verified
     * @param hashed what the ledger keeps of a charge key
     */
    record Wanted(String workspaceId, String subject, String verificationId, UnaryOperator<String> hashed) {}

    /** Takes or joins the claim on a subject. */
    Claim take(Handle handle, Wanted wanted, Instant now) {
        var last = last(handle, wanted);
        if (last.isPresent()) {
            var row = last.get();
            if (row.isOpen()) {
                return row.joined(wanted.subject());
            }
            if (row.claimedAt() > now.minus(window(row.state())).toEpochMilli()) {
                return new Claim.Finished(row.verificationId());
            }
        }
        return insert(handle, wanted, last, Reuse.ALLOWED, now)
                .orElseThrow(() -> new IllegalStateException("two generations at once for " + wanted.verificationId()));
    }

    /**
     * Begins a new generation though the last one may still answer; joins one that is open, or that another node begins at
     * the same time (reliability C3).
     */
    Claim raise(Handle handle, Wanted wanted, Instant now) {
        var last = last(handle, wanted);
        var open = last.filter(Row::isOpen);
        return open.isPresent()
                ? open.get().joined(wanted.subject())
                : insert(handle, wanted, last, Reuse.REFUSED, now)
                        .orElseGet(() -> last(handle, wanted).orElseThrow().joined(wanted.subject()));
    }

    /** Empty when somebody else has that generation. */
    private Optional<Claim> insert(Handle handle, Wanted wanted, Optional<Row> last, Reuse reuse, Instant now) {
        var generation = last.map(row -> row.generation() + 1).orElse(1L);
        var chargeKey = wanted.subject() + ":" + generation;
        var added = handle.createUpdate("""
                        insert into claim (workspace_id, claim_key, generation, verification_id, state, claimed_at,
                            charge, reuse)
                        values (:workspace, :key, :generation, :verification, 'open', :now, :charge, :reuse)
                        on conflict (workspace_id, claim_key, generation) do nothing
                        """)
                .bind("workspace", wanted.workspaceId())
                .bind("key", key(wanted.subject()))
                .bind("generation", generation)
                .bind("verification", wanted.verificationId())
                .bind("now", now.toEpochMilli())
                .bind("charge", wanted.hashed().apply(chargeKey))
                .bind("reuse", reuse.number())
                .execute();
        return added == 1 ? Optional.of(new Claim.Ours(wanted.verificationId(), chargeKey)) : Optional.empty();
    }

    /**
     * A claim that is not finished.
     *
     * @param charge the hash that the ledger knows its charge by
     */
    record Unfinished(String workspaceId, String charge) {}

    /** The open claim under which this verification runs; empty when there is none, or an earlier version took it. */
    Optional<Unfinished> unfinished(Handle handle, String verificationId) {
        return handle.createQuery("""
                        select workspace_id, charge from claim
                        where verification_id = :verification and state = 'open' and charge <> ''
                        """)
                .bind("verification", verificationId)
                .map((row, _) -> new Unfinished(row.getString("workspace_id"), row.getString("charge")))
                .findFirst();
    }

    /** How a claim ended. */
    enum End {
        /** With a verdict: it answers for the whole freshness window. */
        ANSWERED,
        /** Nobody could say: it answers for a short while only, since asking again costs nothing. */
        UNKNOWN,
        /** Given up half-way, since the contact went or changed: it never answers. */
        ABANDONED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Ends a claim; its window runs from now. */
    void finish(Handle handle, String verificationId, End end, Instant now) {
        handle.createUpdate("""
                        update claim set state = :state, claimed_at = :now
                        where verification_id = :verification and state = 'open'
                        """)
                .bind("state", end.word())
                .bind("now", now.toEpochMilli())
                .bind("verification", verificationId)
                .execute();
    }

    /** Takes back a claim under which nothing was done, for lack of credits. */
    void withdraw(Handle handle, String verificationId) {
        handle.createUpdate("delete from claim where verification_id = :verification and state = 'open'")
                .bind("verification", verificationId)
                .execute();
    }

    private record Row(long generation, String verificationId, String state, long claimedAt, Reuse reuse) {
        boolean isOpen() {
            return state.equals("open");
        }

        Claim joined(String subject) {
            return new Claim.Open(verificationId, subject + ":" + generation, reuse);
        }
    }

    private Optional<Row> last(Handle handle, Wanted wanted) {
        return handle.createQuery("""
                        select generation, verification_id, state, claimed_at, reuse from claim
                        where workspace_id = :workspace and claim_key = :key
                        order by generation desc limit 1
                        """)
                .bind("workspace", wanted.workspaceId())
                .bind("key", key(wanted.subject()))
                .map((row, _) -> new Row(
                        row.getLong("generation"),
                        row.getString("verification_id"),
                        row.getString("state"),
                        row.getLong("claimed_at"),
                        Reuse.of(row.getInt("reuse"))))
                .findOne();
    }

    private Duration window(String state) {
        return switch (End.valueOf(state.toUpperCase(Locale.ROOT))) {
            case ANSWERED -> freshness;
            case UNKNOWN -> UNKNOWN_FRESHNESS;
            case ABANDONED -> Duration.ZERO;
        };
    }

    private String key(String subject) {
        return HexFormat.of().formatHex(keyedHash.apply(subject.getBytes(StandardCharsets.UTF_8)), 0, 16);
    }
}
