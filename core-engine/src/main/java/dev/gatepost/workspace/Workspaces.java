package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The separate worlds of one installation: each has its own connections, workflows and credits. */
public final class Workspaces {
    /** The workspace that every installation begins with. */
    public static final String MAIN = "main";

    private final Database database;
    private final InstantSource clock;

    public Workspaces(Database database, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Creates {@link #MAIN} when there is no such workspace; for every start. */
    public void ensureMain() {
        var missing = database.<List<Workspace>>read(Workspaces::all).stream().noneMatch(w -> w.id().equals(MAIN));
        if (missing) {
            create(MAIN, "Main");
        }
    }

    /** Creates a workspace, unless there is one with this id. */
    public void create(String id, String name) {
        database.write(handle -> handle.createUpdate("""
                        insert into workspace (id, name, created_at) values (:id, :name, :now)
                        on conflict (id) do nothing""")
                .bind("id", id)
                .bind("name", name)
                .bind("now", clock.instant())
                .execute());
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
