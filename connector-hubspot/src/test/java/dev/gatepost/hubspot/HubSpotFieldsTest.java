package dev.gatepost.hubspot;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.hubspot.HubSpotFields.Field;
import dev.gatepost.hubspot.HubSpotFields.Option;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HubSpotFieldsTest {
    private static final Set<String> PAIRS =
            Set.of("enumeration/select", "number/number", "string/text", "datetime/date", "bool/booleancheckbox");

    private final HubSpotFields fields = new HubSpotFields("gatepost_", HubSpotMapping.NONE);

    @Test
    void hasTheFieldsOfTheProduct() {
        assertThat(fields.fields())
                .extracting(Field::name)
                .containsExactly(
                        "gatepost_label",
                        "gatepost_status",
                        "gatepost_score",
                        "gatepost_reason",
                        "gatepost_decision",
                        "gatepost_disposable",
                        "gatepost_free",
                        "gatepost_role",
                        "gatepost_suggestion",
                        "gatepost_checked_email",
                        "gatepost_checked_at");
    }

    @Test
    void offersTheSevenWordsAndTheFourAndTheThree() {
        assertThat(options("gatepost_label"))
                .containsExactly("valid", "risky", "disposable", "free", "role", "invalid", "unknown");
        assertThat(options("gatepost_status")).containsExactly("valid", "risky", "invalid", "unknown");
        assertThat(options("gatepost_decision")).containsExactly("accept", "flag", "reject");
    }

    @Test
    void definesEachAsHubSpotWantsIt() {
        assertThat(fields.fields()).allSatisfy(field -> {
            var json = field.json();
            assertThat(PAIRS).contains(field.type() + "/" + field.fieldType());
            assertThat(json.path("label").asText()).isNotBlank();
            assertThat(json.path("description").asText()).isNotBlank();
            assertThat(json.path("groupName").asText()).isEqualTo("email_verification");
            assertThat(json.path("options").valueStream())
                    .allMatch(option -> option.has("label")
                            && option.has("value")
                            && option.has("displayOrder")
                            && option.has("hidden"));
        });
    }

    @Test
    void writesAllValuesAsText() {
        var values = fields.values(HubSpotTestbed.finding("1", "Info@Example.com"));
        assertThat(values.properties())
                .hasSize(11)
                .allMatch(value -> value.getValue().isTextual());
        assertThat(values)
                .hasToString("{\"gatepost_label\":\"role\",\"gatepost_status\":\"valid\",\"gatepost_score\":\"80\","
                        + "\"gatepost_reason\":\"accepted\",\"gatepost_decision\":\"flag\","
                        + "\"gatepost_disposable\":\"false\",\"gatepost_free\":\"false\",\"gatepost_role\":\"true\","
                        + "\"gatepost_suggestion\":\"\",\"gatepost_checked_email\":\"Info@Example.com\","
                        + "\"gatepost_checked_at\":\"2026-11-02T09:29:59.123Z\"}");
    }

    @Test
    void writesOnlyFieldsItDefines() {
        var names = fields.fields().stream().map(Field::name).toList();
        JsonNode values = fields.values(HubSpotTestbed.finding("1", "a@example.com"));
        assertThat(values.properties()).allMatch(value -> names.contains(value.getKey()));
    }

    private Set<String> options(String name) {
        return fields.fields().stream()
                .filter(field -> field.name().equals(name))
                .flatMap(field -> field.options().stream())
                .map(Option::value)
                .collect(toCollection(LinkedHashSet::new));
    }
}
