package dev.gatepost.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatepost.api.Route;
import dev.gatepost.docs.Guide.Answer;
import dev.gatepost.docs.Guide.Chapter;
import dev.gatepost.docs.Guide.Content;
import dev.gatepost.docs.Guide.Operation;
import dev.gatepost.docs.Guide.Shape;
import dev.gatepost.docs.Guide.TestAddress;
import dev.gatepost.docs.Guide.Variant;
import dev.gatepost.http.Fault;
import dev.gatepost.intake.TestAddresses;
import dev.gatepost.verify.Trait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Reads the OpenAPI description, and adds from the table of routes who may call what. Pure. */
final class GuideReader {

    private final JsonNode document;
    private final Map<String, Route> routes;
    private final Fields fields;
    private final Samples samples;

    private GuideReader(JsonNode document, List<Route> routes) {
        this.document = document;
        this.routes = routes.stream().collect(Collectors.toMap(Route::name, Function.identity()));
        this.fields = new Fields(document);
        this.samples = new Samples(document);
    }

    /**
     * The guide to these routes.
     *
     * @param openApi the description, as YAML
     */
    static Guide read(String openApi, List<Route> routes) {
        try {
            return new GuideReader(new YAMLMapper().readTree(openApi), routes).guide();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Guide guide() {
        var chapters = new LinkedHashMap<String, List<Operation>>();
        for (var path : document.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                chapters.computeIfAbsent(
                                operation.getValue().path("tags").path(0).asText(), _ -> new ArrayList<>())
                        .add(operation(
                                operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue()));
            }
        }
        return new Guide(
                chapters.entrySet().stream()
                        .map(each -> new Chapter(each.getKey(), anchor("chapter", each.getKey()), each.getValue()))
                        .toList(),
                document.path("components").path("schemas").properties().stream()
                        .map(each -> shape(each.getKey(), each.getValue()))
                        .toList(),
                List.of(Fault.values()),
                TestAddresses.words().stream().map(GuideReader::address).toList());
    }

    private static String anchor(String kind, String name) {
        return kind + "-" + name.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    private Operation operation(String method, String path, JsonNode node) {
        var route = routes.get(method + " " + path);
        if (route == null) {
            throw new IllegalStateException("described, but not mounted: " + method + " " + path);
        }
        var body = content(node.path("requestBody").path("content"));
        var parameters = StreamSupport.stream(node.path("parameters").spliterator(), false)
                .map(fields::resolved)
                .toList();
        return new Operation(
                "operation-" + node.path("operationId").asText(),
                method,
                path,
                node.path("summary").asText(),
                Who.mayCall(route.permit()),
                Curl.of(route, parameters, body),
                parameters.stream().map(fields::parameter).toList(),
                body,
                answers(node.path("responses")),
                Faults.of(route, parameters, node));
    }

    private List<Answer> answers(JsonNode responses) {
        var answers = new ArrayList<Answer>();
        for (var each : responses.properties()) {
            if (!each.getKey().equals("default")) {
                var response = fields.resolved(each.getValue());
                answers.add(new Answer(
                        Integer.parseInt(each.getKey()),
                        response.path("description").asText(),
                        content(response.path("content"))));
            }
        }
        return answers;
    }

    /** The first media type, which is JSON wherever there are two. */
    private Content content(JsonNode contents) {
        if (contents.properties().isEmpty()) {
            return Content.NONE;
        }
        var first = contents.properties().iterator().next();
        var type = contents.properties().stream().map(Map.Entry::getKey).collect(Collectors.joining(", "));
        var schema = first.getValue().path("schema");
        if (schema.isMissingNode()) {
            return new Content(type, "", List.of(), "");
        }
        var example = first.getValue().path("example");
        return new Content(
                type,
                fields.shape(schema),
                schema.has("$ref") ? List.of() : fields.of(schema, ""),
                (example.isMissingNode() ? samples.of(schema) : example).toPrettyString());
    }

    private Shape shape(String name, JsonNode schema) {
        return new Shape(
                name,
                "schema-" + name,
                schema.path("description").asText(),
                schema.has("properties") || schema.has("oneOf") ? "" : fields.type(schema),
                variants(schema));
    }

    private List<Variant> variants(JsonNode schema) {
        if (!schema.has("oneOf")) {
            var all = fields.of(schema, "");
            return all.isEmpty() ? List.of() : List.of(new Variant("", all));
        }
        return StreamSupport.stream(schema.path("oneOf").spliterator(), false)
                .map(each -> new Variant(title(each), fields.of(each, "")))
                .toList();
    }

    /** Its own title, or the value that tells it apart from the others. */
    private static String title(JsonNode variant) {
        if (variant.has("title")) {
            return variant.path("title").asText();
        }
        return variant.path("properties").properties().stream()
                .filter(each -> each.getValue().has("const"))
                .map(each ->
                        each.getKey() + " = " + each.getValue().path("const").asText())
                .collect(Collectors.joining(", "));
    }

    private static TestAddress address(String word) {
        var verdict = TestAddresses.verdict(word);
        return new TestAddress(
                word + "@" + TestAddresses.DOMAIN,
                verdict.status().word(),
                verdict.label().word(),
                verdict.reason().code(),
                Arrays.stream(Trait.values())
                        .filter(verdict::has)
                        .map(Trait::word)
                        .collect(Collectors.joining(", ")));
    }
}
