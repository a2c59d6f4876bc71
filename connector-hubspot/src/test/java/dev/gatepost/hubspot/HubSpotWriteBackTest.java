package dev.gatepost.hubspot;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.lessThan;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static dev.gatepost.hubspot.HubSpotTestbed.connector;
import static dev.gatepost.hubspot.HubSpotTestbed.finding;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Contacts.Contact;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.connector.WriteBack.GaveUp;
import dev.gatepost.connector.WriteBack.RetryLater;
import dev.gatepost.connector.WriteBack.Skipped;
import dev.gatepost.connector.WriteBack.Written;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Partial failures and odd answers, in the exact shapes HubSpot gives them. */
class HubSpotWriteBackTest {
    private static final String READ = "/crm/objects/2026-09/contacts/batch/read";
    private static final String UPDATE = "/crm/objects/2026-09/contacts/batch/update";
    private static final String EMAIL = "ada@example.com";

    @RegisterExtension
    static final WireMockExtension CRM = WireMockExtension.newInstance().build();

    @BeforeEach
    void nothingElseAnswers() {
        CRM.stubFor(any(anyUrl()).willReturn(status(500)));
    }

    private static String result(String id, String email) {
        return "{\"id\":\"" + id + "\",\"properties\":{\"email\":\"" + email
                + "\",\"later\":null},\"createdAt\":\"2026-11-01T00:00:00Z\",\"archived\":false}";
    }

    private static String complete(String... results) {
        return "{\"status\":\"COMPLETE\",\"results\":[" + String.join(",", results) + "],\"startedAt\":\"x\"}";
    }

    private static String partly(String results, String errors) {
        return "{\"status\":\"COMPLETE\",\"results\":[" + results + "],\"numErrors\":1,\"errors\":[" + errors + "]}";
    }

    private static String error(String category, String context) {
        return "{\"status\":\"error\",\"category\":\"" + category + "\",\"message\":\"so\",\"context\":{" + context
                + "}}";
    }

    private void reading(String body) {
        CRM.stubFor(post(READ).willReturn(okJson(body)));
    }

    private void updating(int status, String body) {
        CRM.stubFor(post(UPDATE)
                .willReturn(status(status)
                        .withHeader("Content-Type", "application/json")
                        .withBody(body)));
    }

    private static List<WriteBack> writeBack(Finding... findings) {
        return connector(CRM.baseUrl()).writeBack(Urgency.REAL_TIME, List.of(findings));
    }

    @Test
    void takesIdsThatDoNotComeBackAsGone() {
        reading(partly(result("1", EMAIL), error("OBJECT_NOT_FOUND", "\"ids\":[\"2\"]")));
        assertThat(connector(CRM.baseUrl()).contacts(Urgency.REAL_TIME, List.of("1", "2")))
                .isEqualTo(new Contacts.Found(List.of(new Contact("1", "1", EMAIL))));
    }

    @Test
    void concludesNothingFromAFaultAboutOneId() {
        reading(partly(result("1", EMAIL), error("INTERNAL_ERROR", "\"ids\":[\"2\"]")));
        assertThat(connector(CRM.baseUrl()).contacts(Urgency.REAL_TIME, List.of("1", "2")))
                .isInstanceOf(Contacts.RetryLater.class);
    }

    @Test
    void readsAContactWithoutAnAddress() {
        reading(complete("{\"id\":\"1\",\"properties\":{\"email\":null}}", "{\"id\":\"2\"}"));
        assertThat(connector(CRM.baseUrl()).contacts(Urgency.REAL_TIME, List.of("1", "2")))
                .isEqualTo(new Contacts.Found(List.of(new Contact("1", "1", ""), new Contact("2", "2", ""))));
    }

    @Test
    void knowsAMergedContactByTheOnlyNewId() {
        reading(complete(result("1", EMAIL), result("9", "b@example.com")));
        assertThat(connector(CRM.baseUrl()).contacts(Urgency.REAL_TIME, List.of("1", "2")))
                .isEqualTo(new Contacts.Found(
                        List.of(new Contact("1", "1", EMAIL), new Contact("2", "9", "b@example.com"))));
    }

    @Test
    void asksSinglyWhichOfSeveralContactsWasMerged() {
        reading(complete(result("9", EMAIL)));
        CRM.stubFor(post(READ)
                .withRequestBody(matchingJsonPath("$.inputs[?(@.id == '2')]"))
                .withRequestBody(matchingJsonPath("$.inputs.length()", equalTo("1")))
                .willReturn(okJson(complete())));
        assertThat(connector(CRM.baseUrl()).contacts(Urgency.REAL_TIME, List.of("1", "2")))
                .isEqualTo(new Contacts.Found(List.of(new Contact("1", "9", EMAIL))));
    }

    @Test
    void readsEmptyListWithoutACall() {
        assertThat(connector(CRM.baseUrl()).contacts(Urgency.REAL_TIME, List.of()))
                .isEqualTo(new Contacts.Found(List.of()));
        CRM.verify(0, postRequestedFor(anyUrl()));
    }

    /** Reliability W3. */
    @Test
    void skipsWhoIsGoneAndWhoHasAnotherAddressByNow() {
        reading(complete(result("1", EMAIL), result("3", "new@example.com")));
        updating(200, complete(result("1", EMAIL)));
        assertThat(writeBack(finding("2", EMAIL), finding("1", " ADA@example.com "), finding("3", EMAIL)))
                .containsExactly(new Skipped("target_gone"), new Written(), new Skipped("address_changed"));
        CRM.verify(1, postRequestedFor(urlEqualTo(UPDATE)).withRequestBody(matchingJsonPath("$.inputs[0].id")));
    }

    @Test
    void writesNothingWhenAllAreSkipped() {
        reading(complete());
        assertThat(writeBack(finding("2", EMAIL))).containsExactly(new Skipped("target_gone"));
        CRM.verify(0, postRequestedFor(urlEqualTo(UPDATE)));
    }

    @Test
    void writesToTheRecordAMergeLeftBehind() {
        reading(complete(result("9", EMAIL)));
        updating(200, complete(result("9", EMAIL)));
        assertThat(writeBack(finding("1", EMAIL))).containsExactly(new Written());
        CRM.verify(postRequestedFor(urlEqualTo(UPDATE)).withRequestBody(matchingJsonPath("$.inputs[?(@.id == '9')]")));
    }

    @Test
    void takesADifferentIdInTheAnswerAsWritten() {
        reading(complete(result("1", EMAIL)));
        updating(200, complete(result("9", EMAIL)));
        assertThat(writeBack(finding("1", EMAIL))).containsExactly(new Written());
    }

    @Test
    void matchesFailuresByIdAndByTrace() {
        reading(complete(result("1", EMAIL), result("2", EMAIL), result("3", EMAIL), result("4", EMAIL)));
        updating(
                207,
                partly(
                        result("1", EMAIL),
                        error("OBJECT_NOT_FOUND", "\"ids\":[\"2\"]") + ","
                                + error("VALIDATION_ERROR", "\"objectWriteTraceId\":[\"gatepost-3\"]") + ","
                                + error("CONFLICT", "\"ids\":[\"4\"]")));
        assertThat(writeBack(finding("1", EMAIL), finding("2", EMAIL), finding("3", EMAIL), finding("4", EMAIL)))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(new Written()),
                        second -> assertThat(second).isEqualTo(new Skipped("target_gone")),
                        third -> assertThat(third).isInstanceOf(GaveUp.class),
                        fourth -> assertThat(fourth)
                                .isInstanceOfSatisfying(
                                        RetryLater.class,
                                        later -> assertThat(later.counts()).isEqualTo(Attempt.COUNTED)));
        CRM.verify(1, postRequestedFor(urlEqualTo(UPDATE)));
    }

    @Test
    void takesOneErrorForSeveralIds() {
        reading(complete(result("1", EMAIL), result("2", EMAIL)));
        updating(207, partly("", error("OBJECT_NOT_FOUND", "\"ids\":[\"1\",\"2\"]")));
        assertThat(writeBack(finding("1", EMAIL), finding("2", EMAIL))).containsOnly(new Skipped("target_gone"));
    }

    @Test
    void singlesOutWhomAnErrorWithoutIdsMeans() {
        reading(complete(result("1", EMAIL), result("2", EMAIL)));
        updating(207, partly(result("1", EMAIL), error("VALIDATION_ERROR", "")));
        CRM.stubFor(post(UPDATE)
                .withRequestBody(matchingJsonPath("$.inputs.length()", equalTo("1")))
                .willReturn(status(207).withBody(partly("", error("VALIDATION_ERROR", "")))));
        assertThat(writeBack(finding("1", EMAIL), finding("2", EMAIL)))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(new Written()),
                        second -> assertThat(second).isInstanceOf(GaveUp.class));
    }

    @Test
    void halvesARefusedBatchToFindTheRecordAtFault() {
        var ids = IntStream.rangeClosed(1, 100).mapToObj(Integer::toString).toList();
        reading(complete(ids.stream().map(id -> result(id, EMAIL)).toArray(String[]::new)));
        updating(200, "{\"status\":\"COMPLETE\",\"results\":[]}");
        CRM.stubFor(post(UPDATE)
                .withRequestBody(matchingJsonPath("$.inputs[?(@.id == '37')]"))
                .willReturn(
                        status(400).withBody("{\"category\":\"VALIDATION_ERROR\",\"message\":\"a portal's rule\"}")));
        var outcomes = connector(CRM.baseUrl())
                .writeBack(
                        Urgency.REAL_TIME,
                        ids.stream().map(id -> finding(id, EMAIL)).toList());
        assertThat(outcomes.get(36))
                .isInstanceOfSatisfying(
                        GaveUp.class, gaveUp -> assertThat(gaveUp.why()).contains("a portal's rule"));
        assertThat(outcomes).filteredOn(Written.class::isInstance).hasSize(99);
    }

    @Test
    void triesAgainWhatSomebodyElseWroteToAtTheSameMoment() {
        reading(complete(result("1", EMAIL), result("2", EMAIL)));
        updating(409, "{\"category\":\"CONFLICT\",\"message\":\"so\"}");
        assertThat(writeBack(finding("1", EMAIL), finding("2", EMAIL))).allMatch(RetryLater.class::isInstance);
        CRM.verify(1, postRequestedFor(urlEqualTo(UPDATE)));
    }

    @Test
    void singlesOutARecordThatIsGoneSinceItWasRead() {
        reading(complete(result("1", EMAIL), result("2", EMAIL)));
        updating(404, "{\"category\":\"OBJECT_NOT_FOUND\"}");
        assertThat(writeBack(finding("1", EMAIL), finding("2", EMAIL))).containsOnly(new Skipped("target_gone"));
    }

    @Test
    void concludesNothingFromAGoodStatusWithoutResults() {
        reading("{\"welcome\":\"to the hotel's wireless network\"}");
        assertThat(connector(CRM.baseUrl()).contacts(Urgency.REAL_TIME, List.of("1")))
                .isInstanceOf(Contacts.RetryLater.class);
        reading(complete(result("1", EMAIL)));
        updating(200, "{}");
        assertThat(writeBack(finding("1", EMAIL))).singleElement().isInstanceOf(RetryLater.class);
    }

    @Test
    void boundsTheErrorsForABatchInWhichAllAreBad() {
        var ids = IntStream.rangeClosed(1, 100).mapToObj(Integer::toString).toList();
        reading(complete(ids.stream().map(id -> result(id, EMAIL)).toArray(String[]::new)));
        updating(400, "{\"category\":\"VALIDATION_ERROR\",\"message\":\"a portal's rule\"}");
        var findings = ids.stream().map(id -> finding(id, EMAIL)).toList();
        var connector = connector(CRM.baseUrl());
        var outcomes = connector.writeBack(Urgency.REAL_TIME, findings);
        CRM.verify(lessThan(HubSpotRefusals.QUICK_MAX + 5), postRequestedFor(urlEqualTo(UPDATE)));
        assertThat(outcomes).hasSize(100).allMatch(o -> o instanceof GaveUp || o instanceof RetryLater);
        assertThat(outcomes)
                .filteredOn(GaveUp.class::isInstance)
                .as("each round gets on")
                .isNotEmpty();
        assertThat(outcomes)
                .filteredOn(RetryLater.class::isInstance)
                .allSatisfy(later -> assertThat(((RetryLater) later).why()).contains("a portal's rule"))
                .allMatch(later -> ((RetryLater) later).counts() == Attempt.COUNTED);

        int calls = CRM.getServeEvents().getServeEvents().size();
        assertThat(connector.writeBack(Urgency.REAL_TIME, findings)).allMatch(RetryLater.class::isInstance);
        assertThat(CRM.getServeEvents().getServeEvents())
                .as("such a portal is left alone for a while")
                .hasSize(calls);
    }

    @Test
    void takesOutAtOnceWhomTheRefusalOfABatchNames() {
        reading(complete(result("1", EMAIL), result("2", EMAIL), result("3", EMAIL)));
        updating(200, complete(result("1", EMAIL), result("3", EMAIL)));
        CRM.stubFor(post(UPDATE)
                .withRequestBody(matchingJsonPath("$.inputs[?(@.id == '2')]"))
                .willReturn(status(400)
                        .withBody("{\"category\":\"VALIDATION_ERROR\",\"errors\":[{\"message\":\"so\","
                                + "\"context\":{\"ids\":[\"2\"]}}]}")));
        assertThat(writeBack(finding("1", EMAIL), finding("2", EMAIL), finding("3", EMAIL)))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(new Written()),
                        second -> assertThat(second).isInstanceOf(GaveUp.class),
                        third -> assertThat(third).isEqualTo(new Written()));
        CRM.verify(2, postRequestedFor(urlEqualTo(UPDATE)));
    }

    @Test
    void writesAnAnswerLargerThanTheBoundForOneRecord() {
        reading(complete(result("1", EMAIL)));
        updating(200, complete(result("1", EMAIL).replace("null", "\"" + "x".repeat(100 * 1024) + "\"")));
        assertThat(writeBack(finding("1", EMAIL))).containsExactly(new Written());
    }

    /** Reliability W7. */
    @Test
    void readsNoMoreOfAnAnswerThanItsBound() {
        reading(complete(result("1", EMAIL).replace("null", "\"" + "x".repeat(1024 * 1024) + "\"")));
        assertThat(connector(CRM.baseUrl()).contacts(Urgency.REAL_TIME, List.of("1")))
                .isInstanceOfSatisfying(
                        Contacts.RetryLater.class,
                        later -> assertThat(later.why()).contains("1048576"));
    }

    @Test
    void writesNoFieldThatIsNotOurs() {
        reading(complete(result("1", EMAIL)));
        updating(200, complete(result("1", EMAIL)));
        writeBack(finding("1", EMAIL));
        var body = CRM.findAll(postRequestedFor(urlEqualTo(UPDATE))).getFirst().getBodyAsString();
        var names = CrmJson.read(body.getBytes(UTF_8))
                .orElseThrow()
                .path("inputs")
                .path(0)
                .path("properties")
                .propertyStream()
                .map(Map.Entry::getKey)
                .collect(joining(" "));
        assertThat(names.split(" "))
                .allMatch(name -> name.startsWith("gatepost_"))
                .hasSize(11);
    }
}
