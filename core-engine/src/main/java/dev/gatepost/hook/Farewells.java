package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.RetryPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what revoked API keys subscribed to, and what people remove, and tells Zapier so by {@code DELETE} ("reverse unsubscribe" of Zapier's
 * documentation, "Add a REST Hook trigger"), which pauses the Zap. Who is still to be told stands in the table {@code
 * hook_farewell}, from the transaction that ends the subscription on, and is tried again by the usual plan (reliability
 * W4). Telling twice is harmless. {@link #sweep} is called by one thread.
 */
final class Farewells {
    /** Calls at once on this node; each is one mostly waiting virtual thread. Zapier takes 30 a second. */
    private static final int CALLS_MAX = 16;

    /** Subscriptions ended in one transaction. */
    private static final int ENDED_AT_ONCE = 500;

    /** Longer than any call takes (reliability W7): a row held for so long belongs to a process that is gone. */
    static final Duration HELD = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Farewells.class);

    private final HookTools tools;
    private final Semaphore places = new Semaphore(CALLS_MAX);

    Farewells(HookTools tools) {
        this.tools = requireNonNull(tools, "tools");
    }

    /**
     * Somebody to be told.
     *
     * @param attempts made so far
     */
    record Row(String subscriptionId, String url, int attempts) {}

    /** Ends the subscriptions of keys that were revoked, and calls whoever is due, as many as there are places. */
    void sweep() {
        endThoseOfRevokedKeys();
        var now = tools.clock().instant();
        int room = places.availablePermits();
        if (room == 0 || !tools.database().<Boolean>read(handle -> isAnyDue(handle, now))) {
            return;
        }
        for (var row : tools.database().<List<Row>>write(handle -> take(handle, now, room))) {
            places.acquireUninterruptibly();
            Thread.ofVirtual().name("farewell").start(() -> call(row));
        }
    }

    private void endThoseOfRevokedKeys() {
        var orphans = tools.database()
                .<List<Subscription>>read(handle -> tools.subscriptions().ofRevokedKeys(handle, ENDED_AT_ONCE));
        if (orphans.isEmpty()) {
            return;
        }
        var now = tools.clock().instant();
        tools.database().write(handle -> {
            orphans.forEach(orphan -> end(handle, orphan, now));
            return true;
        });
        tools.subscriptions().refresh();
        orphans.forEach(orphan -> LOG.info("subscription ended with its key subscription={}", orphan.id()));
    }

    /** Ends one; false when somebody was quicker, who then says farewell. */
    boolean end(Handle handle, Subscription subscription, Instant now) {
        var draft = subscription.draft();
        boolean removed = tools.subscriptions().remove(handle, draft.workspaceId(), subscription.id());
        if (removed && draft.consumer() == Consumer.ZAPIER) {
            add(handle, subscription, now);
        }
        return removed;
    }

    private void call(Row row) {
        try {
            takeIn(row, tools.call().end(row.url()));
        } catch (RuntimeException e) {
            LOG.error("farewell failed here subscription={}; tried again in a minute", row.subscriptionId(), e);
        } finally {
            places.release();
        }
    }

    private void takeIn(Row row, Attempt attempt) {
        var now = tools.clock().instant();
        int attempts = row.attempts() + 1;
        var wait = switch (attempt) {
            case Attempt.Delivered _, Attempt.Gone _, Attempt.Refused _ -> Optional.<Duration>empty();
            case Attempt.Hold(var _, var _, var atLeast) -> RetryPlan.after(attempts, atLeast, tools.random());
            case Attempt.TryAgain(var _, var _, var atLeast) -> RetryPlan.after(attempts, atLeast, tools.random());
        };
        LOG.info(
                "farewell subscription={} status={}: {}{}",
                row.subscriptionId(),
                attempt.status(),
                attempt.outcome(),
                wait.map(each -> "; again in " + each).orElse(""));
        tools.database().write(handle -> {
            wait.ifPresentOrElse(
                    each -> again(handle, row, attempts, now.plus(each)), () -> done(handle, row.subscriptionId()));
            return true;
        });
    }

    private static void add(Handle handle, Subscription subscription, Instant now) {
        handle.createUpdate("""
                        insert into hook_farewell (subscription_id, url, attempts, due_at) values (:id, :url, 0, :now)
                        on conflict (subscription_id) do nothing""")
                .bind("id", subscription.id())
                .bind("url", subscription.draft().url())
                .bind("now", now)
                .execute();
    }

    private static boolean isAnyDue(Handle handle, Instant now) {
        return handle.createQuery("select 1 from hook_farewell where due_at <= :now limit 1")
                .bind("now", now)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    /** Takes up to {@code limit} due ones; nobody else calls them for a while. */
    private static List<Row> take(Handle handle, Instant now, int limit) {
        var due = handle.createQuery("""
                        select subscription_id, url, attempts from hook_farewell
                        where due_at <= :now order by due_at limit :limit""")
                .bind("now", now)
                .bind("limit", limit)
                .map((row, _) ->
                        new Row(row.getString("subscription_id"), row.getString("url"), row.getInt("attempts")))
                .list();
        return due.stream()
                .filter(row -> handle.createUpdate("""
                                        update hook_farewell set due_at = :until
                                        where subscription_id = :id and due_at <= :now""")
                                .bind("until", now.plus(HELD))
                                .bind("id", row.subscriptionId())
                                .bind("now", now)
                                .execute()
                        == 1)
                .toList();
    }

    private static void again(Handle handle, Row row, int attempts, Instant dueAt) {
        handle.createUpdate("update hook_farewell set attempts = :attempts, due_at = :due where subscription_id = :id")
                .bind("attempts", attempts)
                .bind("due", dueAt)
                .bind("id", row.subscriptionId())
                .execute();
    }

    private static void done(Handle handle, String subscriptionId) {
        handle.createUpdate("delete from hook_farewell where subscription_id = :id")
                .bind("id", subscriptionId)
                .execute();
    }
}
