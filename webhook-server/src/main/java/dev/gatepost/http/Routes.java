package dev.gatepost.http;

import io.javalin.router.JavalinDefaultRoutingApi;

/** A group of routes that belong together; one class for each resource. */
@FunctionalInterface
public interface Routes {

    /** Adds its paths. Called once, before the server starts. */
    void mount(JavalinDefaultRoutingApi routes);
}
