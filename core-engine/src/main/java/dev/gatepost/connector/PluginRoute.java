package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

/**
 * A path a plug-in serves besides its webhook.
 *
 * @param space under which prefix it stands and who may call it
 * @param method what it answers to
 * @param path below {@code /hooks/{plugin}/} or {@code /connect/{plugin}/}, without a leading slash; a part {@code
 *     {key}} comes as {@link Delivery#key()}, other parts in braces stand for anything and are seen in {@link Delivery#url()}
 * @param handler what answers
 */
public record PluginRoute(Space space, Method method, String path, Handler handler) {
    public PluginRoute {
        requireNonNull(space, "space");
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        requireNonNull(handler, "handler");
    }

    /** The HTTP methods a route may answer to. */
    public enum Method {
        GET,
        POST
    }

    /** Where a route stands. */
    public enum Space {
        /** {@code /hooks/{plugin}/…}: called by the CRM; the handler authenticates it. */
        HOOKS,

        /** {@code /connect/{plugin}/…}: called by a signed-in admin's browser, for example coming back from OAuth. */
        CONNECT
    }

    /** Answers one request. An exception becomes 503 in {@link Space#HOOKS} and 500 in {@link Space#CONNECT}. */
    @FunctionalInterface
    public interface Handler {
        Answer answer(Delivery delivery, Reception reception);
    }
}
