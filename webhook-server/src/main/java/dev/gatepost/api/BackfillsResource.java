package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.intake.Backfill;
import dev.gatepost.intake.Backfill.Scope;
import dev.gatepost.intake.Backfills;
import dev.gatepost.intake.Backfills.Starting;
import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.Connections;
import java.util.List;
import java.util.function.Predicate;

/** {@code /v1/connections/{id}/backfills}: work through contacts that exist already. */
public final class BackfillsResource implements Resource {

    private static final int WORD_CHARS_MAX = 64;
    private static final int LIST_CHARS_MAX = 256;
    private static final int DAYS_MAX = 3_650;

    private final Connections connections;
    private final Backfills backfills;
    private final Kept kept;

    /** Where it is written down. */
    public record Kept(Database database, AuditLog audit, Once once) {

        public Kept {
            requireNonNull(database, "database");
            requireNonNull(audit, "audit");
            requireNonNull(once, "once");
        }
    }

    public BackfillsResource(Connections connections, Backfills backfills, Kept kept) {
        this.connections = requireNonNull(connections, "connections");
        this.backfills = requireNonNull(backfills, "backfills");
        this.kept = requireNonNull(kept, "kept");
    }

    @Override
    public List<Route> routes() {
        var look = ConnectionsResource.LOOK;
        var change = ConnectionsResource.CHANGE;
        var path = "/v1/connections/{id}/backfills";
        return List.of(
                Route.get(path, look, this::list),
                Route.post(path, change, this::start),
                Route.get(path + "/{backfill}", look, this::show),
                ConnectionsResource.act(
                        path + "/{backfill}/pause", change, call -> change(call, "paused", backfills::pause)),
                ConnectionsResource.act(
                        path + "/{backfill}/resume", change, call -> change(call, "resumed", backfills::resume)),
                ConnectionsResource.act(
                        path + "/{backfill}/cancel", change, call -> change(call, "cancelled", backfills::cancel)));
    }

    private Reply list(Call call) {
        var page = call.query(Parameters::page);
        var connection = ConnectionsResource.found(connections, call);
        var rows = backfills.of(connection.id(), page.after(), page.limit() + 1);
        return Reply.ok(Listing.of(rows, page, Backfill::id, ConnectionJson::of));
    }

    private Reply show(Call call) {
        call.query(_ -> "");
        return Reply.ok(ConnectionJson.of(found(call)));
    }

    private record Wish(Scope scope, boolean isEstimate) {}

    private Reply start(Call call) {
        var connection = ConnectionsResource.found(connections, call);
        var wish = call.body(fields -> new Wish(scope(fields), fields.flag("estimate_only", false)));
        if (wish.isEstimate()) {
            return Reply.ok(ConnectionJson.of(
                    backfills.estimate(connection.id(), wish.scope()).orElseThrow(ConnectionsResource::missing)));
        }
        if (!connection.isActive()) {
            throw new Refused(Fault.CONFLICT.saying("The connection is not active; resume it or connect it again."));
        }
        var expected = backfills.expected(connection.id(), wish.scope());
        return kept.once().run(call, handle -> switch (backfills.start(
                handle, connection.id(), wish.scope(), expected, call.caller().actor())) {
            case Starting.Started(var backfill) -> {
                kept.audit()
                        .add(
                                handle,
                                call.by(),
                                AuditAction.BACKFILL_STARTED,
                                backfill.id(),
                                wish.scope().word());
                yield Reply.created(ConnectionJson.of(backfill));
            }
            case Starting.Busy(var other) ->
                throw new Refused(Fault.CONFLICT.saying(
                        "Backfill " + other.id() + " is not at its end; cancel it or wait for it."));
            case Starting.NoConnection _ -> throw ConnectionsResource.missing();
        });
    }

    private static Scope scope(Fields fields) {
        var source = fields.text("source", WORD_CHARS_MAX);
        var list = fields.optionalText("list", LIST_CHARS_MAX);
        var days = fields.optionalNumber("older_than_days", 1, DAYS_MAX);
        if (source.equals("list") != list.isPresent()) {
            throw list.isPresent() ? fields.wrong("list", "goes with source list only") : fields.missing("list");
        }
        if (source.equals("older") != days.isPresent()) {
            throw days.isPresent()
                    ? fields.wrong("older_than_days", "goes with source older only")
                    : fields.missing("older_than_days");
        }
        try {
            return Scope.of(source, list.orElse(""), days.orElse(0L).intValue());
        } catch (IllegalArgumentException _) {
            throw fields.wrong("source", "must be all, unchecked, older or list");
        }
    }

    private Reply change(Call call, String word, Predicate<String> change) {
        var backfill = found(call);
        if (!change.test(backfill.id())) {
            throw new Refused(
                    Fault.CONFLICT.saying("It is " + backfill.state().word() + ", so it cannot be " + word + "."));
        }
        kept.database().write(handle -> {
            kept.audit().add(handle, call.by(), AuditAction.BACKFILL_CHANGED, backfill.id(), word);
            return true;
        });
        return Reply.ok(ConnectionJson.of(found(call)));
    }

    private Backfill found(Call call) {
        var connection = ConnectionsResource.found(connections, call);
        return backfills
                .find(call.path("backfill"))
                .filter(each -> each.connectionId().equals(connection.id()))
                .orElseThrow(ConnectionsResource::missing);
    }
}
