package dev.gatepost.api;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.api.Route.Body;
import dev.gatepost.api.Route.Method;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Problems;
import dev.gatepost.http.RawBody;
import dev.gatepost.http.Refused;
import dev.gatepost.http.Routes;
import dev.gatepost.store.StoreBusy;
import dev.gatepost.workspace.KeyText;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Mounts the table of routes: looks at each request in one order, calls the route, answers. Safe for any thread. */
public final class Api implements Routes {

    private static final int RETRY_AFTER_SECONDS = 1;

    /** Most octets of a body that is too large which are read and thrown away. */
    private static final int DRAINED_OCTETS_MAX = 16 * 1024 * 1024;

    private final List<Route> routes;
    private final Callers callers;
    private final InstantSource clock;

    /** @throws IllegalArgumentException when two routes have the same method and path */
    public Api(List<Resource> resources, Callers callers, InstantSource clock) {
        this.routes = resources.stream().flatMap(each -> each.routes().stream()).toList();
        this.callers = requireNonNull(callers, "callers");
        this.clock = requireNonNull(clock, "clock");
        routes.stream().collect(groupingBy(Route::name)).forEach((name, same) -> {
            if (same.size() > 1) {
                throw new IllegalArgumentException("two routes for " + name);
            }
        });
    }

    /** The whole table. */
    public List<Route> routes() {
        return routes;
    }

    @Override
    public void mount(JavalinDefaultRoutingApi api) {
        routes.forEach(route -> api.addHttpHandler(
                HandlerType.findOrCreate(route.method().name()), route.path(), context -> serve(route, context)));
        routes.stream().collect(groupingBy(Route::path)).forEach((path, there) -> mountOthers(api, path, there));
    }

    private void mountOthers(JavalinDefaultRoutingApi api, String path, List<Route> there) {
        var known = there.stream().map(Route::method).collect(Collectors.toSet());
        var allow = known.stream().map(Method::name).sorted().collect(Collectors.joining(", "));
        Stream.concat(
                        Arrays.stream(Method.values())
                                .filter(method -> !known.contains(method))
                                .map(Method::name),
                        Stream.of("PATCH"))
                .forEach(method -> api.addHttpHandler(
                        HandlerType.findOrCreate(method),
                        path,
                        context -> Problems.answer(
                                context, Fault.METHOD_NOT_ALLOWED.plain().with("Allow", allow))));
        // A browser asks so before it lets a page send a key.
        var isForPages = there.stream().anyMatch(route -> route.permit() instanceof Permit.Page);
        api.options(path, context -> {
            if (isForPages) {
                preflight(context, allow);
            } else {
                Problems.answer(context, Fault.BROWSER_USE.plain().with("Allow", allow));
            }
        });
    }

    private void preflight(Context context, String methods) {
        try {
            callers.preflight(context, methods);
            context.status(204);
        } catch (Refused e) {
            Problems.answer(context, e.problem());
        }
    }

    private void serve(Route route, Context context) {
        try {
            answer(context, handle(route, context));
        } catch (Refused e) {
            Problems.answer(context, e.problem());
        } catch (StoreBusy _) {
            Problems.answer(context, Problem.unavailable(RETRY_AFTER_SECONDS));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            // Thrown by whatever looks at the Content-Type: a charset that the sender made up.
            Problems.answer(
                    context,
                    Fault.UNSUPPORTED_MEDIA_TYPE
                            .saying("The Content-Type names a charset that is not known here; send UTF-8.")
                            .mending("Send the body in UTF-8, with charset=utf-8 or none."));
        }
    }

    private Reply handle(Route route, Context context) {
        refuseKeyInQuery(context);
        Optional<Caller> caller = switch (route.permit()) {
            case Permit.Open _ -> Optional.empty();
            case Permit.AnyOf permit -> {
                var known = callers.of(context);
                permit.check(known);
                yield Optional.of(known);
            }
            case Permit.Page _ -> Optional.of(callers.ofPage(context));
        };
        return route.handler().handle(new Call(context, route, caller, body(route, context)));
    }

    /** Addresses end up in logs of proxies and in histories, where keys must never be (reliability X3). */
    private static void refuseKeyInQuery(Context context) {
        var query = context.req().getQueryString();
        if (query != null && KeyText.ANYWHERE.matcher(query).find()) {
            throw new Refused(Fault.KEY_IN_QUERY.plain());
        }
    }

    private ObjectNode body(Route route, Context context) {
        return switch (route.body()) {
            case Body.None _, Body.Stream _ -> JsonNodeFactory.instance.objectNode();
            case Body.Json(var octetsMax) ->
                switch (RawBody.read(context.req(), octetsMax, clock)) {
                    case RawBody.Body(var octets) -> {
                        requireJson(context);
                        yield StrictJson.read(octets);
                    }
                    case RawBody.TooLarge _ -> {
                        drain(context);
                        throw new Refused(Fault.TOO_LARGE.saying("The body may have " + octetsMax + " bytes at most."));
                    }
                    case RawBody.Compressed _ -> throw new Refused(Fault.COMPRESSED.plain());
                    case RawBody.Unfinished _ -> throw new Refused(Fault.UNFINISHED.plain());
                };
        };
    }

    /** A sender that is still at it when the connection closes never sees the answer, so a bounded rest is read. */
    static void drain(Context context) {
        var piece = new byte[8 * 1024];
        var left = DRAINED_OCTETS_MAX;
        try {
            var in = context.req().getInputStream();
            for (var read = in.read(piece); read >= 0 && left > 0; read = in.read(piece)) {
                left -= read;
            }
        } catch (IOException _) {
            // The sender went away, or was silent for too long: nobody reads the answer.
        }
    }

    private static void requireJson(Context context) {
        var type =
                Optional.ofNullable(context.req().getContentType()).orElse("").toLowerCase(Locale.ROOT);
        if (!type.matches("application/json\\s*(;.*)?")) {
            throw new Refused(Fault.UNSUPPORTED_MEDIA_TYPE.plain().mending("Send Content-Type: application/json."));
        }
    }

    private static void answer(Context context, Reply reply) {
        Map<String, String> headers = reply.headers();
        headers.forEach(context::header);
        context.status(reply.status());
        if (!reply.contentType().isEmpty()) {
            context.contentType(reply.contentType());
        }
        context.result(reply.body().toByteArray());
    }
}
