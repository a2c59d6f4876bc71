package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import dev.gatepost.workspace.Workspaces.Workspace;
import java.util.List;

/** {@code GET /v1/me}: who asks, and what they may do. */
public final class MeResource implements Resource {

    private final Workspaces workspaces;

    public MeResource(Workspaces workspaces) {
        this.workspaces = requireNonNull(workspaces, "workspaces");
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/v1/me", Permit.known(), this::me));
    }

    private Reply me(Call call) {
        call.query(_ -> "");
        var name = workspaces.byId(call.workspaceId()).map(Workspace::name).orElse(call.workspaceId());
        var body = JsonNodeFactory.instance.objectNode();
        switch (call.caller()) {
            case Caller.ByKey(var workspaceId, var keyId, var scopes, var kind) -> {
                body.put("kind", "key")
                        .put("workspace", workspaceId)
                        .put("workspace_name", name)
                        .put("key_id", keyId)
                        .put("mode", kind.word());
                var words = body.putArray("scopes");
                scopes.stream().map(Scope::word).sorted().forEach(words::add);
            }
            case Caller.ByPerson(var personId, var workspaceId, var role) ->
                body.put("kind", "person")
                        .put("workspace", workspaceId)
                        .put("workspace_name", name)
                        .put("person_id", personId)
                        .put("role", role.word());
        }
        return Reply.ok(body);
    }
}
