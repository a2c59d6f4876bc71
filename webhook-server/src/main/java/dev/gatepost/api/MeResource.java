package dev.gatepost.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatepost.workspace.Scope;
import java.util.List;

/** {@code GET /v1/me}: who asks, and what they may do. */
public final class MeResource implements Resource {

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/v1/me", Permit.known(), MeResource::me));
    }

    private static Reply me(Call call) {
        call.query(_ -> "");
        var body = JsonNodeFactory.instance.objectNode();
        switch (call.caller()) {
            case Caller.ByKey(var workspaceId, var keyId, var scopes, var kind) -> {
                body.put("kind", "key")
                        .put("workspace", workspaceId)
                        .put("key_id", keyId)
                        .put("mode", kind.word());
                var words = body.putArray("scopes");
                scopes.stream().map(Scope::word).sorted().forEach(words::add);
            }
            case Caller.ByPerson(var personId, var workspaceId, var role) ->
                body.put("kind", "person")
                        .put("workspace", workspaceId)
                        .put("person_id", personId)
                        .put("role", role.word());
        }
        return Reply.ok(body);
    }
}
