package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A person in a workspace.
 *
 * @param since when they joined it
 */
public record Member(String workspaceId, Person person, Role role, Instant since) {
    public Member {
        requireNonNull(workspaceId, "workspaceId");
        requireNonNull(person, "person");
        requireNonNull(role, "role");
        requireNonNull(since, "since");
    }
}
