package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatepost.api.Route.Body;
import dev.gatepost.api.Route.Method;
import dev.gatepost.connector.Checkup;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.intake.ConnectionHealth.Trouble;
import dev.gatepost.intake.Pipeline;
import dev.gatepost.intake.Troubles;
import dev.gatepost.intake.Troubles.Quarantined;
import dev.gatepost.intake.Troubles.Which;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.Connections;
import dev.gatepost.workspace.Scope;
import java.util.List;
import java.util.Optional;

/** {@code /v1/connections}: the CRM accounts, how they do, and the events that need a person. */
public final class ConnectionsResource implements Resource {

    static final Permit LOOK = Permit.look(Scope.READ, Scope.ADMIN);
    static final Permit CHANGE = Permit.change(Scope.ADMIN);

    private static final int ID_CHARS_MAX = 64;
    private static final int REASON_CHARS_MAX = 512;
    private static final String QUARANTINED = "quarantined";

    /** Held and dead. */
    private static final String ANY = "any";

    private final Connections connections;
    private final Pipeline pipeline;

    public ConnectionsResource(Connections connections, Pipeline pipeline) {
        this.connections = requireNonNull(connections, "connections");
        this.pipeline = requireNonNull(pipeline, "pipeline");
    }

    @Override
    public List<Route> routes() {
        var look = LOOK;
        var change = CHANGE;
        return List.of(
                Route.get("/v1/connections", look, this::list),
                Route.get("/v1/connections/{id}", look, this::show),
                act("/v1/connections/{id}/pause", change, this::pause),
                act("/v1/connections/{id}/resume", change, this::resume),
                act("/v1/connections/{id}/disconnect", change, this::disconnect),
                Route.get("/v1/connections/{id}/events", look, this::events),
                Route.post("/v1/connections/{id}/events/run_again", change, this::runAgain),
                Route.post("/v1/connections/{id}/events/discard", change, this::discard));
    }

    static Route act(String path, Permit permit, Route.Handler handler) {
        return new Route(Method.POST, path, permit, new Body.None(), handler);
    }

    private Reply list(Call call) {
        var page = call.query(Parameters::page);
        var rows = connections.all().stream()
                .filter(each -> each.workspaceId().equals(call.workspaceId()))
                .filter(each -> each.id().compareTo(page.after()) > 0)
                .limit(page.limit() + 1L)
                .toList();
        return Reply.ok(Listing.of(rows, page, Connection::id, ConnectionJson::of));
    }

    /** With {@code check=true} the CRM is asked, which takes as long as it takes. */
    private Reply show(Call call) {
        var asks = call.query(
                        query -> query.word("check", List.of("true", "false")).orElse("false"))
                .equals("true");
        var connection = found(connections, call);
        var checkup = asks ? pipeline.checkup(connection.id()) : Optional.<Checkup>empty();
        var health = pipeline.troubles().health(connection.id()).orElseThrow(ConnectionsResource::missing);
        return Reply.ok(ConnectionJson.of(connection, health, checkup));
    }

    private Reply pause(Call call) {
        var connection = found(connections, call);
        return after(
                call, pipeline.switching().pause(connection, call.by()), "Only an active connection can be paused.");
    }

    private Reply resume(Call call) {
        var connection = found(connections, call);
        return after(
                call,
                pipeline.switching().resume(connection, call.by()),
                "Only a paused connection can be resumed; connect one again that needs new credentials.");
    }

    private Reply disconnect(Call call) {
        var connection = found(connections, call);
        return after(
                call,
                pipeline.switching().disconnect(connection, call.by()).isPresent(),
                "It is disconnected already.");
    }

    private Reply after(Call call, boolean done, String otherwise) {
        if (!done) {
            throw new Refused(Fault.CONFLICT.saying(otherwise));
        }
        return Reply.ok(ConnectionJson.of(found(connections, call)));
    }

    private record Asked(Parameters.Page page, Which which) {}

    private Reply events(Call call) {
        var asked = call.query(query -> new Asked(
                query.page(),
                new Which(
                        query.word("state", List.of("held", "dead", Troubles.IGNORED, QUARANTINED))
                                .orElse(""),
                        query.optionalText("reason").orElse(""))));
        var connection = found(connections, call);
        var page = asked.page();
        var troubles = pipeline.troubles();
        if (asked.which().state().equals(QUARANTINED)) {
            var calls = troubles.quarantined(connection, page.after(), page.limit() + 1);
            return Reply.ok(Listing.of(calls, page, Quarantined::deliveryId, ConnectionJson::of));
        }
        var rows = troubles.list(connection.id(), asked.which(), page.after(), page.limit() + 1);
        return Reply.ok(Listing.of(rows, page, Trouble::eventId, ConnectionJson::of));
    }

    private Reply runAgain(Call call) {
        var connection = found(connections, call);
        var some = call.body(fields -> some(fields, List.of("held", "dead", Troubles.IGNORED, ANY)));
        var troubles = pipeline.troubles();
        var done = some.ids().isEmpty()
                ? troubles.runAgain(connection.id(), some.which(), by(call.by()))
                : troubles.runAgain(connection.id(), some.ids(), by(call.by()));
        return Reply.ok(JsonNodeFactory.instance.objectNode().put("events", done));
    }

    private Reply discard(Call call) {
        var connection = found(connections, call);
        var some = call.body(fields -> some(fields, List.of("held", "dead", ANY)));
        var troubles = pipeline.troubles();
        var done = some.ids().isEmpty()
                ? troubles.discard(connection.id(), some.which(), by(call.by()))
                : troubles.discard(connection.id(), some.ids(), by(call.by()));
        return Reply.ok(JsonNodeFactory.instance.objectNode().put("events", done));
    }

    /** Events by id, or all that a filter passes. */
    private record Some(List<String> ids, Which which) {}

    private static Some some(Fields fields, List<String> states) {
        var ids = fields.texts("ids", Troubles.PAGE_MAX, ID_CHARS_MAX);
        var state = fields.optionalText("state", ID_CHARS_MAX).orElse("");
        if (!state.isEmpty() && !states.contains(state)) {
            throw fields.wrong("state", "must be one of " + String.join(", ", states));
        }
        var reason = fields.optionalText("reason", REASON_CHARS_MAX).orElse("");
        if (ids.isEmpty() && state.isEmpty()) {
            throw fields.missing("ids");
        }
        if (!ids.isEmpty() && !(state + reason).isEmpty()) {
            throw fields.wrong("ids", "cannot stand beside state or reason");
        }
        return new Some(ids, new Which(state.equals(ANY) ? "" : state, reason));
    }

    private static Troubles.By by(By by) {
        return new Troubles.By(by.actor(), by.origin());
    }

    /** The connection in the path, if it is the caller's workspace's. */
    static Connection found(Connections connections, Call call) {
        return connections
                .byId(call.path("id"))
                .filter(each -> each.workspaceId().equals(call.workspaceId()))
                .orElseThrow(ConnectionsResource::missing);
    }

    static Refused missing() {
        return new Refused(Problem.notFound());
    }
}
