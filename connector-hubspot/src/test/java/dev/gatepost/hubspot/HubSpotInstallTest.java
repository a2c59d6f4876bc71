package dev.gatepost.hubspot;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static dev.gatepost.hubspot.HubSpotTestbed.connector;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Installed.Clash;
import dev.gatepost.connector.Installed.Ready;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HubSpotInstallTest {
    private static final String DETAILS = "/account-info/2026-09/details";
    private static final String PROPERTIES = "/crm/properties/2026-09/contacts";
    private static final String GROUPS = "/crm/properties/2026-09/contacts/groups";

    @RegisterExtension
    static final WireMockExtension CRM = WireMockExtension.newInstance().build();

    private final SandboxHubSpot sandbox = SandboxHubSpot.start();

    @AfterEach
    void close() {
        sandbox.close();
    }

    /** The connection does not know its portal before the first installation. */
    private Installed installInSandbox(String version) {
        var account = new Account(
                "con_1",
                "",
                "1160452",
                Map.of(
                        HubSpotPlugin.API, sandbox.baseUrl(),
                        HubSpotPlugin.TOKEN, sandbox.app().token(),
                        HubSpotPlugin.API_VERSION, version));
        return new HubSpotPlugin()
                .connect(account, HubSpotTestbed.tools(HubSpotTestbed.http()))
                .install();
    }

    private static ObjectNode field(Map<String, ObjectNode> all, String name) {
        return Objects.requireNonNull(all.get(name), name);
    }

    /** A portal that has all our fields, some of them changed. */
    private void portalWith(Consumer<Map<String, ObjectNode>> change) {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        new HubSpotFields("gatepost_", HubSpotMapping.NONE)
                .fields()
                .forEach(field -> all.put(field.name(), field.json()));
        change.accept(all);
        var listing = CrmJson.object();
        listing.putArray("results").addAll(all.values());
        CRM.stubFor(any(anyUrl()).willReturn(status(500)));
        CRM.stubFor(get(DETAILS).willReturn(okJson("{\"portalId\":62515,\"timeZone\":\"US/Eastern\"}")));
        CRM.stubFor(get(PROPERTIES).willReturn(okJson(listing.toString())));
        CRM.stubFor(get(GROUPS).willReturn(okJson("{\"results\":[{\"name\":\"email_verification\"}]}")));
    }

    @Test
    void createsTheGroupAndAllFields() {
        assertThat(installInSandbox("2026-09")).isInstanceOfSatisfying(Ready.class, ready -> {
            assertThat(ready.account()).isEqualTo("102670506");
            assertThat(ready.done()).hasSize(12).contains("created the field gatepost_label");
        });
        assertThat(sandbox.calls()).containsEntry("POST properties", 11).containsEntry("POST properties/groups", 1);
    }

    @Test
    void createsNothingTheSecondTime() {
        installInSandbox("");
        assertThat(installInSandbox("2026-03"))
                .isInstanceOfSatisfying(
                        Ready.class, ready -> assertThat(ready.done()).isEmpty());
        assertThat(sandbox.calls()).containsEntry("POST properties", 11).containsEntry("POST properties/groups", 1);
    }

    @Test
    void createsAgainJustWhatAnAdminDeleted() {
        installInSandbox("");
        sandbox.deleteProperty("gatepost_reason");
        assertThat(installInSandbox(""))
                .isInstanceOfSatisfying(
                        Ready.class,
                        ready -> assertThat(ready.done()).containsExactly("created the field gatepost_reason"));
    }

    @Test
    void addsMissingOptionsAndKeepsTheAdminsOwn() {
        portalWith(all -> {
            var options = field(all, "gatepost_label").putArray("options");
            options.addObject()
                    .put("label", "Golden")
                    .put("value", "golden")
                    .put("displayOrder", 0)
                    .put("hidden", false);
            options.addObject()
                    .put("label", "Good")
                    .put("value", "valid")
                    .put("displayOrder", 1)
                    .put("hidden", true);
        });
        CRM.stubFor(patch(urlEqualTo(PROPERTIES + "/gatepost_label")).willReturn(okJson("{}")));
        assertThat(connector(CRM.baseUrl()).install()).isInstanceOf(Ready.class);
        CRM.verify(
                1, patchRequestedFor(urlEqualTo(PROPERTIES + "/gatepost_label")).withRequestBody(equalToJson("""
                        {"options":[
                         {"label":"Golden","value":"golden","displayOrder":0,"hidden":false},
                         {"label":"Good","value":"valid","displayOrder":1,"hidden":true},
                         {"label":"Risky","value":"risky","displayOrder":2,"hidden":false},
                         {"label":"Disposable","value":"disposable","displayOrder":3,"hidden":false},
                         {"label":"Free provider","value":"free","displayOrder":4,"hidden":false},
                         {"label":"Role address","value":"role","displayOrder":5,"hidden":false},
                         {"label":"Invalid","value":"invalid","displayOrder":6,"hidden":false},
                         {"label":"Unknown","value":"unknown","displayOrder":7,"hidden":false}]}""")));
    }

    @Test
    void stopsAtAPropertyOfAnotherTypeBeforeItCreatesAnything() {
        portalWith(all -> {
            field(all, "gatepost_score").put("type", "string");
            all.remove("gatepost_label");
        });
        assertThat(connector(CRM.baseUrl()).install()).isInstanceOfSatisfying(Clash.class, clash -> {
            assertThat(clash.what()).contains("gatepost_score", "string", "number");
            assertThat(clash.mend()).isNotBlank();
        });
        CRM.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void stopsAtAPropertyThatCannotBeWritten() {
        portalWith(all ->
                field(all, "gatepost_score").putObject("modificationMetadata").put("readOnlyValue", true));
        assertThat(connector(CRM.baseUrl()).install())
                .isInstanceOfSatisfying(
                        Clash.class, clash -> assertThat(clash.what()).contains("gatepost_score"));
    }

    @Test
    void takesAnotherWayOfDrawingAFieldAsItIs() {
        portalWith(all -> field(all, "gatepost_status").put("fieldType", "radio"));
        assertThat(connector(CRM.baseUrl()).install()).isInstanceOf(Ready.class);
    }

    /** Two nodes install at once: what one creates, the other is told to be there already. */
    @Test
    void takesAFieldAsPresentThatSomebodyElseCreatedInBetween() {
        portalWith(_ -> {});
        var listing = CrmJson.object();
        listing.putArray("results");
        CRM.stubFor(get(PROPERTIES)
                .inScenario("race")
                .whenScenarioStateIs("Started")
                .willReturn(okJson(listing.toString()))
                .willSetStateTo("theirs"));
        CRM.stubFor(post(PROPERTIES)
                .willReturn(status(409)
                        .withBody("{\"status\":\"error\",\"category\":\"CONFLICT\",\"message\":\"exists\"}")));
        portalListingInState("theirs");
        assertThat(connector(CRM.baseUrl()).install()).isInstanceOf(Ready.class);
    }

    private void portalListingInState(String state) {
        var listing = CrmJson.object();
        var results = listing.putArray("results");
        new HubSpotFields("gatepost_", HubSpotMapping.NONE).fields().forEach(field -> results.add(field.json()));
        CRM.stubFor(
                get(PROPERTIES).inScenario("race").whenScenarioStateIs(state).willReturn(okJson(listing.toString())));
    }

    @Test
    void saysSoWhenANameIsTakenByAnArchivedProperty() {
        portalWith(all -> all.remove("gatepost_role"));
        CRM.stubFor(post(PROPERTIES).willReturn(status(409)));
        assertThat(connector(CRM.baseUrl()).install()).isInstanceOfSatisfying(Clash.class, clash -> {
            assertThat(clash.what()).contains("gatepost_role");
            assertThat(clash.mend()).contains("archived");
        });
    }

    @Test
    void asksForEachFieldByNameWhenThePortalHasTooManyProperties() {
        portalWith(_ -> {});
        CRM.stubFor(get(PROPERTIES).willReturn(okJson("{\"results\":[],\"x\":\"" + "y".repeat(1024 * 1024) + "\"}")));
        new HubSpotFields("gatepost_", HubSpotMapping.NONE)
                .fields()
                .forEach(field -> CRM.stubFor(get(PROPERTIES + "/" + field.name())
                        .willReturn(okJson(field.json().toString()))));
        CRM.stubFor(get(PROPERTIES + "/gatepost_free").willReturn(status(404)));
        CRM.stubFor(post(PROPERTIES).willReturn(status(201).withBody("{}")));
        assertThat(connector(CRM.baseUrl()).install())
                .isInstanceOfSatisfying(
                        Ready.class,
                        ready -> assertThat(ready.done()).containsExactly("created the field gatepost_free"));
    }

    @Test
    void refusesATokenOfAnotherPortal() {
        portalWith(_ -> {});
        CRM.stubFor(get(DETAILS).willReturn(okJson("{\"portalId\":4711}")));
        assertThat(connector(CRM.baseUrl()).install())
                .isInstanceOfSatisfying(
                        Clash.class, clash -> assertThat(clash.what()).contains("4711", "62515"));
    }

    @Test
    void callsANotAllowedDestinationByItsName() {
        var barred = connector(CRM.baseUrl(), HubSpotTestbed.http(""));
        assertThat(barred.install())
                .isInstanceOfSatisfying(
                        Clash.class, clash -> assertThat(clash.what()).contains("egress"));
    }
}
