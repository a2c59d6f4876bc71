package dev.gatepost.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatepost.rules.WorkflowJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okio.ByteString;

/**
 * The OpenAPI 3.1 description, the contract of the API, and {@code GET /v1/openapi.yaml}; beside it the JSON Schema of
 * workflows. It is put together from one file
 * for each resource, so that each stays readable: below {@code paths:} what the resource answers, below {@code schemas:} its
 * words.
 */
public final class OpenApi implements Resource {

    /** The files, in the order in which the documentation shows them. */
    static final List<String> PARTS = List.of(
            "verify",
            "check",
            "batches",
            "keys",
            "session",
            "people",
            "audit",
            "me",
            "workflows",
            "credits",
            "hooks",
            "connections",
            "erasures");

    private static final String TYPE = "application/yaml";
    /** The type of a JSON Schema (draft-bhutton-json-schema-01, section 14.1). */
    private static final String SCHEMA_TYPE = "application/schema+json";

    private static final String PATHS = "paths:\n";
    private static final String SCHEMAS = "schemas:\n";

    private final String text = together();

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(
                        "/v1/openapi.yaml",
                        new Permit.Open(),
                        _ -> new Reply(200, TYPE, ByteString.encodeUtf8(text), Map.of())),
                Route.get(
                        "/v1/workflows.schema.json",
                        new Permit.Open(),
                        _ -> new Reply(200, SCHEMA_TYPE, ByteString.encodeUtf8(WorkflowJson.schema()), Map.of())));
    }

    /** The whole description. */
    public String text() {
        return text;
    }

    private static String together() {
        var paths = new StringBuilder();
        var schemas = new StringBuilder();
        for (var part : PARTS) {
            var file = resource(part);
            var split = file.indexOf("\n" + SCHEMAS);
            if (!file.startsWith(PATHS) || split < 0) {
                throw new IllegalStateException("openapi/" + part + ".yaml must have paths:, then schemas:");
            }
            paths.append(file, PATHS.length(), split + 1);
            schemas.append(file.substring(split + 1 + SCHEMAS.length()).indent(2));
        }
        return resource("head") + PATHS + paths + "components:\n  schemas:\n" + schemas + resource("tail");
    }

    private static String resource(String name) {
        try (var in = OpenApi.class.getResourceAsStream("/openapi/" + name + ".yaml")) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
