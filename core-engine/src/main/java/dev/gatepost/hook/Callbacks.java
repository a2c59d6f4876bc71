package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code hook_callback}: callers who wait for one final answer, each told at most once. Every method works in the
 * caller's transaction. Safe for any thread.
 */
public final class Callbacks {
    /**
     * Least time between the request and its callback, so that the answer to the request, which says that there will be
     * one, arrives first.
     */
    static final Duration ANSWER_FIRST = Duration.ofSeconds(1);

    /** Longer than any call takes (reliability W7): what is still calling after it belongs to a process that is gone. */
    static final Duration HELD = Duration.ofMinutes(1);

    /** Zapier's documentation, "Callback URLs": a step waits for 30 days. */
    private static final Duration OPEN_MAX = Duration.ofDays(30);

    private final InstantSource clock;

    Callbacks(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * One to be called now.
     *
     * @param attempts that did not reach the receiver
     */
    record Row(String verificationId, String url, String body, int attempts) {}

    /** Notes that somebody waits for the answer of a verification. */
    public void expect(Handle handle, String workspaceId, String verificationId, String url) {
        var now = clock.instant();
        handle.createUpdate("""
                        insert into hook_callback (verification_id, workspace_id, url, state, body, attempts, due_at, status,
                            outcome, created_at, updated_at)
                        values (:id, :workspace, :url, 'open', '', 0, null, 0, '', :now, :now)
                        on conflict (verification_id) do nothing""")
                .bind("id", verificationId)
                .bind("workspace", workspaceId)
                .bind("url", url)
                .bind("now", now)
                .execute();
    }

    /** Where somebody waits for the answer; empty when nobody does, or has been answered. */
    public Optional<String> expected(Handle handle, String verificationId) {
        return handle.createQuery("select url from hook_callback where verification_id = :id and state = 'open'")
                .bind("id", verificationId)
                .mapTo(String.class)
                .findOne();
    }

    /** Nobody waits any more: there will be no answer. */
    public void withdraw(Handle handle, String verificationId) {
        handle.createUpdate("delete from hook_callback where verification_id = :id and state = 'open'")
                .bind("id", verificationId)
                .execute();
    }

    /** The final answer is known: it is posted once this transaction is through. Does nothing the second time. */
    public void answered(Handle handle, String verificationId, String body) {
        var now = clock.instant();
        handle.createUpdate("""
                        update hook_callback set state = 'waiting', body = :body, updated_at = :now,
                            due_at = case when created_at + :first > :now then created_at + :first else :now end
                        where verification_id = :id and state = 'open'""")
                .bind("body", body)
                .bind("now", now)
                .bind("first", ANSWER_FIRST.toMillis())
                .bind("id", verificationId)
                .execute();
    }

    static boolean isAnyDue(Handle handle, Instant now) {
        return handle.createQuery("select 1 from hook_callback where due_at <= :now limit 1")
                .bind("now", now)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    /** Takes up to {@code limit} due ones: from now on nobody else calls them, nor does this node after it was killed. */
    static List<Row> take(Handle handle, Instant now, int limit) {
        endForgotten(handle, now);
        var due = handle.createQuery("""
                        select verification_id, url, body, attempts from hook_callback
                        where due_at <= :now and state = 'waiting' order by due_at limit :limit""")
                .bind("now", now)
                .bind("limit", limit)
                .map((row, _) -> new Row(
                        row.getString("verification_id"),
                        row.getString("url"),
                        row.getString("body"),
                        row.getInt("attempts")))
                .list();
        var taken = new ArrayList<Row>();
        for (var row : due) {
            var isMine = handle.createUpdate("""
                                    update hook_callback set state = 'calling', due_at = :until, updated_at = :now
                                    where verification_id = :id and state = 'waiting' and attempts = :attempts""")
                            .bind("until", now.plus(HELD))
                            .bind("now", now)
                            .bind("id", row.verificationId())
                            .bind("attempts", row.attempts())
                            .execute()
                    == 1;
            if (isMine) {
                taken.add(row);
            }
        }
        return taken;
    }

    /** A process ended during the call: the receiver may have the answer, so it is not told again. */
    private static void endForgotten(Handle handle, Instant now) {
        handle.createUpdate("""
                        update hook_callback set state = 'ended', due_at = null, body = '', updated_at = :now,
                            outcome = 'broken off here; it may have arrived'
                        where state = 'calling' and due_at <= :now""").bind("now", now).execute();
    }

    /**
     * How a call went.
     *
     * @param dueAt when it is made again; null when it is not
     */
    static void called(Handle handle, Row row, int status, String outcome, @Nullable Instant dueAt, Instant now) {
        handle.createUpdate("""
                        update hook_callback set state = :state, body = case when :state = 'ended' then '' else body end,
                            attempts = :attempts, due_at = :due, status = :status, outcome = :outcome, updated_at = :now
                        where verification_id = :id and state = 'calling'""")
                .bind("state", dueAt == null ? "ended" : "waiting")
                .bind("attempts", row.attempts() + 1)
                .bind("due", dueAt == null ? null : (Long) dueAt.toEpochMilli())
                .bind("status", status)
                .bind("outcome", outcome)
                .bind("now", now)
                .bind("id", row.verificationId())
                .execute();
    }

    /** Removes what ended before {@code before}, and what nobody waits for any more; returns how many, at most {@code limit}. */
    static int purge(Handle handle, Instant before, Instant now, int limit) {
        return handle.createUpdate("""
                        delete from hook_callback where verification_id in (
                            select verification_id from hook_callback
                            where due_at is null and (state = 'ended' and updated_at < :before or updated_at < :open)
                            limit :limit)""")
                .bind("before", before)
                .bind("open", now.minus(OPEN_MAX))
                .bind("limit", limit)
                .execute();
    }

    /** Removes what is to be told about a verification (reliability L4). */
    static int erase(Handle handle, String workspaceId, String verificationId) {
        return handle.createUpdate(
                        "delete from hook_callback where verification_id = :id and workspace_id = :workspace")
                .bind("id", verificationId)
                .bind("workspace", workspaceId)
                .execute();
    }
}
