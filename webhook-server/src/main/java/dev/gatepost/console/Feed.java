package dev.gatepost.console;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What open pages show, looked at again a few times a second while at least one page is open. Looking instead of being
 * told keeps it right when another node does the work, and bursts merge by themselves. Safe for any thread.
 */
public final class Feed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    /** At most four updates a second for each part of a page (console's rule for live pages). */
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** Open pages at a time; each costs a connection and a virtual thread. */
    private static final int WATCHERS_MAX = 200;

    private final Supplier<ContactsView> source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition closing = lock.newCondition();

    private State state = new State(null, 0);
    private int watchers;
    private boolean looking;
    private boolean closed;

    /** @param view null until it was looked at for the first time */
    record State(@Nullable ContactsView view, long version) {}

    /** @param source reads the store; quick; may throw when the store cannot be read */
    public Feed(Supplier<ContactsView> source) {
        this.source = source;
    }

    /** The view of this moment. */
    ContactsView now() {
        return source.get();
    }

    /** Begins to watch; false when too many do, or the product is stopping. Goes with one {@link #leave()}. */
    boolean enter() {
        lock.lock();
        try {
            if (closed || watchers == WATCHERS_MAX) {
                return false;
            }
            watchers++;
            if (!looking) {
                looking = true;
                Thread.ofVirtual().name("feed").start(this::look);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            watchers--;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a state newer than {@code seen}.
     *
     * @return the newest state; the same version as {@code seen} after {@code atMost} without change
     */
    State await(long seen, Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            var left = atMost.toNanos();
            while (state.version() == seen && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        var failing = false;
        do {
            try {
                publish(source.get());
                failing = false;
            } catch (RuntimeException e) {
                // The page keeps what it shows; once is enough in the log, however long the store is away.
                if (!failing) {
                    LOG.warn("the console cannot read the store", e);
                }
                failing = true;
            }
        } while (isWantedAfterAPause());
    }

    private boolean isWantedAfterAPause() {
        lock.lock();
        try {
            var left = LOOK_EVERY.toNanos();
            while (left > 0 && !closed) {
                left = closing.awaitNanos(left);
            }
            looking = !closed && watchers > 0;
            return looking;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            looking = false;
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void publish(ContactsView view) {
        lock.lock();
        try {
            if (!view.equals(state.view())) {
                state = new State(view, state.version() + 1);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
