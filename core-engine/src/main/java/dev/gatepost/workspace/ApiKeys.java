package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;

/**
 * The keys of the API (reliability X3). Looked up by hash in a bounded copy in memory, whose parts count for one version of the
 * table alone; that a key was made or revoked on any node is known within {@link #AGE_MAX}. Safe for any thread.
 */
public final class ApiKeys {
    /** Half of the second within which a revocation must work on all nodes. */
    static final Duration AGE_MAX = Duration.ofMillis(500);

    /** How often it is noted at most that a key was used. */
    static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);

    /** Keys, and texts that are none, held in memory: some megabytes. */
    private static final int HELD_MAX = 10_000;

    private static final String CHANGE = "api_key";

    private final Database database;
    private final AuditLog audit;
    private final Ids ids;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Cache<String, Held> byHash =
            Caffeine.newBuilder().maximumSize(HELD_MAX).build();
    private final Cache<String, HeldOrigin> byOrigin =
            Caffeine.newBuilder().maximumSize(HELD_MAX).build();
    private final Cache<String, Instant> noted =
            Caffeine.newBuilder().maximumSize(HELD_MAX).build();
    private final ReentrantLock checking = new ReentrantLock();
    private volatile Seen seen = new Seen(Instant.MIN, -1);

    /** Which version of the table the copy in memory is of, and when that was last looked at. */
    private record Seen(Instant at, long version) {}

    /** What the table held for a hash at one version of it. */
    private record Held(long version, Optional<ApiKey> key) {}

    /** Until when some key is bound to an origin, at one version of the table; empty when none is. */
    private record HeldOrigin(long version, Optional<Instant> until) {}

    public ApiKeys(Database database, Ids ids, InstantSource clock, SecureRandom random) {
        this.database = requireNonNull(database, "database");
        this.audit = new AuditLog(ids, clock);
        this.ids = requireNonNull(ids, "ids");
        this.clock = requireNonNull(clock, "clock");
        this.random = requireNonNull(random, "random");
    }

    /**
     * A key that was just made.
     *
     * @param text the key itself, which nobody can tell again
     */
    public record Made(ApiKey key, String text) {
        /** Without the key. */
        @Override
        public String toString() {
            return "Made[" + key + "]";
        }
    }

    /** Makes a key. */
    public Made create(ApiKey.Draft draft, AuditLog.By by) {
        var made = database.<Made>write(handle -> create(handle, draft, by));
        created();
        return made;
    }

    /** As {@link #create(ApiKey.Draft, AuditLog.By)}, within the caller's transaction; {@link #created} follows its commit. */
    public Made create(Handle handle, ApiKey.Draft draft, AuditLog.By by) {
        var text = KeyText.make(draft.kind(), random);
        var key = new ApiKey(
                ids.next(), draft, KeyText.hint(text), Instant.ofEpochMilli(clock.millis()), by.actor(), null, null);
        ApiKeyRows.insert(handle, key, KeyText.hash(text));
        ApiKeyRows.announceChange(handle, CHANGE);
        audit.add(
                handle,
                by.in(draft.workspaceId()),
                AuditAction.KEY_MADE,
                key.id(),
                draft.kind().word() + " " + draft.name());
        return new Made(key, text);
    }

    /** Makes this node look again. */
    public void created() {
        forget();
    }

    /** The key with this text, in whatever state; empty when there is none. The text's check digits were looked at. */
    public Optional<ApiKey> find(String text) {
        var version = currentVersion();
        var hash = KeyText.hash(text);
        var held = byHash.getIfPresent(hash);
        if (held == null || held.version() != version) {
            held = database.<Held>read(
                    handle -> new Held(ApiKeyRows.version(handle, CHANGE), ApiKeyRows.byHash(handle, hash)));
            byHash.put(hash, held);
        }
        return held.key();
    }

    /** Whether some publishable key in use, of any workspace, is bound to this web origin. */
    public boolean isOrigin(String origin) {
        if (!Origins.isOne(origin)) {
            return false;
        }
        var version = currentVersion();
        var held = byOrigin.getIfPresent(origin);
        if (held == null || held.version() != version) {
            held = database.<HeldOrigin>read(handle ->
                    new HeldOrigin(ApiKeyRows.version(handle, CHANGE), ApiKeyRows.boundUntil(handle, origin)));
            byOrigin.put(origin, held);
        }
        var now = clock.instant();
        return held.until().filter(now::isBefore).isPresent();
    }

    /** A workspace's keys that are not revoked, the newest first, from below {@code beforeId} (empty: from the top). */
    public List<ApiKey> page(String workspaceId, String beforeId, int limit) {
        return database.read(handle -> ApiKeyRows.page(handle, workspaceId, beforeId, limit));
    }

    /** Ends a key; false when the workspace has none with this id, or it was ended before. */
    public boolean revoke(String workspaceId, String id, AuditLog.By by) {
        var now = clock.instant();
        boolean revoked = database.write(handle -> {
            if (!ApiKeyRows.revoke(handle, workspaceId, id, now)) {
                return false;
            }
            ApiKeyRows.announceChange(handle, CHANGE);
            audit.add(handle, by.in(workspaceId), AuditAction.KEY_REVOKED, id, "");
            return true;
        });
        forget();
        return revoked;
    }

    /** Notes that a key was used, without waiting for the store; not more often than each {@link #USE_NOTED_EVERY}. */
    public void used(String id) {
        var now = clock.instant();
        var last = noted.getIfPresent(id);
        if (last != null && now.isBefore(last.plus(USE_NOTED_EVERY)) && !now.isBefore(last)) {
            return;
        }
        noted.put(id, now);
        var _ = database.submit(handle -> ApiKeyRows.used(handle, id, now));
    }

    private void forget() {
        checking.lock();
        try {
            seen = new Seen(Instant.MIN, -1);
        } finally {
            checking.unlock();
        }
    }

    private long currentVersion() {
        var last = seen;
        if (isFresh(last)) {
            return last.version();
        }
        checking.lock();
        try {
            if (!isFresh(seen)) {
                var now = clock.instant();
                var version = database.<Long>read(handle -> ApiKeyRows.version(handle, CHANGE));
                seen = new Seen(now, version);
            }
            return seen.version();
        } finally {
            checking.unlock();
        }
    }

    private boolean isFresh(Seen last) {
        var now = clock.instant();
        return !last.at().equals(Instant.MIN)
                && !now.isBefore(last.at())
                && now.isBefore(last.at().plus(AGE_MAX));
    }
}
