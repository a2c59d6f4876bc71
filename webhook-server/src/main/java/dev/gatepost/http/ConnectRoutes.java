package dev.gatepost.http;

import dev.gatepost.connector.Answer;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.PluginRoute;
import dev.gatepost.workspace.AuditLog.By;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The paths that a signed-in admin's browser visits while an account is connected: {@code /connect/{plugin}/…}. Whoever is
 * not signed in is sent to the console.
 */
public final class ConnectRoutes implements Routes {
    private final List<Mounted> mounted;
    private final Function<Context, Optional<Guest>> guest;
    private final Deliveries deliveries;

    /**
     * A route of a plug-in, ready to be called.
     *
     * @param plugin id of the plug-in
     * @param answer the handler; is given who calls beside the request
     */
    public record Mounted(String plugin, PluginRoute route, Answering answer) {}

    /** A handler with what it may ask of the product. */
    @FunctionalInterface
    public interface Answering {
        /** Answers one request of a visitor. */
        Answer answer(Delivery delivery, Guest guest);
    }

    /**
     * Who visits.
     *
     * @param session stands for the signed-in session as long as it lasts
     * @param by who it is, and in which workspace
     */
    public record Guest(String session, By by) {}

    /**
     * @param mounted what the plug-ins serve below {@code /connect}
     * @param guest who calls; empty when nobody is signed in; throws {@link Refused} when whoever is may not connect
     *     accounts
     * @param publicUrl how the outside calls us, without trailing slash; asked for each request
     */
    public ConnectRoutes(
            List<Mounted> mounted,
            Function<Context, Optional<Guest>> guest,
            Supplier<String> publicUrl,
            InstantSource clock) {
        this.mounted = List.copyOf(mounted);
        this.guest = guest;
        this.deliveries = new Deliveries(publicUrl, clock);
    }

    @Override
    public void mount(JavalinDefaultRoutingApi routes) {
        mounted.forEach(each -> routes.addHttpHandler(
                Deliveries.type(each.route()),
                "/connect/" + each.plugin() + "/" + each.route().path(),
                context -> hand(context, each)));
    }

    private void hand(Context context, Mounted route) {
        Optional<Guest> who;
        try {
            who = guest.apply(context);
        } catch (Refused e) {
            Problems.answer(context, e.problem());
            return;
        }
        if (who.isEmpty()) {
            context.redirect("/");
            return;
        }
        deliveries
                .read(context, context.pathParamMap().getOrDefault("key", ""))
                .ifPresent(delivery -> Deliveries.render(context, route.answer().answer(delivery, who.get())));
    }
}
