package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Account;
import java.time.Instant;

/**
 * One workspace's link to one CRM account.
 *
 * @param workspaceId whose it is
 * @param plugin id of the CRM's plug-in
 * @param name for people
 * @param account what the connector gets; its {@code connectionId} is our id
 * @param stateSince when it came into its state
 * @param stateReason why, for people; may be empty
 * @param workflowId the workflow that judges its contacts
 */
public record Connection(
        String workspaceId,
        String plugin,
        String name,
        Account account,
        ConnectionState state,
        Instant stateSince,
        String stateReason,
        Instant createdAt,
        String workflowId) {
    public Connection {
        requireNonNull(workspaceId, "workspaceId");
        requireNonNull(plugin, "plugin");
        requireNonNull(name, "name");
        requireNonNull(account, "account");
        requireNonNull(state, "state");
        requireNonNull(stateSince, "stateSince");
        requireNonNull(stateReason, "stateReason");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(workflowId, "workflowId");
    }

    /** Our id. */
    public String id() {
        return account.connectionId();
    }

    /** Whether it has ended, and its credentials are erased or about to be. */
    public boolean isDisconnected() {
        return state == ConnectionState.DISCONNECTED;
    }

    /** Whether it may be worked on. */
    public boolean isActive() {
        return state == ConnectionState.ACTIVE;
    }
}
