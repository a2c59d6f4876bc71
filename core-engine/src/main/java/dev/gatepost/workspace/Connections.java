package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditLog.By;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * All workspaces' connections. Looking one up is a look into memory: what this node changed is seen at once, what another
 * node changed at most {@link #AGE_MAX} later, since the copy in memory is compared with a version number in the database
 * before it is used when it is older. Safe for any thread.
 */
public final class Connections {
    /** Half of the second within which a change must be known on all nodes. */
    static final Duration AGE_MAX = Duration.ofMillis(500);

    private final Database database;
    private final ConnectionRows rows;
    private final Ids ids;
    private final InstantSource clock;
    private final AuditLog audit;
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile Checked checked = new Checked(Instant.MIN, new ConnectionSnapshot(-1, List.of()));

    public Connections(Database database, Secrets secrets, Ids ids, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.rows = new ConnectionRows(secrets);
        this.ids = requireNonNull(ids, "ids");
        this.clock = requireNonNull(clock, "clock");
        this.audit = new AuditLog(ids, clock);
    }

    /** The connection with our id. */
    public Optional<Connection> byId(String id) {
        return current().byId(id);
    }

    /** Every connection whose webhooks come with this path parameter, in any state. */
    public List<Connection> byHook(String plugin, String hookKey) {
        return current().byHook(plugin, hookKey);
    }

    /** Every workspace's connection to this CRM account, in any state. */
    public List<Connection> byAccount(String plugin, String account) {
        return current().byAccount(plugin, account);
    }

    /** All, by id, which is by age. */
    public List<Connection> all() {
        return current().all();
    }

    /**
     * Makes a connection, or gives the one to the same account new settings; its id and what hangs on it stay. It is active
     * afterwards. Settings that the plug-in declares as secret, or does not declare at all, are encrypted.
     */
    public Connection save(ConnectorPlugin plugin, ConnectionDraft draft) {
        return save(plugin, draft, (_, _) -> {});
    }

    /** The same by a person's will, which stands in the audit log. */
    public Connection save(By by, ConnectorPlugin plugin, ConnectionDraft draft) {
        return save(
                plugin, draft, (handle, id) -> audit.add(handle, by, AuditAction.CONNECTION_SAVED, id, plugin.id()));
    }

    private Connection save(ConnectorPlugin plugin, ConnectionDraft draft, BiConsumer<Handle, String> note) {
        var fresh = ids.next();
        var now = clock.instant();
        String id = database.write(handle -> {
            ConnectionRows.announceChange(handle);
            var known = ConnectionRows.idOf(handle, plugin.id(), draft).orElse(fresh);
            rows.save(handle, plugin, draft, known, now);
            note.accept(handle, known);
            return known;
        });
        reload();
        return byId(id).orElseThrow(() -> new IllegalStateException("connection vanished: " + id));
    }

    /**
     * Gives a connection some settings anew, whatever its state, which stays; the other settings stay too.
     *
     * @return false when there is no such connection, or it is disconnected: that one keeps nothing
     */
    public boolean keep(ConnectorPlugin plugin, String id, Map<String, String> changed) {
        return rewrite(plugin, id, settings -> {
            settings.putAll(changed);
            return true;
        });
    }

    /**
     * Empties a setting of a connection where it still has this value; its name stays.
     *
     * @return false when it has another value, or there is no such connection
     */
    public boolean forget(ConnectorPlugin plugin, String id, String setting, String value) {
        return rewrite(plugin, id, settings -> settings.replace(setting, value, ""));
    }

    /** @param change of the settings; false leaves them as they are */
    private boolean rewrite(ConnectorPlugin plugin, String id, Predicate<Map<String, String>> change) {
        boolean changed = database.write(handle -> {
            ConnectionRows.announceChange(handle);
            var known = rows.living(handle, id);
            if (known.isEmpty()) {
                return false;
            }
            var settings = new HashMap<>(known.get().account().settings());
            if (!change.test(settings)) {
                return false;
            }
            rows.rewrite(handle, plugin, known.get(), settings);
            return true;
        });
        reload();
        return changed;
    }

    /**
     * Erases the secrets of all disconnected connections: nothing may open those accounts any more. Whose they are, and what
     * was done with them, stays.
     *
     * @return how many had some
     */
    public int forgetSecrets() {
        if (!database.<Boolean>read(ConnectionRows::hasSecretsToForget)) {
            return 0;
        }
        int erased = database.write(handle -> {
            ConnectionRows.announceChange(handle);
            return ConnectionRows.forgetSecrets(handle);
        });
        reload();
        return erased;
    }

    /**
     * Puts a connection into a state. A disconnected one stays disconnected until it is saved again.
     *
     * @param reason for people; may be empty
     * @return false when there is no such connection, or it is in this state already, and then since and reason stay
     */
    public boolean setState(String id, ConnectionState state, String reason) {
        var now = clock.instant();
        boolean changed = database.write(handle -> {
            ConnectionRows.announceChange(handle);
            return ConnectionRows.setState(handle, id, state, reason, now);
        });
        reload();
        return changed;
    }

    /**
     * Puts a connection of this workspace into a state, by a person's will.
     *
     * @return false when there is no such connection, or it is in this state already
     */
    public boolean setState(By by, String id, ConnectionState state) {
        if (byId(id).filter(known -> known.workspaceId().equals(by.workspaceId()))
                .isEmpty()) {
            return false;
        }
        var now = clock.instant();
        boolean changed = database.write(handle -> {
            ConnectionRows.announceChange(handle);
            if (!ConnectionRows.setState(handle, id, state, "", now)) {
                return false;
            }
            audit.add(handle, by, AuditAction.CONNECTION_CHANGED, id, state.word());
            return true;
        });
        reload();
        return changed;
    }

    /**
     * Has a connection's contacts judged by this workflow from now on.
     *
     * @return false when the workspace has no such connection, or no such workflow in use
     */
    public boolean setWorkflow(By by, String id, String workflowId) {
        boolean changed = database.write(handle -> {
            Workspaces.hold(handle, database.dialect(), by.workspaceId());
            ConnectionRows.announceChange(handle);
            if (WorkflowRows.current(handle, by.workspaceId(), workflowId).isEmpty()
                    || !ConnectionRows.setWorkflow(handle, by.workspaceId(), id, workflowId)) {
                return false;
            }
            audit.add(handle, by, AuditAction.RULES_CHANGED, id, "judged by " + workflowId);
            return true;
        });
        reload();
        return changed;
    }

    /**
     * Chooses a connection's options; whatever is left out has its usual value again. The values must have been checked.
     *
     * @param values by name, as kept
     * @return false when the workspace has no such connection
     */
    public boolean setOptions(By by, String id, Map<String, String> values) {
        boolean found = database.write(handle -> {
            ConnectionRows.announceChange(handle);
            if (!ConnectionRows.isOf(handle, by.workspaceId(), id)) {
                return false;
            }
            var before = ConnectionOptionRows.of(handle, id);
            if (!before.equals(values)) {
                ConnectionOptionRows.replace(handle, id, values);
                audit.add(
                        handle,
                        by,
                        AuditAction.CONNECTION_CHANGED,
                        id,
                        ConnectionOptionRows.difference(before, values));
            }
            return true;
        });
        reload();
        return found;
    }

    private ConnectionSnapshot current() {
        var seen = checked;
        return isFresh(seen) ? seen.snapshot() : refresh();
    }

    /** One thread looks; the others wait for it, since what they have may be too old. */
    private ConnectionSnapshot refresh() {
        refreshing.lock();
        try {
            if (isFresh(checked)) {
                return checked.snapshot();
            }
            var now = clock.instant();
            var known = checked.snapshot();
            ConnectionSnapshot latest = database.read(handle -> {
                var version = ConnectionRows.version(handle);
                return version == known.version() ? known : new ConnectionSnapshot(version, rows.all(handle));
            });
            checked = new Checked(now, latest);
            return latest;
        } finally {
            refreshing.unlock();
        }
    }

    private void reload() {
        refreshing.lock();
        try {
            checked = new Checked(Instant.MIN, checked.snapshot());
        } finally {
            refreshing.unlock();
        }
    }

    /** A clock that was set back makes nothing fresh. */
    private boolean isFresh(Checked seen) {
        var now = clock.instant();
        return !seen.at().equals(Instant.MIN)
                && !now.isBefore(seen.at())
                && now.isBefore(seen.at().plus(AGE_MAX));
    }

    /** A copy, and when it was last known to be the latest. */
    private record Checked(Instant at, ConnectionSnapshot snapshot) {}
}
