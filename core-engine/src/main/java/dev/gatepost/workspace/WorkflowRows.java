package dev.gatepost.workspace;

import dev.gatepost.rules.ReadyMade;
import dev.gatepost.rules.Workflow;
import dev.gatepost.rules.WorkflowJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The statements on the tables of workflows. */
final class WorkflowRows {
    /** Who saved the ready-made ones. */
    static final String SHIPPED = "gatepost";

    private static final String IN_USE = """
            workspace_id = :workspace and not exists (
                select 1 from workflow_archive archive
                where archive.workspace_id = workflow.workspace_id and archive.id = workflow.id)
            """;

    private WorkflowRows() {}

    /** The latest version of a workflow that is not archived. */
    static Optional<StoredWorkflow> current(Handle handle, String workspaceId, String id) {
        return handle.createQuery(
                        "select * from workflow where id = :id and " + IN_USE + " order by version desc limit 1")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .map(WorkflowRows::workflow)
                .findOne();
    }

    static Optional<StoredWorkflow> version(Handle handle, String workspaceId, String id, int version) {
        return handle.createQuery("""
                        select * from workflow where workspace_id = :workspace and id = :id and version = :version""")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .bind("version", version)
                .map(WorkflowRows::workflow)
                .findOne();
    }

    static int newestVersion(Handle handle, String workspaceId, String id) {
        return handle.createQuery("""
                        select coalesce(max(version), 0) from workflow where workspace_id = :workspace and id = :id""")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .mapTo(Integer.class)
                .one();
    }

    /** Versions below {@code before}, the latest first. */
    static List<StoredWorkflow> versions(Handle handle, String workspaceId, String id, int before, int limit) {
        return handle.createQuery("""
                        select * from workflow where workspace_id = :workspace and id = :id and version < :before
                        order by version desc limit :limit""")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .bind("before", before)
                .bind("limit", limit)
                .map(WorkflowRows::workflow)
                .list();
    }

    /** The latest version of each workflow that is not archived, by name. */
    static List<StoredWorkflow> all(Handle handle, String workspaceId) {
        return handle.createQuery("select * from workflow where " + IN_USE + """
                         and version = (
                            select max(version) from workflow latest
                            where latest.workspace_id = workflow.workspace_id and latest.id = workflow.id)
                        order by lower(name), id""")
                .bind("workspace", workspaceId)
                .map(WorkflowRows::workflow)
                .list();
    }

    static int count(Handle handle, String workspaceId) {
        return handle.createQuery("select count(distinct id) from workflow where " + IN_USE)
                .bind("workspace", workspaceId)
                .mapTo(Integer.class)
                .one();
    }

    static void insert(Handle handle, StoredWorkflow stored) {
        handle.createUpdate("""
                        insert into workflow (workspace_id, id, version, name, rules, created_at, created_by,
                            restored_from)
                        values (:workspace, :id, :version, :name, :rules, :createdAt, :createdBy, :restoredFrom)
                        on conflict (workspace_id, id, version) do nothing""")
                .bind("workspace", stored.workspaceId())
                .bind("id", stored.id())
                .bind("version", stored.version())
                .bind("name", stored.name())
                .bind("rules", WorkflowJson.write(stored.workflow()))
                .bind("createdAt", stored.createdAt())
                .bind("createdBy", stored.createdBy())
                .bind("restoredFrom", stored.restoredFrom())
                .execute();
    }

    /** Gives a workspace the ready-made workflows that it never had. */
    static void insertReadyMade(Handle handle, String workspaceId, Instant now) {
        for (var workflow : ReadyMade.all()) {
            insert(handle, new StoredWorkflow(workspaceId, workflow.as(workflow.id(), 1), now, SHIPPED, 0));
        }
    }

    /** Workspaces that never had one of the ready-made workflows: they were made by an earlier version. */
    static List<String> workspacesWithoutReadyMade(Handle handle) {
        var ids = ReadyMade.all().stream().map(Workflow::id).toList();
        return handle.createQuery("""
                        select workspace.id from workspace left join workflow
                            on workflow.workspace_id = workspace.id and workflow.version = 1 and workflow.id in (<ids>)
                        group by workspace.id having count(workflow.id) < :all
                        order by workspace.id""")
                .bindList("ids", ids)
                .bind("all", ids.size())
                .mapTo(String.class)
                .list();
    }

    static void archive(Handle handle, String workspaceId, String id, String by, Instant now) {
        handle.createUpdate("""
                        insert into workflow_archive (workspace_id, id, archived_at, archived_by)
                        values (:workspace, :id, :now, :by)""")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .bind("now", now)
                .bind("by", by)
                .execute();
    }

    static void takeOutOfArchive(Handle handle, String workspaceId, String id) {
        handle.createUpdate("delete from workflow_archive where workspace_id = :workspace and id = :id")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .execute();
    }

    /** Names of the connections whose contacts a workflow judges. */
    static List<String> connectionsWith(Handle handle, String workspaceId, String id) {
        return handle.createQuery("""
                        select name from connection where workspace_id = :workspace and workflow_id = :id
                        order by name""")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .mapTo(String.class)
                .list();
    }

    private static StoredWorkflow workflow(ResultSet row, StatementContext context) throws SQLException {
        Workflow content = WorkflowJson.readStored(row.getString("rules"));
        return new StoredWorkflow(
                row.getString("workspace_id"),
                content.as(row.getString("id"), row.getInt("version")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("created_by"),
                row.getInt("restored_from"));
    }
}
