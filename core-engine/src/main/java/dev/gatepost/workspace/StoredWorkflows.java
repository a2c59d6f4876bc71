package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditLog.Deed;
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

    /** Versions in one page of a list. */
    public static final int VERSIONS_PAGE_MAX = 100;

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

    /**
     * Who changes workflows.
     *
     * @param actor a person, key or command; stands beside the version
     * @param origin network address or {@code cli}
     */
    public record Author(String actor, String origin) {
        public Author {
            requireNonNull(actor, "actor");
            requireNonNull(origin, "origin");
        }
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
    public Saving create(String workspaceId, Workflow draft, Author by) {
        var id = ids.next();
        return change(workspaceId, (handle, now) -> {
            if (WorkflowRows.count(handle, workspaceId) >= WORKFLOWS_MAX) {
                return new Saving.TooMany();
            }
            return saved(handle, new StoredWorkflow(workspaceId, draft.as(id, 1), now, by.actor(), 0), by);
        });
    }

    /** Saves the next version of a workflow in use. */
    public Saving save(String workspaceId, String id, Workflow draft, Author by) {
        return change(
                workspaceId,
                (handle, now) -> WorkflowRows.current(handle, workspaceId, id)
                        .<Saving>map(current -> saved(
                                handle,
                                new StoredWorkflow(
                                        workspaceId, draft.as(id, current.version() + 1), now, by.actor(), 0),
                                by))
                        .orElseGet(Saving.Unknown::new));
    }

    /** Makes a new version equal to an old one. A deleted workflow comes back by it. */
    public Saving rollBack(String workspaceId, String id, int version, Author by) {
        return change(
                workspaceId,
                (handle, now) -> WorkflowRows.version(handle, workspaceId, id, version)
                        .<Saving>map(old -> {
                            WorkflowRows.takeOutOfArchive(handle, workspaceId, id);
                            var next = WorkflowRows.newestVersion(handle, workspaceId, id) + 1;
                            return saved(
                                    handle,
                                    new StoredWorkflow(
                                            workspaceId, old.workflow().as(id, next), now, by.actor(), version),
                                    by);
                        })
                        .orElseGet(Saving.Unknown::new));
    }

    /** Deletes a workflow that nothing uses. */
    public Archiving archive(String workspaceId, String id, Author by) {
        return change(workspaceId, (handle, now) -> {
            if (WorkflowRows.current(handle, workspaceId, id).isEmpty()) {
                return new Archiving.Unknown();
            }
            var users = new ArrayList<>(WorkflowRows.connectionsWith(handle, workspaceId, id));
            if (id.equals(Workflow.STANDARD.id())) {
                users.add(UNNAMED_REQUESTS);
            }
            if (!users.isEmpty()) {
                return new Archiving.InUse(users);
            }
            WorkflowRows.archive(handle, workspaceId, id, by.actor(), now);
            audit.add(handle, new Deed(workspaceId, by.actor(), by.origin(), "workflow_deleted", id, ""));
            return new Archiving.Archived();
        });
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

    /** Versions below {@code before}, the latest first, at most {@link #VERSIONS_PAGE_MAX}; of deleted ones too. */
    public List<StoredWorkflow> versions(String workspaceId, String id, int before) {
        return database.read(handle -> WorkflowRows.versions(handle, workspaceId, id, before, VERSIONS_PAGE_MAX));
    }

    /** The latest version of each workflow in use, by name. */
    public List<StoredWorkflow> all(String workspaceId) {
        return database.read(handle -> WorkflowRows.all(handle, workspaceId));
    }

    private <T> T change(String workspaceId, Change<T> work) {
        var now = Instant.ofEpochMilli(clock.millis());
        T done = database.write(handle -> {
            WorkflowRows.hold(handle, database.dialect(), workspaceId);
            ChangeNotice.announce(handle, WorkflowCache.CHANGE);
            return work.on(handle, now);
        });
        cache.forget();
        return done;
    }

    @FunctionalInterface
    private interface Change<T> {
        T on(Handle handle, Instant now);
    }

    private Saving saved(Handle handle, StoredWorkflow workflow, Author by) {
        WorkflowRows.insert(handle, workflow);
        var action = workflow.restoredFrom() > 0 ? "workflow_rolled_back" : "workflow_saved";
        var detail = "version " + workflow.version()
                + (workflow.restoredFrom() > 0 ? " as version " + workflow.restoredFrom() : "");
        audit.add(handle, new Deed(workflow.workspaceId(), by.actor(), by.origin(), action, workflow.id(), detail));
        return new Saving.Saved(workflow);
    }
}
