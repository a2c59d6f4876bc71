package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Workflows as customers saved them. Every save makes a version; none is ever changed. Safe for any thread. */
public final class StoredWorkflows {
    private final Database database;
    private final Ids ids;
    private final InstantSource clock;

    public StoredWorkflows(Database database, Ids ids, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.ids = requireNonNull(ids, "ids");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * One version of a workflow.
     *
     * @param version 1, 2, 3 …
     * @param name for people
     * @param rules JSON; nothing here looks into it
     * @param createdBy who saved this version
     */
    public record StoredWorkflow(
            String workspaceId,
            String id,
            int version,
            String name,
            String rules,
            Instant createdAt,
            String createdBy) {}

    /** Saves a new workflow. */
    public StoredWorkflow create(String workspaceId, String name, String rules, String createdBy) {
        return save(workspaceId, ids.next(), name, rules, createdBy);
    }

    /** Saves the next version of a workflow, the first when there is none with this id. */
    public StoredWorkflow save(String workspaceId, String id, String name, String rules, String createdBy) {
        var now = Instant.ofEpochMilli(clock.millis());
        return database.write(handle -> {
            holdWorkspace(handle, workspaceId);
            var next = current(handle, workspaceId, id)
                            .map(StoredWorkflow::version)
                            .orElse(0)
                    + 1;
            var workflow = new StoredWorkflow(workspaceId, id, next, name, rules, now, createdBy);
            insert(handle, workflow);
            return workflow;
        });
    }

    /** The latest version. */
    public Optional<StoredWorkflow> current(String workspaceId, String id) {
        return database.read(handle -> current(handle, workspaceId, id));
    }

    /** One version. */
    public Optional<StoredWorkflow> version(String workspaceId, String id, int version) {
        return versions(workspaceId, id).stream()
                .filter(workflow -> workflow.version() == version)
                .findFirst();
    }

    /** All versions, the latest first. */
    public List<StoredWorkflow> versions(String workspaceId, String id) {
        return database.read(handle -> handle.createQuery("""
                        select * from workflow where workspace_id = :workspace and id = :id order by version desc""")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .map(StoredWorkflows::workflow)
                .list());
    }

    /** The latest version of each, by id. */
    public List<StoredWorkflow> all(String workspaceId) {
        return database.read(handle -> handle.createQuery("""
                        select * from workflow where workspace_id = :workspace and version = (
                            select max(version) from workflow latest
                            where latest.workspace_id = workflow.workspace_id and latest.id = workflow.id)
                        order by id""")
                .bind("workspace", workspaceId)
                .map(StoredWorkflows::workflow)
                .list());
    }

    /** Lets two saves on two nodes follow each other, each with a version of its own. */
    private void holdWorkspace(Handle handle, String workspaceId) {
        var held = handle.createQuery("select id from workspace where id = :id "
                        + database.dialect().forUpdate())
                .bind("id", workspaceId)
                .mapTo(String.class)
                .findOne();
        if (held.isEmpty()) {
            throw new IllegalArgumentException("no workspace " + workspaceId);
        }
    }

    private static Optional<StoredWorkflow> current(Handle handle, String workspaceId, String id) {
        return handle.createQuery("""
                        select * from workflow where workspace_id = :workspace and id = :id
                        order by version desc limit 1""")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .map(StoredWorkflows::workflow)
                .findOne();
    }

    private static void insert(Handle handle, StoredWorkflow workflow) {
        handle.createUpdate("""
                        insert into workflow (workspace_id, id, version, name, rules, created_at, created_by)
                        values (:workspace, :id, :version, :name, :rules, :createdAt, :createdBy)""")
                .bind("workspace", workflow.workspaceId())
                .bind("id", workflow.id())
                .bind("version", workflow.version())
                .bind("name", workflow.name())
                .bind("rules", workflow.rules())
                .bind("createdAt", workflow.createdAt())
                .bind("createdBy", workflow.createdBy())
                .execute();
    }

    private static StoredWorkflow workflow(ResultSet row, StatementContext context) throws SQLException {
        return new StoredWorkflow(
                row.getString("workspace_id"),
                row.getString("id"),
                row.getInt("version"),
                row.getString("name"),
                row.getString("rules"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("created_by"));
    }
}
