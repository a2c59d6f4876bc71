package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.http.RawBody;

/**
 * One entry of the table of routes.
 *
 * @param path template as in {@code /v1/keys/{id}}
 * @param permit who may call it
 * @param body what body it takes
 * @param handler called once the caller is known and admitted
 */
public record Route(Method method, String path, Permit permit, Body body, Handler handler) {

    public Route {
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        requireNonNull(permit, "permit");
        requireNonNull(body, "body");
        requireNonNull(handler, "handler");
    }

    /** The methods the API uses. */
    public enum Method {
        GET,
        POST,
        PUT,
        DELETE
    }

    /** What a request brings along. */
    public sealed interface Body {

        /** Nothing; what comes all the same is not read. */
        record None() implements Body {}

        /**
         * One JSON object.
         *
         * @param octetsMax most octets
         */
        record Json(int octetsMax) implements Body {}

        /** Anything; the handler reads the stream itself, within bounds of its own. */
        record Stream() implements Body {}
    }

    /** Does what the route is for. */
    @FunctionalInterface
    public interface Handler {

        /**
         * Answers one admitted request.
         *
         * @throws dev.gatepost.http.Refused when the request is not acceptable
         */
        Reply handle(Call call);
    }

    /** Reads. */
    public static Route get(String path, Permit permit, Handler handler) {
        return new Route(Method.GET, path, permit, new Body.None(), handler);
    }

    /** Makes something from a JSON object. */
    public static Route post(String path, Permit permit, Handler handler) {
        return new Route(Method.POST, path, permit, new Body.Json(RawBody.OCTETS_MAX), handler);
    }

    /** Replaces something by a JSON object. */
    public static Route put(String path, Permit permit, Handler handler) {
        return new Route(Method.PUT, path, permit, new Body.Json(RawBody.OCTETS_MAX), handler);
    }

    /** Removes. */
    public static Route delete(String path, Permit permit, Handler handler) {
        return new Route(Method.DELETE, path, permit, new Body.None(), handler);
    }

    /** Method and template, as in {@code POST /v1/keys}. */
    public String name() {
        return method + " " + path;
    }
}
