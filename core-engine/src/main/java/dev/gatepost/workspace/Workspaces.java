package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditLog.By;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The separate worlds of one installation: each has its own people, connections, workflows, keys and credits. */
public final class Workspaces {
    /** The workspace that every installation begins with. */
    public static final String MAIN = "main";

    private final Database database;
    private final InstantSource clock;

    public Workspaces(Database database, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Creates {@link #MAIN} when there is no such workspace, and gives each workspace the ready-made workflows that it
     * never had; for every start.
     */
    public void ensureMain() {
        if (all().stream().noneMatch(workspace -> workspace.id().equals(MAIN))) {
            create(MAIN, "Main");
        }
        List<String> incomplete = database.read(WorkflowRows::workspacesWithoutReadyMade);
        if (!incomplete.isEmpty()) {
            var now = clock.instant();
            database.write(handle -> {
                incomplete.forEach(id -> WorkflowRows.insertReadyMade(handle, id, now));
                return true;
            });
        }
    }

    /** Creates a workspace with the ready-made workflows, unless there is one with this id. */
    public void create(String id, String name) {
        database.write(handle -> insert(handle, id, name));
    }

    private boolean insert(Handle handle, String id, String name) {
        var now = clock.instant();
        var inserted = handle.createUpdate("""
                        insert into workspace (id, name, created_at) values (:id, :name, :now)
                        on conflict (id) do nothing""")
                .bind("id", id)
                .bind("name", name)
                .bind("now", now)
                .execute();
        WorkflowRows.insertReadyMade(handle, id, now);
        return inserted == 1;
    }

    /**
     * Makes a workspace whose owner is whoever makes it.
     *
     * @param by a person
     * @param name as {@link Person#name(String)} gave it
     */
    public Workspace found(By by, String name, Ids ids, AuditLog audit) {
        return database.write(handle -> found(handle, by, name, ids, audit));
    }

    /** As {@link #found(By, String, Ids, AuditLog)}, within the caller's transaction. */
    public Workspace found(Handle handle, By by, String name, Ids ids, AuditLog audit) {
        var workspace = new Workspace(ids.next(), name);
        insert(handle, workspace.id(), name);
        PersonRows.join(handle, workspace.id(), by.actor(), Role.OWNER, clock.instant());
        audit.add(handle, by.in(workspace.id()), AuditAction.WORKSPACE_CREATED, workspace.id(), "");
        return workspace;
    }

    /** Gives {@code by}'s workspace another name. */
    public Workspace rename(By by, String name, AuditLog audit) {
        return database.write(handle -> {
            hold(handle, database.dialect(), by.workspaceId());
            handle.createUpdate("update workspace set name = :name where id = :id")
                    .bind("name", name)
                    .bind("id", by.workspaceId())
                    .execute();
            audit.add(handle, by, AuditAction.WORKSPACE_RENAMED, by.workspaceId(), "");
            return new Workspace(by.workspaceId(), name);
        });
    }

    /** The workspace with this id. */
    public Optional<Workspace> byId(String id) {
        return all().stream().filter(workspace -> workspace.id().equals(id)).findFirst();
    }

    /**
     * Lets two changes of a workspace on two nodes follow each other.
     *
     * @throws IllegalArgumentException when there is no such workspace
     */
    static void hold(Handle handle, Dialect dialect, String id) {
        var held = handle.createQuery("select id from workspace where id = :id " + dialect.forUpdate())
                .bind("id", id)
                .mapTo(String.class)
                .findOne();
        if (held.isEmpty()) {
            throw new IllegalArgumentException("no workspace " + id);
        }
    }

    /** All workspaces, by id. */
    public List<Workspace> all() {
        return database.read(Workspaces::all);
    }

    private static List<Workspace> all(Handle handle) {
        return handle.createQuery("select id, name from workspace order by id")
                .map((row, context) -> new Workspace(row.getString("id"), row.getString("name")))
                .list();
    }

    /**
     * One workspace.
     *
     * @param id short word, never changed
     * @param name for people
     */
    public record Workspace(String id, String name) {}
}
