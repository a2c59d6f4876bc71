package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.rules.Workflow;
import java.time.Instant;

/**
 * One version of a workflow as it was saved.
 *
 * @param workspaceId whose it is
 * @param workflow id, version, name and rules
 * @param createdAt when this version was saved
 * @param createdBy who saved it
 * @param restoredFrom the version that it repeats; 0 when it was written anew
 */
public record StoredWorkflow(
        String workspaceId, Workflow workflow, Instant createdAt, String createdBy, int restoredFrom) {
    public StoredWorkflow {
        requireNonNull(workspaceId, "workspaceId");
        requireNonNull(workflow, "workflow");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(createdBy, "createdBy");
    }

    public String id() {
        return workflow.id();
    }

    public int version() {
        return workflow.version();
    }

    public String name() {
        return workflow.name();
    }
}
