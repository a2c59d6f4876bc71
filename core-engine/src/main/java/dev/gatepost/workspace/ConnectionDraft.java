package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * A connection as an admin enters it.
 *
 * @param workspaceId whose it will be
 * @param account the CRM's id of the account
 * @param name for people
 * @param settings by the names that the plug-in gave them; secrets in clear
 */
public record ConnectionDraft(String workspaceId, String account, String name, Map<String, String> settings) {
    public ConnectionDraft {
        requireNonNull(workspaceId, "workspaceId");
        requireNonNull(account, "account");
        requireNonNull(name, "name");
        settings = Map.copyOf(settings);
    }

    /** Without the values, which may be secret. */
    @Override
    public String toString() {
        return "ConnectionDraft[" + workspaceId + ", " + account + ", " + settings.keySet() + "]";
    }
}
