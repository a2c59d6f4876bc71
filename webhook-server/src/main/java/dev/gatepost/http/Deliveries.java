package dev.gatepost.http;

import dev.gatepost.connector.Answer;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.PluginRoute;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Turns requests into deliveries, raw, and answers into responses. */
final class Deliveries {
    private final Supplier<String> publicUrl;
    private final InstantSource clock;

    /** @param publicUrl how the outside calls us, without trailing slash; asked for each request */
    Deliveries(Supplier<String> publicUrl, InstantSource clock) {
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    /** The request as a delivery; empty when it cannot be one, and then it has been answered. Blocks for the body. */
    Optional<Delivery> read(Context context, String key) {
        switch (RawBody.read(context.req(), clock)) {
            case RawBody.Body body -> {
                return Optional.of(new Delivery(
                        context.req().getMethod(),
                        publicUrl.get() + pathAndQuery(context.req()),
                        key,
                        headers(context.req()),
                        body.octets(),
                        clock.instant()));
            }
            case RawBody.TooLarge _ ->
                Problems.answer(
                        context,
                        Fault.TOO_LARGE.saying("A delivery may have " + RawBody.OCTETS_MAX + " bytes at most."));
            case RawBody.Compressed _ ->
                Problems.answer(context, Fault.COMPRESSED.saying("Deliveries are taken uncompressed only."));
            case RawBody.Unfinished _ ->
                Problems.answer(context, Fault.UNFINISHED.saying("The body did not arrive in time."));
        }
        return Optional.empty();
    }

    static HandlerType type(PluginRoute route) {
        return switch (route.method()) {
            case GET -> HandlerType.GET;
            case POST -> HandlerType.POST;
        };
    }

    /** Makes {@code answer} the response; a 404 looks like any unknown path. */
    static void render(Context context, Answer answer) {
        if (answer.status() == 404) {
            Problems.answer(context, Problem.notFound());
            return;
        }
        context.status(answer.status());
        answer.headers().forEach(context::header);
        if (!answer.contentType().isEmpty()) {
            context.contentType(answer.contentType());
        }
        context.result(answer.body());
    }

    /** As received, since senders sign it. */
    private static String pathAndQuery(HttpServletRequest request) {
        var query = request.getQueryString();
        return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
    }

    private static Map<String, List<String>> headers(HttpServletRequest request) {
        var headers = new HashMap<String, List<String>>();
        request.getHeaderNames()
                .asIterator()
                .forEachRemaining(
                        name -> headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name))));
        return headers;
    }
}
