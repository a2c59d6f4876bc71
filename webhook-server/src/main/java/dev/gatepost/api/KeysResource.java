package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.api.Parameters.Page;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.workspace.ApiKey;
import dev.gatepost.workspace.ApiKeys;
import dev.gatepost.workspace.Scope;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v1/keys}: the workspace's API keys. A key itself is shown once, when it is made. */
public final class KeysResource implements Resource {

    private final ApiKeys keys;
    private final Once once;

    public KeysResource(ApiKeys keys, Once once) {
        this.keys = requireNonNull(keys, "keys");
        this.once = requireNonNull(once, "once");
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/keys", Permit.change(Scope.ADMIN), this::list),
                Route.post("/v1/keys", Permit.change(Scope.ADMIN), this::create),
                Route.delete("/v1/keys/{id}", Permit.change(Scope.ADMIN), this::revoke));
    }

    private Reply list(Call call) {
        var page = call.query(Parameters::page);
        return Reply.ok(Listing.of(rows(call, page), page, ApiKey::id, KeysResource::json));
    }

    private List<ApiKey> rows(Call call, Page page) {
        return keys.page(call.workspaceId(), page.after(), page.limit() + 1);
    }

    private Reply create(Call call) {
        var draft = call.body(fields -> KeyFields.read(fields, call.workspaceId()));
        var reply = once.run(call, handle -> {
            var made = keys.create(handle, draft, call.by());
            return Reply.created(json(made.key()).put("key", made.text()));
        });
        keys.created();
        return reply;
    }

    private Reply revoke(Call call) {
        if (!keys.revoke(call.workspaceId(), call.path("id"), call.by())) {
            throw new Refused(Problem.notFound());
        }
        return Reply.nothing();
    }

    private static ObjectNode json(ApiKey key) {
        var draft = key.draft();
        var node = JsonNodeFactory.instance
                .objectNode()
                .put("id", key.id())
                .put("mode", draft.kind().word())
                .put("name", draft.name())
                .put("hint", key.hint());
        var scopes = node.putArray("scopes");
        draft.scopes().stream().map(Scope::word).sorted().forEach(scopes::add);
        var ranges = node.putArray("ranges");
        draft.ranges().forEach(range -> ranges.add(range.toString()));
        var origins = node.putArray("origins");
        draft.origins().forEach(origins::add);
        return node.put("rate_per_minute", draft.ratePerMinute())
                .put("created_at", key.createdAt().toString())
                .put("created_by", key.createdBy())
                .put("expires_at", text(draft.expiresAt()))
                .put("last_used_at", text(key.lastUsedAt()));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
