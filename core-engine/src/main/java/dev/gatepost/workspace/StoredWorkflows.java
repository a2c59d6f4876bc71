package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditLog.By;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Workflows as customers saved them. Every save makes a version; none is ever changed or lost. The current ones are looked
 * up in memory, so that each contact can be judged by the latest rules. Safe for any thread.
 */
public final class StoredWorkflows {
    /** Workflows in use in one workspace, far more than people tell apart. */
    public static final int WORKFLOWS_MAX = 200;

    private static final String UNNAMED_REQUESTS = "requests that name no workflow";

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final AuditLog audit;
    private final WorkflowCache cache;

    public StoredWorkflows(Database database, Ids ids, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.ids = requireNonNull(ids, "ids");
        this.clock = requireNonNull(clock, "clock");
        this.audit = new AuditLog(ids, clock);
        this.cache = new WorkflowCache(database, clock);
    }

    /** What became of an attempt to save. */
    public sealed interface Saving {
        /** It is the current version now. */
        record Saved(StoredWorkflow workflow) implements Saving {}

        /** The workspace has no such workflow, or the workflow no such version. */
        record Unknown() implements Saving {}

        /** The workspace has {@link #WORKFLOWS_MAX} workflows. */
        record TooMany() implements Saving {}
    }

    /** What became of an attempt to delete. */
    public sealed interface Archiving {
        /** Nothing can choose it any more; its versions stay. */
        record Archived() implements Archiving {}

        /** The workspace has no such workflow. */
        record Unknown() implements Archiving {}

        /**
         * Something is judged by it.
         *
         * @param by names of connections, for people
         */
        record InUse(List<String> by) implements Archiving {
            public InUse {
                by = List.copyOf(by);
            }
        }
    }

    /** Saves a new workflow. */
    public Saving create(By by, Workflow draft) {
        return change(handle -> create(handle, by, draft));
    }

    /** As {@link #create(By, Workflow)}, in a transaction of the caller's, who calls {@link #changed()} after it. */
    public Saving create(Handle handle, By by, Workflow draft) {
        begin(handle, by);
        if (WorkflowRows.count(handle, by.workspaceId()) >= WORKFLOWS_MAX) {
            return new Saving.TooMany();
        }
        return saved(handle, by, draft.as(ids.next(), 1), 0);
    }

    /** Saves the next version of a workflow in use. */
    public Saving save(By by, String id, Workflow draft) {
        return change(handle -> {
            begin(handle, by);
            return WorkflowRows.current(handle, by.workspaceId(), id)
                    .map(current -> saved(handle, by, draft.as(id, current.version() + 1), 0))
                    .orElseGet(Saving.Unknown::new);
        });
    }

    /** Makes a new version equal to an old one. A deleted workflow comes back by it. */
    public Saving rollBack(By by, String id, int version) {
        return change(handle -> rollBack(handle, by, id, version));
    }

    /** As {@link #rollBack(By, String, int)}, in a transaction of the caller's, who calls {@link #changed()} after it. */
    public Saving rollBack(Handle handle, By by, String id, int version) {
        begin(handle, by);
        return WorkflowRows.version(handle, by.workspaceId(), id, version)
                .map(old -> {
                    WorkflowRows.takeOutOfArchive(handle, by.workspaceId(), id);
                    var next = WorkflowRows.newestVersion(handle, by.workspaceId(), id) + 1;
                    return saved(handle, by, old.workflow().as(id, next), version);
                })
                .orElseGet(Saving.Unknown::new);
    }

    /** Deletes a workflow that nothing uses. */
    public Archiving archive(By by, String id) {
        return change(handle -> {
            begin(handle, by);
            if (WorkflowRows.current(handle, by.workspaceId(), id).isEmpty()) {
                return new Archiving.Unknown();
            }
            var users = new ArrayList<>(WorkflowRows.connectionsWith(handle, by.workspaceId(), id));
            if (id.equals(Workflow.STANDARD.id())) {
                users.add(UNNAMED_REQUESTS);
            }
            if (!users.isEmpty()) {
                return new Archiving.InUse(users);
            }
            WorkflowRows.archive(handle, by.workspaceId(), id, by.actor(), now());
            audit.add(handle, by, AuditAction.RULES_CHANGED, id, "deleted");
            return new Archiving.Archived();
        });
    }

    /** Has this node look at the table anew; for after a transaction of the caller's. */
    public void changed() {
        cache.forget();
    }

    /** The latest version of a workflow in use; from memory. */
    public Optional<StoredWorkflow> current(String workspaceId, String id) {
        return cache.current(workspaceId, id);
    }

    /** What judges a connection's contacts; from memory. */
    public Workflow of(Connection connection) {
        return current(connection.workspaceId(), connection.workflowId())
                .map(StoredWorkflow::workflow)
                .orElse(Workflow.STANDARD);
    }

    /** One version, also of a deleted workflow. */
    public Optional<StoredWorkflow> version(String workspaceId, String id, int version) {
        return database.read(handle -> WorkflowRows.version(handle, workspaceId, id, version));
    }

    /** At most {@code limit} versions below {@code before}, the latest first; of deleted workflows too. */
    public List<StoredWorkflow> versions(String workspaceId, String id, int before, int limit) {
        return database.read(handle -> WorkflowRows.versions(handle, workspaceId, id, before, limit));
    }

    /** The latest version of each workflow in use, by name. */
    public List<StoredWorkflow> all(String workspaceId) {
        return database.read(handle -> WorkflowRows.all(handle, workspaceId));
    }

    private <T> T change(Database.Work<T> work) {
        T done = database.write(work);
        changed();
        return done;
    }

    private void begin(Handle handle, By by) {
        Workspaces.hold(handle, database.dialect(), by.workspaceId());
        ChangeNotice.announce(handle, WorkflowCache.CHANGE);
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private Saving saved(Handle handle, By by, Workflow workflow, int restoredFrom) {
        var stored = new StoredWorkflow(by.workspaceId(), workflow, now(), by.actor(), restoredFrom);
        WorkflowRows.insert(handle, stored);
        var detail = restoredFrom == 0
                ? "saved version " + workflow.version()
                : "rolled back to version " + restoredFrom + " by version " + workflow.version();
        audit.add(handle, by, AuditAction.RULES_CHANGED, workflow.id(), detail);
        return new Saving.Saved(stored);
    }
}
