package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.workspace.AuditLog;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.function.Function;

/** One admitted request. For one thread. */
public final class Call {

    private final Context context;
    private final Route route;
    private final Optional<Caller> caller;
    private final ObjectNode body;

    Call(Context context, Route route, Optional<Caller> caller, ObjectNode body) {
        this.context = requireNonNull(context, "context");
        this.route = requireNonNull(route, "route");
        this.caller = requireNonNull(caller, "caller");
        this.body = requireNonNull(body, "body");
    }

    /**
     * Who asks.
     *
     * @throws IllegalStateException on a route that is open to everybody
     */
    public Caller caller() {
        return caller.orElseThrow(() -> new IllegalStateException("an open route has no caller: " + route.name()));
    }

    /** The caller's workspace. */
    public String workspaceId() {
        return caller().workspaceId();
    }

    /** Who asks and from where, for the audit log. */
    public AuditLog.By by() {
        return new AuditLog.By(workspaceId(), caller().actor(), context.req().getRemoteAddr());
    }

    /** A part of the path. */
    public String path(String name) {
        return context.pathParam(name);
    }

    /** Reads the body's fields; what {@code reader} does not ask for is refused. */
    public <T> T body(Function<Fields, T> reader) {
        var fields = new Fields(body, "");
        var read = reader.apply(fields);
        fields.end();
        return read;
    }

    /** The whole body, which another reader knows how to judge; it refuses what it does not know. */
    public ObjectNode json() {
        return body;
    }

    /** Reads the query's parameters; what {@code reader} does not ask for is refused. */
    public <T> T query(Function<Parameters, T> reader) {
        var parameters = new Parameters(context.queryParamMap());
        var read = reader.apply(parameters);
        parameters.end();
        return read;
    }

    /** The HTTP exchange itself, for the few that stream or set cookies. */
    public Context context() {
        return context;
    }

    Route route() {
        return route;
    }

    /** Everything in the request that decides what it does, the same for the same request. */
    String canonical() {
        return route.method() + "\n" + context.req().getRequestURI() + "\n"
                + Optional.ofNullable(context.req().getQueryString()).orElse("") + "\n" + StrictJson.canonical(body);
    }
}
