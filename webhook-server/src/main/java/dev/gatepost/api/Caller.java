package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import java.util.Set;

/** Who makes a request. */
public sealed interface Caller {

    /** The one workspace this request sees. */
    String workspaceId();

    /** Who it is in the audit log: the id of the key or the person. */
    String actor();

    /**
     * A program with an API key.
     *
     * @param kind what the key works on; a publishable key reaches no route but its own
     */
    record ByKey(String workspaceId, String keyId, Set<Scope> scopes, KeyKind kind) implements Caller {

        public ByKey {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(keyId, "keyId");
            requireNonNull(kind, "kind");
            scopes = Set.copyOf(scopes);
        }

        @Override
        public String actor() {
            return keyId;
        }
    }

    /** A signed-in person, at work in one workspace. */
    record ByPerson(String personId, String workspaceId, Role role) implements Caller {

        public ByPerson {
            requireNonNull(personId, "personId");
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(role, "role");
        }

        @Override
        public String actor() {
            return personId;
        }
    }
}
