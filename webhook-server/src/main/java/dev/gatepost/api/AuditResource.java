package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.AuditRow;
import dev.gatepost.workspace.Scope;
import java.util.Arrays;
import java.util.List;

/** {@code GET /v1/audit}: who did what in the workspace, the latest first. */
public final class AuditResource implements Resource {

    private static final List<String> ACTIONS =
            Arrays.stream(AuditAction.values()).map(AuditAction::word).toList();

    private final Database database;
    private final AuditLog audit;

    public AuditResource(Database database, AuditLog audit) {
        this.database = requireNonNull(database, "database");
        this.audit = requireNonNull(audit, "audit");
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/v1/audit", Permit.change(Scope.ADMIN), this::list));
    }

    private record Asked(Parameters.Page page, String action) {}

    private Reply list(Call call) {
        var asked = call.query(
                query -> new Asked(query.page(), query.word("action", ACTIONS).orElse("")));
        var page = asked.page();
        List<AuditRow> rows = database.read(
                handle -> audit.latest(handle, call.workspaceId(), page.after(), asked.action(), page.limit() + 1));
        return Reply.ok(Listing.of(rows, page, AuditRow::id, AuditResource::json));
    }

    private static ObjectNode json(AuditRow row) {
        var deed = row.deed();
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", row.id())
                .put("at", row.at().toString())
                .put("actor", deed.actor())
                .put("origin", deed.origin())
                .put("action", deed.action())
                .put("subject", deed.subject())
                .put("detail", deed.detail());
    }
}
