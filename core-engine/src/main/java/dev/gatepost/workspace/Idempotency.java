package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.workspace.Secrets.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What was answered to requests with an {@code Idempotency-Key} (reliability K1-K3). Every method works in the caller's
 * writing transaction, which is the one of the effect. Safe for any thread.
 */
public final class Idempotency {
    /** How long an answer is kept. */
    public static final Duration KEPT = Duration.ofDays(3);

    /** How long a request counts as running after its {@link Holder} last said so. */
    public static final Duration HELD = Duration.ofMinutes(1);

    private final Secrets secrets;
    private final InstantSource clock;

    /** @param secrets encrypts what was answered: it may hold addresses, and a new key */
    public Idempotency(Secrets secrets, InstantSource clock) {
        this.secrets = requireNonNull(secrets, "secrets");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * A request that is to have one effect however often it comes.
     *
     * @param route method and path template
     * @param key as the caller chose it
     * @param requestHash of everything in the request that matters
     */
    public record Asked(String workspaceId, String route, String key, String requestHash) {
        public Asked {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(route, "route");
            requireNonNull(key, "key");
            requireNonNull(requestHash, "requestHash");
        }

        private Place place() {
            return SecretColumn.IDEMPOTENCY_BODY.of(String.join(" ", workspaceId, route, key));
        }
    }

    /** What is known of a request. */
    public sealed interface Turn {
        /** It is the first: do it, then {@link #done}. */
        record First() implements Turn {}

        /** It was answered so before. */
        record Answered(int status, String body) implements Turn {}

        /** The first has not ended yet, and somebody works on it. */
        record Running(String ref) implements Turn {}

        /** The key was used for another request. */
        record Different() implements Turn {}
    }

    /**
     * Who works on a request whose work takes many transactions; says so with {@link #holdOn} until it is done.
     *
     * @param id no two have the same
     */
    public record Holder(String id) {
        private static final Holder NOBODY = new Holder("");

        public Holder {
            requireNonNull(id, "id");
        }
    }

    /**
     * Takes the key for this request, or says what became of the one that took it. The answer is kept in the same transaction;
     * or else {@code ref} names work that is stored with it, and that keeps the answer at its end.
     *
     * @param ref id of what the request makes, by which it can be forgotten; may be empty
     */
    public Turn take(Handle handle, Asked asked, String ref) {
        return take(handle, asked, ref, Holder.NOBODY, Instant.EPOCH);
    }

    /**
     * Takes the key for work that is done outside of the transaction, and that does no harm when it is done twice: when nobody
     * says for {@link #HELD} that it goes on, as after the end of a process, the same request gets its turn again.
     */
    public Turn hold(Handle handle, Asked asked, Holder holder) {
        return take(handle, asked, "", holder, clock.instant().plus(HELD));
    }

    private Turn take(Handle handle, Asked asked, String ref, Holder holder, Instant until) {
        var taken = handle.createUpdate("""
                        insert into idempotency (workspace_id, route, idempotency_key, request_hash, state, ref, status,
                            body, created_at, holder, held_until)
                        values (:workspace, :route, :key, :hash, 'running', :ref, 0, '', :now, :holder, :until)
                        on conflict (workspace_id, route, idempotency_key) do nothing""")
                .bind("workspace", asked.workspaceId())
                .bind("route", asked.route())
                .bind("key", asked.key())
                .bind("hash", asked.requestHash())
                .bind("ref", ref)
                .bind("now", clock.instant())
                .bind("holder", holder.id())
                .bind("until", until)
                .execute();
        if (taken == 1) {
            return new Turn.First();
        }
        var known = known(handle, asked);
        return known instanceof Turn.Running && takeOver(handle, asked, ref, holder, until) ? new Turn.First() : known;
    }

    /** From whoever does not work on it any more; only one of two who try gets it. */
    private boolean takeOver(Handle handle, Asked asked, String ref, Holder holder, Instant until) {
        var now = clock.instant();
        return handle.createUpdate("""
                        update idempotency set ref = :ref, created_at = :now, holder = :holder, held_until = :until
                        where workspace_id = :workspace and route = :route and idempotency_key = :key
                            and state = 'running' and ref = '' and held_until <= :now""")
                        .bind("ref", ref)
                        .bind("now", now)
                        .bind("holder", holder.id())
                        .bind("until", until)
                        .bind("workspace", asked.workspaceId())
                        .bind("route", asked.route())
                        .bind("key", asked.key())
                        .execute()
                == 1;
    }

    /** Says that {@code holder} still works on it; without effect once another took it over, or it is done. */
    public void holdOn(Handle handle, Asked asked, Holder holder) {
        handle.createUpdate("""
                        update idempotency set held_until = :until
                        where workspace_id = :workspace and route = :route and idempotency_key = :key
                            and state = 'running' and holder = :holder""")
                .bind("until", clock.instant().plus(HELD))
                .bind("workspace", asked.workspaceId())
                .bind("route", asked.route())
                .bind("key", asked.key())
                .bind("holder", holder.id())
                .execute();
    }

    private Turn known(Handle handle, Asked asked) {
        return handle.createQuery("""
                        select request_hash, state, ref, status, body from idempotency
                        where workspace_id = :workspace and route = :route and idempotency_key = :key""")
                .bind("workspace", asked.workspaceId())
                .bind("route", asked.route())
                .bind("key", asked.key())
                .map((row, _) -> {
                    if (!row.getString("request_hash").equals(asked.requestHash())) {
                        return new Turn.Different();
                    }
                    return row.getString("state").equals("running")
                            ? new Turn.Running(row.getString("ref"))
                            : new Turn.Answered(
                                    row.getInt("status"), secrets.decrypt(asked.place(), row.getString("body")));
                })
                .one();
    }

    /** Keeps what the first was answered. */
    public void done(Handle handle, Asked asked, int status, String body) {
        done(handle, asked, Holder.NOBODY, status, body);
    }

    /** The same for work that {@code holder} has held; without effect when another took it over. */
    public void done(Handle handle, Asked asked, Holder holder, int status, String body) {
        handle.createUpdate("""
                        update idempotency set state = 'done', status = :status, body = :body, held_until = 0
                        where workspace_id = :workspace and route = :route and idempotency_key = :key
                            and holder = :holder""")
                .bind("status", status)
                .bind("body", secrets.encrypt(asked.place(), body))
                .bind("holder", holder.id())
                .bind("workspace", asked.workspaceId())
                .bind("route", asked.route())
                .bind("key", asked.key())
                .execute();
    }

    /** The request that makes what {@code ref} names, while it has not been answered. */
    public Optional<Asked> running(Handle handle, String ref) {
        return handle.createQuery("select * from idempotency where ref = :ref and ref <> '' and state = 'running'")
                .bind("ref", ref)
                .map((row, _) -> new Asked(
                        row.getString("workspace_id"),
                        row.getString("route"),
                        row.getString("idempotency_key"),
                        row.getString("request_hash")))
                .findFirst();
    }

    /** Gives the key free again: the request had no effect. */
    public void withdraw(Handle handle, Asked asked) {
        withdraw(handle, asked, Holder.NOBODY);
    }

    /** The same for work that {@code holder} has held; without effect when another took it over. */
    public void withdraw(Handle handle, Asked asked, Holder holder) {
        handle.createUpdate("""
                        delete from idempotency
                        where workspace_id = :workspace and route = :route and idempotency_key = :key
                            and state = 'running' and holder = :holder""")
                .bind("holder", holder.id())
                .bind("workspace", asked.workspaceId())
                .bind("route", asked.route())
                .bind("key", asked.key())
                .execute();
    }

    /** Forgets whatever was answered about what {@code ref} names; the same request would be a new one. */
    public static void forget(Handle handle, String ref) {
        handle.createUpdate("delete from idempotency where ref = :ref and ref <> ''")
                .bind("ref", ref)
                .execute();
    }

    /**
     * Removes up to {@code rowsMax} answers that are older than {@link #KEPT}. Running ones stay, but for those whose work
     * nobody has held for that long: it does not outlive the process that began it.
     */
    public int purge(Handle handle, int rowsMax) {
        Instant end = clock.instant().minus(KEPT);
        return handle.createUpdate("""
                        delete from idempotency where (workspace_id, route, idempotency_key) in (
                            select workspace_id, route, idempotency_key from idempotency
                            where created_at < :end and (state = 'done' or ref = '' and held_until < :end)
                            order by created_at limit :rows)""").bind("end", end).bind("rows", rowsMax).execute();
    }
}
