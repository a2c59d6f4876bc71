package dev.gatepost.hubspot;

import static dev.gatepost.hubspot.HubSpotTestbed.finding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Listing.Listed;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.Reply;
import dev.gatepost.connector.Selection;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.hubspot.sandbox.Fault;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import dev.gatepost.hubspot.sandbox.SandboxStep;
import dev.gatepost.verify.Evidence.CrmSaid;
import dev.gatepost.verify.Evidence.CrmSaid.CrmMeaning;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replies to workflow steps, members of lists and an admin's own property, against the sandbox. */
class HubSpotSeamTest {
    private final SandboxHubSpot hubSpot = SandboxHubSpot.start();

    @AfterEach
    void stop() {
        hubSpot.close();
    }

    private Connector connector(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(
                Map.of("api", hubSpot.baseUrl(), "token", hubSpot.app().token()));
        settings.putAll(more);
        var portal = Long.toString(hubSpot.app().portalId());
        var account = HubSpotTestbed.account(settings);
        return new HubSpotPlugin()
                .connect(
                        new Account("con_1", portal, account.hookKey(), account.settings()),
                        new ConnectorTools(HubSpotTestbed.http(), InstantSource.system(), () -> 0, "gatepost_"));
    }

    private static Reply found(String callback) {
        return new Reply(callback, new Reply.Outcome.Found(finding("904", "a@example.org")));
    }

    @Test
    void bringsHubSpotsOwnSignalsAlong() {
        var id = hubSpot.createContact(
                "ada@example.com",
                Map.of(
                        "hs_email_hard_bounce_reason_enum", "UNKNOWN_USER",
                        "hs_email_bounce", "2",
                        "hs_email_quarantined", "false",
                        "hs_email_optout", "true"));
        var quiet = hubSpot.createContact("bob@example.com", Map.of("hs_email_hard_bounce_reason_enum", "SPAM"));

        var found = (Contacts.Found) connector(Map.of()).contacts(Urgency.REAL_TIME, List.of(id, quiet));

        assertThat(found.contacts().getFirst().signals())
                .containsExactly(
                        new CrmSaid("hs_email_bounce", "2", CrmMeaning.NOTED),
                        new CrmSaid("hs_email_hard_bounce_reason_enum", "UNKNOWN_USER", CrmMeaning.BOUNCED));
        assertThat(found.contacts().getLast().signals())
                .containsExactly(new CrmSaid("hs_email_hard_bounce_reason_enum", "SPAM", CrmMeaning.NOTED));
    }

    @Test
    void completesManyStepsInOneCall() {
        var callbacks =
                IntStream.range(0, 100).mapToObj(_ -> hubSpot.blockedStep()).toList();

        var outcomes = connector(Map.of())
                .reply(callbacks.stream().map(HubSpotSeamTest::found).toList());

        assertThat(outcomes).hasSize(100).containsOnly(new WriteBack.Written());
        assertThat(hubSpot.calls()).containsEntry("POST callbacks", 1);
        assertThat(callbacks)
                .allSatisfy(id ->
                        assertThat(hubSpot.step(id).map(SandboxStep::state)).contains("SUCCESS"));
        assertThat(hubSpot.step(callbacks.getFirst()).orElseThrow().outputs()).containsEntry("status", "valid");
    }

    @Test
    void tellsAStepWhyNothingWasFoundOut() {
        var callback = hubSpot.blockedStep();

        connector(Map.of()).reply(List.of(new Reply(callback, new Reply.Outcome.Failed("no_credits"))));

        var step = hubSpot.step(callback).orElseThrow();
        assertThat(step.state()).isEqualTo("FAIL_CONTINUE");
        assertThat(step.outputs()).containsEntry("errorCode", "NO_CREDITS");
    }

    @Test
    void dropsACallbackThatExpiredAndCompletesTheOthers() {
        var callbacks = new ArrayList<>(
                IntStream.range(0, 20).mapToObj(_ -> hubSpot.blockedStep()).toList());
        callbacks.add(7, "ap-expired");

        var outcomes = connector(Map.of())
                .reply(callbacks.stream().map(HubSpotSeamTest::found).toList());

        assertThat(outcomes.get(7)).isEqualTo(new WriteBack.Skipped("callback_gone"));
        assertThat(outcomes).filteredOn(new WriteBack.Written()::equals).hasSize(20);
        assertThat(hubSpot.calls().get("POST callbacks")).isLessThanOrEqualTo(11);
    }

    @Test
    void keepsRepliesForLaterWhileHubSpotIsDown() {
        hubSpot.fail(Fault.BAD_GATEWAY, 1);
        var outcomes = connector(Map.of()).reply(List.of(found(hubSpot.blockedStep())));
        assertThat(outcomes.getFirst()).isInstanceOf(WriteBack.RetryLater.class);
    }

    @Test
    void listsTheMembersOfAListPageByPage() {
        var ids = IntStream.range(0, 230)
                .mapToObj(i -> hubSpot.createContact("m" + i + "@example.com", Map.of()))
                .toList();
        var noEmail = hubSpot.createContact("", Map.of());
        var all = new ArrayList<>(ids.subList(0, 210));
        all.add(noEmail);
        var list = hubSpot.createList(all);
        var connector = connector(Map.of());

        var seen = new ArrayList<String>();
        var cursor = "";
        Listing page;
        do {
            page = connector.list(new Selection.Members(list), cursor, 500);
            if (page instanceof Listing.Page(var contacts, var next)) {
                contacts.stream().map(Listed::id).forEach(seen::add);
                cursor = next;
            }
        } while (page instanceof Listing.Page);
        ((Listing.Last) page).contacts().stream().map(Listed::id).forEach(seen::add);

        assertThat(seen).containsExactlyInAnyOrderElementsOf(ids.subList(0, 210));
        assertThat(connector.count(new Selection.Members(list))).isEqualTo(new Counted.Contacts(211));
    }

    @Test
    void saysWhenThereIsNoSuchListOrNoPermissionForIt() {
        var connector = connector(Map.of());
        assertThat(connector.list(new Selection.Members("99"), "", 100)).isInstanceOf(Listing.Impossible.class);
        assertThat(connector.list(new Selection.Members("../1"), "", 100)).isInstanceOf(Listing.Impossible.class);
        hubSpot.fail(Fault.MISSING_SCOPES, 1);
        var refused = connector.list(new Selection.Members("1"), "", 100);
        assertThat(((Listing.Impossible) refused).why()).contains("crm.lists.read");
    }

    @Test
    void writesTheLabelIntoAPropertyTheAdminHas() {
        hubSpot.createProperty("mail_quality", "enumeration", List.of("Good", "role", "Bad"));
        var connector = connector(Map.of(
                "label-property",
                "mail_quality",
                "label-values",
                "valid=Good, invalid=Bad, disposable=Bad, risky=, free=Good, unknown="));
        assertThat(connector.install()).isInstanceOf(Installed.Ready.class);
        var id = hubSpot.createContact("ada@example.com", Map.of());

        assertThat(connector.writeBack(Urgency.REAL_TIME, List.of(finding(id, "ada@example.com"))))
                .containsExactly(new WriteBack.Written());

        assertThat(hubSpot.contact(id).orElseThrow().properties()).containsEntry("mail_quality", "role");
    }

    @Test
    void saysWhichOptionsTheAdminsPropertyLacks() {
        hubSpot.createProperty("mail_quality", "enumeration", List.of("valid", "invalid"));
        var clash = (Installed.Clash)
                connector(Map.of("label-property", "mail_quality")).install();
        assertThat(clash.what()).contains("mail_quality", "has no option disposable, free, risky, role, unknown");
        assertThat(clash.mend()).contains("label-values");
    }

    @Test
    void saysThatAPropertyOfAnotherTypeHoldsNoLabel() {
        hubSpot.createProperty("mail_number", "number", List.of());
        var clash = (Installed.Clash)
                connector(Map.of("label-property", "mail_number")).install();
        assertThat(clash.what()).contains("type number");
    }

    @Test
    void saysThatThePortalHasNoSuchProperty() {
        var clash =
                (Installed.Clash) connector(Map.of("label-property", "nowhere")).install();
        assertThat(clash.what()).contains("no contact property nowhere");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "label-property ; hs_email_optout ; HubSpot's own",
                "label-property ; email ; the address itself",
                "label-property ; my_opt_out ; consent",
                "label-values ; good=valid ; the label stands left",
                "calls-per-10s ; 5 ; too few to work",
                "calls-per-10s ; 1000 ; more than any plan has"
            })
    void refusesSettingsItMustNotUse(String name, String value, String why) {
        var settings =
                name.equals("label-values") ? Map.of("label-property", "mine", name, value) : Map.of(name, value);
        assertThatIllegalArgumentException()
                .as(why)
                .isThrownBy(() -> connector(settings))
                .withMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({"LOCKED", "MIGRATING", "CONFLICT", "DAILY", "BURST"})
    void comesAgainLaterWhenHubSpotSaysSo(Fault fault) {
        var id = hubSpot.createContact("ada@example.com", Map.of());
        var connector = connector(Map.of());
        connector.install();
        hubSpot.failUpdates(fault, 1);
        var outcome = connector
                .writeBack(Urgency.REAL_TIME, List.of(finding(id, "ada@example.com")))
                .getFirst();
        assertThat(outcome).isInstanceOf(WriteBack.RetryLater.class);
    }

    @Test
    void givesUpAWriteThatAnAdminsRuleForbidsAndSaysWhy() {
        var id = hubSpot.createContact("ada@example.com", Map.of());
        var connector = connector(Map.of());
        connector.install();
        hubSpot.failUpdates(Fault.RULE_BROKEN, 1);
        var outcome = (WriteBack.GaveUp) connector
                .writeBack(Urgency.REAL_TIME, List.of(finding(id, "ada@example.com")))
                .getFirst();
        assertThat(outcome.why()).contains("VALIDATION_ERROR", "lifecycle_reason is required");
    }

    @Test
    void namesTheScopesThatAreMissing() {
        var id = hubSpot.createContact("ada@example.com", Map.of());
        var connector = connector(Map.of());
        connector.install();
        hubSpot.failUpdates(Fault.MISSING_SCOPES, 1);
        var outcome = (WriteBack.Refused) connector
                .writeBack(Urgency.REAL_TIME, List.of(finding(id, "ada@example.com")))
                .getFirst();
        assertThat(outcome.refusal()).isEqualTo(Refusal.MISSING_SCOPE);
        assertThat(outcome.why()).contains("crm.objects.contacts.write");
    }

    @Test
    void namesEachScopeThatAStaticTokenLacks() {
        var connector = connector(Map.of());
        connector.install();
        hubSpot.lackScopes(
                Set.of("crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.contacts.write"));

        assertThat(((Checkup.Seen) connector.check()).missing())
                .containsExactly(
                        "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.contacts.write");

        hubSpot.lackScopes(Set.of());
        assertThat(((Checkup.Seen) connector.check()).missing()).isEmpty();
    }

    @Test
    void namesTheScopeThatStepsOfWorkflowsTakeAndTouchesNoStep() {
        var connector = connector(Map.of());
        connector.install();
        var step = hubSpot.blockedStep();
        hubSpot.lackScopes(Set.of("automation"));
        assertThat(((Checkup.Seen) connector.check()).missing()).containsExactly("automation");

        hubSpot.lackScopes(Set.of());
        assertThat(((Checkup.Seen) connector.check()).missing()).isEmpty();
        assertThat(hubSpot.step(step).orElseThrow().state()).isEqualTo("BLOCK");
    }

    @Test
    void namesEveryScopeWhenATokenLacksAll() {
        var connector = connector(Map.of());
        connector.install();
        hubSpot.lackScopes(Set.of(
                "crm.objects.contacts.read",
                "crm.objects.contacts.write",
                "crm.schemas.contacts.read",
                "crm.schemas.contacts.write"));
        assertThat(((Checkup.Seen) connector.check()).missing())
                .as("whether groups may be made cannot be asked without reading them")
                .containsExactly(
                        "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.contacts.read");
    }

    @Test
    void asksNoServiceKeyForTheScopeOfSteps() {
        var connector = connector(Map.of(HubSpotPlugin.CLIENT_SECRET, ""));
        connector.install();
        hubSpot.lackScopes(Set.of("automation"));
        assertThat(((Checkup.Seen) connector.check()).missing()).isEmpty();
    }

    @Test
    void asksByErrorsOnceAnHourWhileAllScopesAreThere() {
        var connector = connector(Map.of());
        connector.install();
        connector.check();
        int errors = errors();
        for (int i = 0; i < 5; i++) {
            assertThat(((Checkup.Seen) connector.check()).missing()).isEmpty();
        }
        assertThat(errors()).isEqualTo(errors);
    }

    private int errors() {
        return hubSpot.answers().entrySet().stream()
                .filter(answer -> answer.getKey() >= 400)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    @Test
    void doesNotConnectWithAStaticTokenThatMayNotWriteContacts() {
        hubSpot.lackScopes(Set.of("crm.objects.contacts.write"));

        var refused = (Installed.Refused) connector(Map.of()).install();

        assertThat(refused.refusal()).isEqualTo(Refusal.MISSING_SCOPE);
        assertThat(refused.why()).contains("needed: crm.objects.contacts.write. Give them to the app");
    }
}
