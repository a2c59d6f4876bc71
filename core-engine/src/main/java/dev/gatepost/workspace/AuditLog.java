package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Who did what, when and from where, for whatever matters to security. Rows are never changed, and not removed before 400
 * days. Safe for any thread.
 */
public final class AuditLog {
    private final Ids ids;
    private final InstantSource clock;

    public AuditLog(Ids ids, InstantSource clock) {
        this.ids = requireNonNull(ids, "ids");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Something that was done.
     *
     * @param workspaceId empty when it concerns the whole installation
     * @param actor a person, key or command
     * @param origin network address or {@code cli}
     * @param action stable word, for example {@code connection_saved}
     * @param subject id of what it was done to; never an address
     * @param detail for people; no secret, no address
     */
    public record Deed(String workspaceId, String actor, String origin, String action, String subject, String detail) {
        public Deed {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(actor, "actor");
            requireNonNull(origin, "origin");
            requireNonNull(action, "action");
            requireNonNull(subject, "subject");
            requireNonNull(detail, "detail");
        }
    }

    /**
     * Who does something, and where.
     *
     * @param workspaceId empty when it concerns the whole installation
     * @param actor id of a person or key, {@code command}, or empty for nobody known
     * @param origin network address or {@code cli}
     */
    public record By(String workspaceId, String actor, String origin) {
        /** What commands on this machine do to the installation. */
        public static final By COMMAND = new By("", "command", "cli");

        public By {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(actor, "actor");
            requireNonNull(origin, "origin");
        }

        /** The same, concerning this workspace. */
        public By in(String workspace) {
            return new By(workspace, actor, origin);
        }
    }

    /** A deed as it stands in the log. */
    public record AuditRow(String id, Instant at, Deed deed) {}

    /** Adds a row within the transaction of the deed itself, so that neither is there without the other. */
    public void add(Handle handle, Deed deed) {
        handle.createUpdate("""
                        insert into audit (id, at, workspace_id, actor, origin, action, subject, detail)
                        values (:id, :at, :workspace, :actor, :origin, :action, :subject, :detail)""")
                .bind("id", ids.next())
                .bind("at", clock.instant())
                .bind("workspace", deed.workspaceId())
                .bind("actor", deed.actor())
                .bind("origin", deed.origin())
                .bind("action", deed.action())
                .bind("subject", deed.subject())
                .bind("detail", deed.detail())
                .execute();
    }

    /**
     * The same in words that are known beforehand.
     *
     * @param subject id of what it was done to; never an address
     * @param detail for people; no secret, no address
     */
    public void add(Handle handle, By by, AuditAction action, String subject, String detail) {
        add(handle, new Deed(by.workspaceId(), by.actor(), by.origin(), action.word(), subject, detail));
    }

    /**
     * At most {@code limit} rows of a workspace, the latest first; for paging through what a person asks to see. What concerns
     * the whole installation is shown in the first workspace.
     *
     * @param beforeId only what is older than the row with this id; empty: from the latest
     * @param action only this action; empty: every
     */
    public List<AuditRow> latest(Handle handle, String workspaceId, String beforeId, String action, int limit) {
        return handle.createQuery("""
                        select * from audit
                        where (workspace_id = :workspace or (workspace_id = '' and :workspace = :main))
                            and (:before = '' or id < :before)
                            and (:action = '' or action = :action)
                        order by id desc limit :limit""")
                .bind("workspace", workspaceId)
                .bind("main", Workspaces.MAIN)
                .bind("before", beforeId)
                .bind("action", action)
                .bind("limit", limit)
                .map(AuditLog::row)
                .list();
    }

    /** At most {@code limit} rows after the one with {@code afterId} (empty: from the first), in their order. */
    public List<AuditRow> rows(Handle handle, String afterId, int limit) {
        return handle.createQuery("select * from audit where id > :after order by id limit :limit")
                .bind("after", afterId)
                .bind("limit", limit)
                .map(AuditLog::row)
                .list();
    }

    private static AuditRow row(ResultSet row, StatementContext context) throws SQLException {
        return new AuditRow(
                row.getString("id"),
                Instant.ofEpochMilli(row.getLong("at")),
                new Deed(
                        row.getString("workspace_id"),
                        row.getString("actor"),
                        row.getString("origin"),
                        row.getString("action"),
                        row.getString("subject"),
                        row.getString("detail")));
    }
}
