package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
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
        record Open(String verificationId, String chargeKey) implements Claim {}

        /** It was finished within the freshness window. */
        record Finished(String verificationId) implements Claim {}
    }

    /** Takes or joins the claim on {@code subject}, for example {@code crm:{connection}:{object}:{address}}. */
    Claim take(Handle handle, String workspaceId, String subject, String newVerificationId, Instant now) {
        var key = key(subject);
        var last = last(handle, workspaceId, key);
        if (last.isPresent()) {
            var row = last.get();
            if (row.state().equals("open")) {
                return new Claim.Open(row.verificationId(), subject + ":" + row.generation());
            }
            if (row.claimedAt() > now.minus(window(row.state())).toEpochMilli()) {
                return new Claim.Finished(row.verificationId());
            }
        }
        var generation = last.map(row -> row.generation() + 1).orElse(1L);
        handle.createUpdate("""
                        insert into claim (workspace_id, claim_key, generation, verification_id, state, claimed_at)
                        values (:workspace, :key, :generation, :verification, 'open', :now)
                        """)
                .bind("workspace", workspaceId)
                .bind("key", key)
                .bind("generation", generation)
                .bind("verification", newVerificationId)
                .bind("now", now.toEpochMilli())
                .execute();
        return new Claim.Ours(newVerificationId, subject + ":" + generation);
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

    private record Row(long generation, String verificationId, String state, long claimedAt) {}

    private static Optional<Row> last(Handle handle, String workspaceId, String key) {
        return handle.createQuery("""
                        select generation, verification_id, state, claimed_at from claim
                        where workspace_id = :workspace and claim_key = :key
                        order by generation desc limit 1
                        """)
                .bind("workspace", workspaceId)
                .bind("key", key)
                .map((row, _) -> new Row(
                        row.getLong("generation"),
                        row.getString("verification_id"),
                        row.getString("state"),
                        row.getLong("claimed_at")))
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
