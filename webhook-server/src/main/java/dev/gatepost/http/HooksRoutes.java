package dev.gatepost.http;

import dev.gatepost.connector.Answer;
import dev.gatepost.connector.Delivery;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths CRMs call: {@code POST /hooks/{plugin}/{key}}. Passes the raw request on and renders the answer. A fault of
 * ours is never a 4xx, and nothing is ever a 410, since senders then stop sending (reliability: I5).
 */
public final class HooksRoutes implements Routes {

    private static final Logger LOG = LoggerFactory.getLogger(HooksRoutes.class);

    /** Senders come again within minutes anyway; five seconds keeps a quick restart from costing them more. */
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Map<String, Function<Delivery, Answer>> receivers;
    private final Supplier<String> publicUrl;
    private final InstantSource clock;

    /**
     * @param receivers who takes the deliveries, by plug-in id
     * @param publicUrl how the outside calls us, without trailing slash; asked for each request
     */
    public HooksRoutes(
            Map<String, Function<Delivery, Answer>> receivers, Supplier<String> publicUrl, InstantSource clock) {
        this.receivers = Map.copyOf(receivers);
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    @Override
    public void mount(JavalinDefaultRoutingApi routes) {
        routes.post("/hooks/{plugin}/{key}", this::receive);
    }

    private void receive(Context context) {
        var receiver = receivers.get(context.pathParam("plugin"));
        if (receiver == null) {
            Problems.answer(context, Problem.notFound());
            return;
        }
        switch (RawBody.read(context.req(), clock)) {
            case RawBody.Body body -> hand(context, receiver, body);
            case RawBody.TooLarge _ ->
                Problems.answer(
                        context,
                        Fault.TOO_LARGE.saying("A delivery may have " + RawBody.OCTETS_MAX + " bytes at most."));
            case RawBody.Compressed _ ->
                Problems.answer(context, Fault.COMPRESSED.saying("Deliveries are taken uncompressed only."));
            case RawBody.Unfinished _ ->
                Problems.answer(context, Fault.UNFINISHED.saying("The body did not arrive in time."));
        }
    }

    private void hand(Context context, Function<Delivery, Answer> receiver, RawBody.Body body) {
        Answer answer;
        try {
            answer = receiver.apply(new Delivery(
                    context.req().getMethod(),
                    publicUrl.get() + pathAndQuery(context.req()),
                    context.pathParam("key"),
                    headers(context.req()),
                    body.octets(),
                    clock.instant()));
        } catch (RuntimeException e) {
            LOG.error("delivery failed plugin={}", context.pathParam("plugin"), e);
            Problems.answer(context, Problem.unavailable(RETRY_AFTER_SECONDS));
            return;
        }
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
