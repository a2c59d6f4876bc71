package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** The OpenAPI description as a judge of exchanges. */
final class Contract {

    private static final String BASE = "https://gatepost.example/openapi";
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode document;
    private final JsonSchemaFactory schemas;
    private final Map<String, JsonSchema> compiled = new ConcurrentHashMap<>();

    Contract() {
        // It warns of every word of OpenAPI that is none of JSON Schema.
        ((Logger) LoggerFactory.getLogger("com.networknt")).setLevel(Level.ERROR);
        try {
            document = new YAMLMapper().readTree(new OpenApi().text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var text = document.toString();
        schemas = JsonSchemaFactory.getInstance(
                VersionFlag.V202012, builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(BASE, text))));
    }

    JsonNode document() {
        return document;
    }

    /** Every operation, as {@code GET /v1/me}. */
    Set<String> operations() {
        var operations = new TreeSet<String>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /** Operations that take an {@code Idempotency-Key}, as {@code POST /v1/keys}. */
    Set<String> idempotent() {
        var operations = new TreeSet<String>();
        for (var path : document.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (operation.getValue().path("parameters").toString().contains("/IdempotencyKey")) {
                    operations.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
            }
        }
        return operations;
    }

    /** Fails when the exchange is not as described. Paths that are not described must be refused. */
    void check(String method, String path, byte[] body, HttpResponse<byte[]> response) throws IOException {
        var what = method + " " + path + " " + response.statusCode();
        var template = template(path);
        var operation = document.path("paths").path(template).path(method.toLowerCase(Locale.ROOT));
        var type = response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        if (operation.isMissingNode() && method.equals("OPTIONS") && response.statusCode() == 204) {
            assertThat(response.body()).as(what).isEmpty();
            return;
        }
        if (operation.isMissingNode()) {
            assertThat(response.statusCode()).as(what).isIn(403, 404, 405);
            conforms(what, "/components/schemas/Problem", response.body());
            return;
        }
        var at = "/paths/" + escaped(template) + "/" + method.toLowerCase(Locale.ROOT) + "/responses/";
        var status = Integer.toString(response.statusCode());
        var known = operation.path("responses").has(status) ? status : "default";
        assertThat(operation.path("responses").has(known))
                .as("%s is described", what)
                .isTrue();
        if (known.equals("default")) {
            assertThat(response.statusCode()).as(what).isGreaterThanOrEqualTo(400);
            assertThat(type).as(what).isEqualTo("application/problem+json");
            conforms(what, "/components/schemas/Problem", response.body());
            return;
        }
        var content = operation.path("responses").path(known).path("content");
        if (content.isMissingNode()) {
            assertThat(response.body()).as(what).isEmpty();
            return;
        }
        assertThat(content.has(type)).as("%s as %s is described", what, type).isTrue();
        if (content.path(type).has("schema")) {
            conforms(what, at + known + "/content/" + escaped(type) + "/schema", response.body());
        }
        var sent = response.request().headers().firstValue("Content-Type").orElse("");
        if (body.length > 0
                && sent.startsWith(Reply.JSON)
                && response.statusCode() < 300
                && operation.path("requestBody").path("content").has(Reply.JSON)) {
            conforms(
                    "body of " + what,
                    "/paths/" + escaped(template) + "/" + method.toLowerCase(Locale.ROOT)
                            + "/requestBody/content/application~1json/schema",
                    body);
        }
    }

    /** The path as the document writes it, or empty. */
    private String template(String path) {
        var templates = new TreeSet<String>();
        document.path("paths").fieldNames().forEachRemaining(templates::add);
        return templates.contains(path)
                ? path
                : templates.stream()
                        .filter(template -> Pattern.matches(
                                Pattern.quote(template).replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q"), path))
                        .findFirst()
                        .orElse("");
    }

    private void conforms(String what, String pointer, byte[] body) throws IOException {
        var schema = compiled.computeIfAbsent(pointer, this::compile);
        var messages = schema.validate(JSON.readTree(body));
        assertThat(messages)
                .as("%s: %s", what, new String(body, StandardCharsets.UTF_8))
                .isEmpty();
    }

    private JsonSchema compile(String pointer) {
        return schemas.getSchema(
                SchemaLocation.of(BASE + "#" + pointer),
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
