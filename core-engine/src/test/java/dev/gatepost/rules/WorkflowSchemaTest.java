package dev.gatepost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.gatepost.smtp.ProviderTable;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published JSON Schema says what the reader does. */
class WorkflowSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(WorkflowJson.schema());

    @Test
    void isItselfAnOrdinarySchema() throws JsonProcessingException {
        var meta = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(SchemaLocation.of(VersionFlag.V202012.getId()));

        assertThat(meta.validate(JSON.readTree(WorkflowJson.schema()))).isEmpty();
    }

    @Test
    void hasTheWordsAndBoundsOfTheReader() throws JsonProcessingException {
        var conditions = JSON.readTree(WorkflowJson.schema()).at("/$defs/condition/oneOf");

        assertThat(words(of(conditions, "status_in").at("/items/enum")))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Status.values()).map(Status::word).toList());
        assertThat(words(of(conditions, "trait").at("/enum")))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Trait.values()).map(Trait::word).toList());
        assertThat(words(of(conditions, "reason_in").at("/items/enum")))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Reason.values()).map(Reason::code).toList());
        assertThat(words(of(conditions, "provider_in").at("/items/enum")))
                .containsExactlyInAnyOrderElementsOf(ProviderTable.names());
        assertThat(of(conditions, "domain_in").path("maxItems").asInt()).isEqualTo(RuleLimits.LIST_ENTRIES_MAX);
        var top = JSON.readTree(WorkflowJson.schema()).path("properties");
        assertThat(top.at("/rules/maxItems").asInt()).isEqualTo(RuleLimits.RULES_MAX);
        assertThat(top.at("/name/maxLength").asInt()).isEqualTo(RuleLimits.NAME_CHARS_MAX);
        assertThat(top.at("/default_message/maxLength").asInt()).isEqualTo(RuleLimits.MESSAGE_CHARS_MAX);
    }

    @ParameterizedTest
    @MethodSource("dev.gatepost.rules.ReadyMade#all")
    void describesTheReadyMadeWorkflows(Workflow readyMade) throws JsonProcessingException {
        assertThat(SCHEMA.validate(JSON.readTree(WorkflowJson.write(readyMade))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {20261125, 4})
    void takesWhatTheReaderTakesAndRefusesWhatItRefuses(long seed) throws JsonProcessingException {
        var rules = new RandomRules(seed);
        var random = new Random(seed);
        var refused = 0;
        for (int run = 0; run < 1_500; run++) {
            var tree = JSON.readTree(WorkflowJson.write(rules.sound()));
            assertThat(SCHEMA.validate(tree))
                    .as("seed %d run %d: %s", seed, run, tree)
                    .isEmpty();
            var spoilt = (ObjectNode) tree.deepCopy();
            spoil(spoilt, random);
            var takes = WorkflowJson.read(spoilt.toString()) instanceof Reading.Good;
            assertThat(SCHEMA.validate(spoilt).isEmpty())
                    .as("seed %d run %d: %s, reader says %s", seed, run, spoilt, WorkflowJson.read(spoilt.toString()))
                    .isEqualTo(takes);
            refused += takes ? 0 : 1;
        }

        assertThat(refused).isGreaterThan(500);
    }

    /** One change at one place: a key more or less, or a value of another kind. */
    private static void spoil(ObjectNode workflow, Random random) {
        var objects = new ArrayList<ObjectNode>();
        collect(workflow, objects);
        var object = objects.get(random.nextInt(objects.size()));
        var keys = new ArrayList<String>();
        object.fieldNames().forEachRemaining(keys::add);
        var key = keys.get(random.nextInt(keys.size()));
        switch (random.nextInt(7)) {
            case 0 -> object.remove(key);
            case 1 -> object.put("extra", true);
            case 2 -> object.put(key, 0);
            case 3 -> object.put(key, "nonsense\n");
            case 4 -> object.putArray(key);
            case 5 -> object.putNull(key);
            default -> object.putObject(key);
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
            object.forEach(each -> collect(each, objects));
        } else if (node instanceof ArrayNode array) {
            array.forEach(each -> collect(each, objects));
        }
    }

    private static JsonNode of(JsonNode conditions, String key) {
        return StreamSupport.stream(conditions.spliterator(), false)
                .map(each -> each.path("properties").path(key))
                .filter(each -> !each.isMissingNode())
                .findFirst()
                .orElseThrow();
    }

    private static List<String> words(JsonNode array) {
        return Stream.of(array)
                .flatMap(each -> StreamSupport.stream(each.spliterator(), false))
                .map(JsonNode::asText)
                .toList();
    }
}
