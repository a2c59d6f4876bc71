package dev.gatepost.http;

import dev.gatepost.connector.Answer;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.PluginRoute;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths CRMs call: {@code POST /hooks/{plugin}/{key}} and what else the plug-ins declare below {@code /hooks}. Passes
 * the raw request on and renders the answer. A fault of ours is never a 4xx, and nothing is ever a 410, since senders then
 * stop sending (reliability: I5).
 */
public final class HooksRoutes implements Routes {
    private static final Logger LOG = LoggerFactory.getLogger(HooksRoutes.class);

    /** Senders come again within minutes anyway; five seconds keeps a quick restart from costing them more. */
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Map<String, Function<Delivery, Answer>> receivers;
    private final List<Mounted> mounted;
    private final Deliveries deliveries;

    /**
     * A route of a plug-in, ready to be called.
     *
     * @param plugin id of the plug-in
     * @param answer the handler, with what it may ask of the product
     */
    public record Mounted(String plugin, PluginRoute route, Function<Delivery, Answer> answer) {}

    /**
     * @param receivers who takes the deliveries, by plug-in id
     * @param mounted what else the plug-ins serve below {@code /hooks}
     * @param publicUrl how the outside calls us, without trailing slash; asked for each request
     */
    public HooksRoutes(
            Map<String, Function<Delivery, Answer>> receivers,
            List<Mounted> mounted,
            Supplier<String> publicUrl,
            InstantSource clock) {
        this.receivers = Map.copyOf(receivers);
        this.mounted = List.copyOf(mounted);
        this.deliveries = new Deliveries(publicUrl, clock);
    }

    @Override
    public void mount(JavalinDefaultRoutingApi routes) {
        mounted.forEach(each -> routes.addHttpHandler(
                Deliveries.type(each.route()),
                "/hooks/" + each.plugin() + "/" + each.route().path(),
                context -> hand(context, each.plugin(), key(context), each.answer())));
        routes.post("/hooks/{plugin}/{key}", context -> {
            var receiver = receivers.get(context.pathParam("plugin"));
            if (receiver == null) {
                Problems.answer(context, Problem.notFound());
            } else {
                hand(context, context.pathParam("plugin"), context.pathParam("key"), receiver);
            }
        });
    }

    private static String key(Context context) {
        return context.pathParamMap().getOrDefault("key", "");
    }

    private void hand(Context context, String plugin, String key, Function<Delivery, Answer> receiver) {
        var delivery = deliveries.read(context, key);
        if (delivery.isEmpty()) {
            return;
        }
        try {
            Deliveries.render(context, receiver.apply(delivery.get()));
        } catch (RuntimeException e) {
            LOG.error("delivery failed plugin={}", plugin, e);
            Problems.answer(context, Problem.unavailable(RETRY_AFTER_SECONDS));
        }
    }
}
