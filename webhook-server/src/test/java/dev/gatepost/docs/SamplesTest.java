package dev.gatepost.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.gatepost.api.OpenApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every example on the page, given or made up, is one that its schema allows. */
class SamplesTest {

    private static final String BASE = "https://gatepost.example/openapi";

    private record Place(String pointer, JsonNode content) {}

    @Test
    void allExamplesAreAsDescribed() throws Exception {
        var document = new YAMLMapper().readTree(new OpenApi().text());
        var text = document.toString();
        var schemas = JsonSchemaFactory.getInstance(
                VersionFlag.V202012, builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(BASE, text))));
        var config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        var samples = new Samples(document);
        var places = places(document);

        assertThat(places).hasSizeGreaterThan(60);
        for (var place : places) {
            var example = place.content().has("example")
                    ? place.content().path("example")
                    : samples.of(place.content().path("schema"));
            var schema = schemas.getSchema(SchemaLocation.of(BASE + "#" + place.pointer() + "/schema"), config);
            assertThat(schema.validate(example))
                    .as("%s: %s", place.pointer(), example)
                    .isEmpty();
        }
    }

    private static List<Place> places(JsonNode document) {
        var places = new ArrayList<Place>();
        for (var path : document.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                var at = "/paths/" + path.getKey().replace("/", "~1") + "/" + operation.getKey();
                add(places, at + "/requestBody/content", operation.getValue().path("requestBody"));
                for (var answer : operation.getValue().path("responses").properties()) {
                    add(places, at + "/responses/" + answer.getKey() + "/content", answer.getValue());
                }
            }
        }
        return places;
    }

    private static void add(List<Place> places, String at, JsonNode holder) {
        holder.path("content").properties().stream()
                .filter(each -> each.getValue().has("schema") && each.getKey().contains("json"))
                .forEach(each -> places.add(new Place(at + "/" + each.getKey().replace("/", "~1"), each.getValue())));
    }
}
