package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.connector.AppFolder;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.hubspot.HubSpotFields.Option;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The HubSpot project that an admin uploads with HubSpot's own command line: the app, its webhooks, its workflow step. What
 * depends on the installation stands in the profile, and {@code ${…}} stands for it elsewhere. Pure.
 *
 * <p>HubSpot developer documentation, "App configuration", "Configure webhooks", "Define a custom workflow action" and
 * "Build with config profiles", for platform version 2026.09.
 */
final class HubSpotProject {
    static final String PLATFORM = "2026.09";
    /** For one portal: a token that does not expire. */
    static final String STATIC = "static";
    /** For many portals. */
    static final String OAUTH = "oauth";
    /** The path parameter of our routes in a project that was not changed; the same for all its portals. */
    static final String HOOK_KEY = "gatepost";

    private static final String ROUTES = "${publicUrl}/hooks/hubspot/${hookKey}";
    /** In-flight deliveries for each portal; HubSpot's default. */
    private static final int CONCURRENT_MAX = 10;

    private HubSpotProject() {}

    /** All files, by path below the project's folder. */
    static Map<String, String> files(AppFolder.Order order) {
        Map<String, JsonNode> files = new LinkedHashMap<>();
        files.put(
                "hsproject.json",
                CrmJson.object().put("name", "gatepost").put("srcDir", "src").put("platformVersion", PLATFORM));
        files.put("src/hsprofile.prod.json", profile(order.publicUrl()));
        files.put("src/app/app-hsmeta.json", app(order.kind()));
        files.put("src/app/webhooks/webhooks-hsmeta.json", webhooks());
        files.put("src/app/workflow-actions/verify-email-hsmeta.json", step());
        Map<String, String> texts = new LinkedHashMap<>();
        files.forEach((path, json) -> texts.put(path, json.toPrettyString() + "\n"));
        return texts;
    }

    /** What the admin does next. */
    static List<String> next(AppFolder.Order order, String folder) {
        var token = order.kind().equals(OAUTH)
                ? "gatepost serve, then Connections, HubSpot, Connect (or connect hubspot --client-id C --refresh-token-file F)"
                : "gatepost connect hubspot --hook-key " + HOOK_KEY
                        + " --app-id A --client-secret-file secret.txt --token-file token.txt";
        return List.of(
                "In " + folder
                        + "/src/hsprofile.prod.json put the number of your HubSpot account and an address for support.",
                "hs account auth",
                "cd " + folder + " && hs project upload --profile prod",
                "Install the app; from its Auth tab copy the secrets into files, then: " + token);
    }

    private static ObjectNode profile(String publicUrl) {
        var profile = CrmJson.object().put("accountId", 123456);
        profile.putObject("variables")
                .put("publicUrl", publicUrl)
                .put("hookKey", HOOK_KEY)
                .put("supportEmail", "admin@example.com");
        return profile;
    }

    private static ObjectNode app(String kind) {
        var meta = meta("gatepost_app", "app");
        var config = meta.putObject("config")
                .put("name", "Gatepost email verification")
                .put(
                        "description",
                        "Verifies the email address of each contact and writes what it found to the contact.")
                .put("distribution", "private");
        var auth = config.putObject("auth").put("type", kind);
        if (kind.equals(OAUTH)) {
            auth.putArray("redirectUrls").add("${publicUrl}" + HubSpotConnect.CALLBACK);
        }
        texts(auth.putArray("requiredScopes"), scopes(kind));
        texts(auth.putArray("optionalScopes"), kind.equals(OAUTH) ? HubSpotOAuth.OPTIONAL_SCOPES : List.of());
        auth.putArray("conditionallyRequiredScopes");
        var urls = config.putObject("permittedUrls");
        urls.putArray("fetch").add("https://api.hubapi.com");
        urls.putArray("iframe");
        urls.putArray("img");
        config.putObject("support")
                .put("supportEmail", "${supportEmail}")
                .put("documentationUrl", "${publicUrl}/docs")
                .put("supportUrl", "${publicUrl}");
        return meta;
    }

    /** A static token is no OAuth grant, so that it needs no scope named oauth. */
    private static List<String> scopes(String kind) {
        return kind.equals(OAUTH)
                ? HubSpotOAuth.SCOPES
                : HubSpotOAuth.SCOPES.stream()
                        .filter(scope -> !scope.equals("oauth"))
                        .toList();
    }

    private static ObjectNode webhooks() {
        var meta = meta("gatepost_webhooks", "webhooks");
        var config = meta.putObject("config");
        config.putObject("settings").put("targetUrl", ROUTES).put("maxConcurrentRequests", CONCURRENT_MAX);
        var subscriptions = config.putObject("subscriptions");
        var contacts = subscriptions.putArray("crmObjects");
        for (var type : List.of(
                "object.creation", "object.propertyChange", "object.deletion", "object.restore", "object.merge")) {
            var one = contacts.addObject().put("subscriptionType", type).put("objectType", "contact");
            if (type.equals("object.propertyChange")) {
                one.put("propertyName", "email");
            }
            one.put("active", true);
        }
        subscriptions.putArray("legacyCrmObjects");
        subscriptions
                .putArray("hubEvents")
                .addObject()
                .put("subscriptionType", "contact.privacyDeletion")
                .put("active", true);
        return meta;
    }

    private static ObjectNode step() {
        var meta = meta("gatepost_verify_email", "workflow-action");
        var config = meta.putObject("config")
                .put("actionUrl", ROUTES + "/actions/verify-email")
                .put("isPublished", true);
        config.putArray("supportedClients").addObject().put("client", "WORKFLOWS");
        config.putArray("objectTypes").add("CONTACT");
        inputs(config.putArray("inputFields"));
        outputs(config.putArray("outputFields"));
        labels(config.putObject("labels").putObject("en"));
        rules(config.putArray("executionRules"));
        return meta;
    }

    private static void inputs(ArrayNode inputs) {
        var email = inputs.addObject();
        email.putObject("typeDefinition")
                .put("name", "email")
                .put("type", "string")
                .put("fieldType", "text");
        email.putArray("supportedValueTypes").add("OBJECT_PROPERTY");
        email.put("isRequired", true);
        var workflow = inputs.addObject();
        workflow.putObject("typeDefinition")
                .put("name", "workflow")
                .put("type", "enumeration")
                .put("fieldType", "select")
                .put("optionsUrl", ROUTES + "/actions/verify-email/workflows");
        workflow.putArray("supportedValueTypes").add("STATIC_VALUE");
        workflow.put("isRequired", false);
    }

    private static void outputs(ArrayNode outputs) {
        choice(outputs, "status", HubSpotFields.STATUSES);
        choice(outputs, "label", HubSpotFields.LABELS);
        output(outputs, "score", "number", "number");
        choice(outputs, "decision", HubSpotFields.DECISIONS);
        output(outputs, "reason", "string", "text");
        output(outputs, "suggestion", "string", "text");
        output(outputs, "errorCode", "string", "text");
    }

    private static ObjectNode output(ArrayNode outputs, String name, String type, String fieldType) {
        return outputs.addObject()
                .putObject("typeDefinition")
                .put("name", name)
                .put("type", type)
                .put("fieldType", fieldType);
    }

    private static void choice(ArrayNode outputs, String name, Collection<Option> options) {
        var list = output(outputs, name, "enumeration", "select").putArray("options");
        options.forEach(option -> list.addObject().put("value", option.value()).put("label", option.label()));
    }

    private static void labels(ObjectNode labels) {
        labels.put("actionName", "Verify email")
                .put(
                        "actionDescription",
                        "Finds out whether mail to an address can be delivered, and what your rules say.")
                .put("appDisplayName", "Gatepost")
                .put("actionCardContent", "Verify {{email}}");
        labels.putObject("inputFieldLabels").put("email", "Email address").put("workflow", "Gatepost workflow");
        labels.putObject("inputFieldDescriptions")
                .put("email", "The property with the address to verify.")
                .put("workflow", "Whose rules decide; without one, the connection's own.");
        labels.putObject("outputFieldLabels")
                .put("status", "Email status")
                .put("label", "Email verdict")
                .put("score", "Email score")
                .put("decision", "Email decision")
                .put("reason", "Email reason")
                .put("suggestion", "Email suggestion")
                .put("errorCode", "Why there is no verdict");
        labels.putObject("executionRules")
                .put("noEmail", "The contact has no email address.")
                .put("noCredits", "No credits are left in Gatepost; grant some and enroll the contact again.")
                .put("rejected", "Verified: your rules reject this address.")
                .put("notConnected", "This HubSpot account is not connected to Gatepost.")
                .put("unknownWorkflow", "The Gatepost workflow chosen in this step is gone; choose another.");
    }

    /** The first rule that matches shows its label in the workflow's history. */
    private static void rules(ArrayNode rules) {
        rule(rules, "noEmail", HubSpotOutputs.NO_EMAIL);
        rule(rules, "noCredits", "NO_CREDITS");
        rule(rules, "rejected", HubSpotOutputs.REJECTED);
        rule(rules, "notConnected", HubSpotOutputs.NOT_CONNECTED);
        rule(rules, "unknownWorkflow", HubSpotOutputs.UNKNOWN_WORKFLOW);
    }

    private static void rule(ArrayNode rules, String label, String errorCode) {
        rules.addObject().put("labelName", label).putObject("conditions").put("errorCode", errorCode);
    }

    private static ObjectNode meta(String uid, String type) {
        return CrmJson.object().put("uid", uid).put("type", type);
    }

    private static void texts(ArrayNode list, Collection<String> texts) {
        texts.forEach(list::add);
    }
}
