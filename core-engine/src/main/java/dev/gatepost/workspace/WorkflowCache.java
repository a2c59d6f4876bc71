package dev.gatepost.workspace;

import dev.gatepost.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Current workflows in memory. What this node changed is seen at once, what another node changed at most {@link #AGE_MAX}
 * later. Safe for any thread.
 */
final class WorkflowCache {
    static final String CHANGE = "workflow";

    /** Half of the second within which a change must be known on all nodes. */
    static final Duration AGE_MAX = Duration.ofMillis(500);

    private final Database database;
    private final InstantSource clock;
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile Copy copy = new Copy(Instant.MIN, -1, Map.of());

    WorkflowCache(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What was looked up while the table had this version; and when that was last seen to be the latest. */
    private record Copy(Instant at, long version, Map<Key, StoredWorkflow> found) {}

    private record Key(String workspaceId, String id) {}

    Optional<StoredWorkflow> current(String workspaceId, String id) {
        var found = fresh().found();
        var key = new Key(workspaceId, id);
        var known = found.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<StoredWorkflow> read = database.read(handle -> WorkflowRows.current(handle, workspaceId, id));
        // An id that nobody saved is not remembered: callers can make up any number of them.
        if (read.isPresent()) {
            found.put(key, read.get());
        }
        return read;
    }

    /** Forgets everything; for after a change by this node. */
    void forget() {
        refreshing.lock();
        try {
            copy = new Copy(Instant.MIN, -1, Map.of());
        } finally {
            refreshing.unlock();
        }
    }

    private Copy fresh() {
        var seen = copy;
        return isFresh(seen) ? seen : refresh();
    }

    /** One thread looks; the others wait for it, since what they have may be too old. */
    private Copy refresh() {
        refreshing.lock();
        try {
            if (isFresh(copy)) {
                return copy;
            }
            var now = clock.instant();
            long version = database.read(handle -> ChangeNotice.version(handle, CHANGE));
            copy = new Copy(now, version, version == copy.version() ? copy.found() : new ConcurrentHashMap<>());
            return copy;
        } finally {
            refreshing.unlock();
        }
    }

    /** A clock that was set back makes nothing fresh. */
    private boolean isFresh(Copy seen) {
        var now = clock.instant();
        return !seen.at().equals(Instant.MIN)
                && !now.isBefore(seen.at())
                && now.isBefore(seen.at().plus(AGE_MAX));
    }
}
