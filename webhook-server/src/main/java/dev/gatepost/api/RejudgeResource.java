package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.RejudgedJson;
import dev.gatepost.intake.Rejudging;
import dev.gatepost.intake.Rejudging.Mode;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.Scope;
import java.util.List;

/** {@code POST /v1/rejudge}: what today's engine thinks of stored evidence. */
public final class RejudgeResource implements Resource {

    /** Verdicts of a request that names no number. */
    private static final int VERDICTS_USUAL = 10_000;

    private final Rejudging rejudging;
    private final Once once;
    private final AuditLog audit;

    public RejudgeResource(Rejudging rejudging, Once once, AuditLog audit) {
        this.rejudging = requireNonNull(rejudging, "rejudging");
        this.once = requireNonNull(once, "once");
        this.audit = requireNonNull(audit, "audit");
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/v1/rejudge", Permit.change(Scope.ADMIN), this::rejudge));
    }

    private record Order(int verdicts, Mode mode) {}

    private Reply rejudge(Call call) {
        var order = call.body(fields -> new Order(
                (int) fields.number("last", 1, Rejudging.VERDICTS_MAX, VERDICTS_USUAL),
                fields.flag("apply", false) ? Mode.APPLY : Mode.LIST));
        return once.around(
                call,
                () -> RejudgedJson.write(rejudging.run(call.workspaceId(), order.verdicts(), order.mode())),
                (handle, rejudged) -> {
                    if (order.mode() == Mode.APPLY) {
                        var applied = rejudged.path("applied").asText() + " verdicts";
                        audit.add(handle, call.by(), AuditAction.REJUDGED, "", applied);
                    }
                    return Reply.ok(rejudged);
                });
    }
}
