package dev.gatepost.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * {@code GET /livez}: the process answers. {@code GET /readyz}: it can do its work; 503 when not, so that a load
 * balancer leaves it alone.
 */
public final class HealthRoutes implements Routes {

    private static final JsonMapper JSON = new JsonMapper();

    private final Supplier<Health> health;

    /** @param health looked at for each request; quick, no network */
    public HealthRoutes(Supplier<Health> health) {
        this.health = health;
    }

    @Override
    public void mount(JavalinDefaultRoutingApi routes) {
        routes.get("/livez", context -> context.contentType("application/json").result("{\"status\":\"live\"}"));
        routes.get("/readyz", this::ready);
    }

    private void ready(Context context) {
        var now = health.get();
        var body = JSON.createObjectNode();
        body.put("status", now.isReady() ? "ready" : "not_ready");
        var checks = body.putObject("checks");
        for (var check : now.checks()) {
            checks.putObject(check.name())
                    .put("status", check.state().name().toLowerCase(Locale.ROOT))
                    .put("detail", check.detail());
        }
        context.status(now.isReady() ? 200 : 503)
                .contentType("application/json")
                .result(body.toString());
    }
}
