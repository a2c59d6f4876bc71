package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.RetryPlan;
import dev.gatepost.store.StoreBusy;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts the answers that callers wait for, at most once each: a row is marked before the call, and made due again only when
 * nothing can have arrived. {@link #sweep} is called by one thread.
 */
final class CallbackCalls {
    /** Calls at once on this node; each is one mostly waiting virtual thread. */
    private static final int CALLS_MAX = 64;

    private static final Logger LOG = LoggerFactory.getLogger(CallbackCalls.class);

    private final HookTools tools;
    private final Semaphore places = new Semaphore(CALLS_MAX);

    CallbackCalls(HookTools tools) {
        this.tools = requireNonNull(tools, "tools");
    }

    /** Calls whoever is due, as many as there are places. */
    void sweep() {
        var now = tools.clock().instant();
        int room = places.availablePermits();
        if (room == 0 || !tools.database().<Boolean>read(handle -> Callbacks.isAnyDue(handle, now))) {
            return;
        }
        for (var row : tools.database().write(handle -> Callbacks.take(handle, now, room))) {
            places.acquireUninterruptibly();
            Thread.ofVirtual().name("callback").start(() -> call(row));
        }
    }

    private void call(Callbacks.Row row) {
        try {
            takeIn(row, tools.call().once(row.url(), row.verificationId(), row.body()));
        } catch (StoreBusy _) {
            LOG.info(
                    "how a callback went could not be stored; it is not repeated verification={}",
                    row.verificationId());
        } catch (RuntimeException e) {
            LOG.error("callback failed here verification={}; it is not repeated", row.verificationId(), e);
        } finally {
            places.release();
        }
    }

    private void takeIn(Callbacks.Row row, Posted posted) {
        var now = tools.clock().instant();
        var again = switch (posted) {
            case Posted.Ended _ -> null;
            case Posted.NotArrived(var _, var _, var atLeast) ->
                RetryPlan.after(row.attempts() + 1, atLeast, tools.random())
                        .map(now::plus)
                        .orElse(null);
        };
        if (again == null && !(posted.status() >= 200 && posted.status() < 300)) {
            LOG.warn("callback given up verification={}: {}", row.verificationId(), posted.outcome());
        }
        store(row, posted, again, now);
    }

    private void store(Callbacks.Row row, Posted posted, @Nullable Instant again, Instant now) {
        tools.database().write(handle -> {
            Callbacks.called(handle, row, posted.status(), posted.outcome(), again, now);
            return true;
        });
    }
}
