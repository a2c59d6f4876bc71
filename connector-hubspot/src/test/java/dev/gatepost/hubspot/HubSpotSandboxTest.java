package dev.gatepost.hubspot;

import static dev.gatepost.hubspot.HubSpotTestbed.finding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Contacts.Contact;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.GaveUp;
import dev.gatepost.connector.WriteBack.RetryLater;
import dev.gatepost.connector.WriteBack.Skipped;
import dev.gatepost.connector.WriteBack.Written;
import dev.gatepost.hubspot.sandbox.Fault;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connector against the sandbox: what a portal looks like afterwards. */
class HubSpotSandboxTest {
    private final SandboxHubSpot sandbox = SandboxHubSpot.start();
    private final Connector connector = connector("2026-09");

    @AfterEach
    void close() {
        sandbox.close();
    }

    private Connector connector(String version) {
        var settings = Map.of(
                HubSpotPlugin.API, sandbox.baseUrl(),
                HubSpotPlugin.TOKEN, sandbox.app().token(),
                HubSpotPlugin.API_VERSION, version);
        var account = new Account("con_1", Long.toString(sandbox.app().portalId()), "1160452", settings);
        return new HubSpotPlugin()
                .connect(
                        account,
                        new ConnectorTools(HubSpotTestbed.http(), InstantSource.system(), () -> 0, "gatepost_"));
    }

    private String create(String email) {
        return sandbox.createContact(email, Map.of("firstname", "Ada"));
    }

    private WriteBack write(String id, String email) {
        return connector
                .writeBack(Urgency.REAL_TIME, List.of(finding(id, email)))
                .getFirst();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-09", "2026-03"})
    void writesAFindingToTheContact(String version) {
        var id = create("Info@Example.com");
        var other = connector(version);
        other.install();
        assertThat(other.writeBack(Urgency.REAL_TIME, List.of(finding(id, "Info@Example.com"))))
                .containsExactly(new Written());
        assertThat(sandbox.contact(id).orElseThrow().properties())
                .containsEntry("gatepost_label", "role")
                .containsEntry("gatepost_score", "80")
                .containsEntry("gatepost_role", "true")
                .containsEntry("gatepost_checked_at", "2026-11-02T09:29:59.123Z")
                .containsEntry("firstname", "Ada");
    }

    @Test
    void installsItsFieldsByItselfWhenThePortalHasNone() {
        var id = create("info@example.com");
        assertThat(write(id, "info@example.com")).isEqualTo(new Written());
        assertThat(sandbox.calls())
                .containsEntry("POST contacts/batch/update", 3) // one of them tries whether the token may
                .containsEntry("POST properties", 11);
    }

    @Test
    void putsBackAFieldAnAdminDeleted() {
        connector.install();
        sandbox.deleteProperty("gatepost_reason");
        var id = create("info@example.com");
        assertThat(write(id, "info@example.com")).isEqualTo(new Written());
        assertThat(sandbox.contact(id).orElseThrow().property("gatepost_reason"))
                .isEqualTo("accepted");
    }

    @Test
    void writesAHundredContactsInTwoCalls() {
        connector.install();
        var ids = IntStream.range(0, 100)
                .mapToObj(i -> create("c" + i + "@example.com"))
                .toList();
        var findings = IntStream.range(0, 100)
                .mapToObj(i -> finding(ids.get(i), "c" + i + "@example.com"))
                .toList();
        var before = sandbox.calls();
        assertThat(connector.writeBack(Urgency.REAL_TIME, findings))
                .hasSize(100)
                .containsOnly(new Written());
        assertThat(calls(before))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("POST contacts/batch/read", 1, "POST contacts/batch/update", 1));
    }

    @Test
    void writesAHundredContactsOfABackfillInOneCallWhereTheyWereReadAMomentAgo() {
        connector.install();
        var ids = IntStream.range(0, 100)
                .mapToObj(i -> create("c" + i + "@example.com"))
                .toList();
        var findings = IntStream.range(0, 100)
                .mapToObj(i -> finding(ids.get(i), "c" + i + "@example.com"))
                .toList();
        connector.contacts(Urgency.BACKGROUND, ids);
        var before = sandbox.calls();

        assertThat(connector.writeBack(Urgency.BACKGROUND, findings)).containsOnly(new Written());
        assertThat(calls(before)).containsExactlyInAnyOrderEntriesOf(Map.of("POST contacts/batch/update", 1));

        sandbox.changeEmail(ids.getFirst(), "new@example.com");
        assertThat(connector.writeBack(Urgency.BACKGROUND, findings).getFirst())
                .as("read again when it comes again")
                .isEqualTo(new Skipped("address_changed"));
    }

    private Map<String, Integer> calls(Map<String, Integer> before) {
        Map<String, Integer> since = new HashMap<>(sandbox.calls());
        before.forEach((call, times) -> since.merge(call, -times, Integer::sum));
        since.values().removeIf(times -> times == 0);
        return since;
    }

    @Test
    void isHarmlessTwice() {
        connector.install();
        var id = create("info@example.com");
        write(id, "info@example.com");
        var before = sandbox.contact(id).orElseThrow().properties();
        assertThat(write(id, "info@example.com")).isEqualTo(new Written());
        assertThat(sandbox.contact(id).orElseThrow().properties())
                .containsAllEntriesOf(Map.of("gatepost_label", before.get("gatepost_label")));
    }

    @Test
    void skipsADeletedAndAChangedContact() {
        connector.install();
        var deleted = create("a@example.com");
        var changed = create("b@example.com");
        var kept = create("c@example.com");
        sandbox.deleteContact(deleted);
        sandbox.changeEmail(changed, "b2@example.com");
        assertThat(connector.writeBack(
                        Urgency.REAL_TIME,
                        List.of(
                                finding(deleted, "a@example.com"),
                                finding(changed, "b@example.com"),
                                finding(kept, "c@example.com"))))
                .containsExactly(new Skipped("target_gone"), new Skipped("address_changed"), new Written());
    }

    @Test
    void followsAMergedContactToItsNewRecord() {
        connector.install();
        var winner = create("a@example.com");
        var loser = create("b@example.com");
        var merged = sandbox.mergeContacts(winner, loser);
        assertThat(connector.contacts(Urgency.REAL_TIME, List.of(winner)))
                .isEqualTo(new Contacts.Found(List.of(new Contact(winner, merged, "a@example.com"))));
        assertThat(write(winner, "a@example.com")).isEqualTo(new Written());
        assertThat(sandbox.contact(merged).orElseThrow().property("gatepost_label"))
                .isEqualTo("role");
        assertThat(connector.writeBack(
                        Urgency.REAL_TIME, List.of(finding(winner, "a@example.com"), finding(loser, "a@example.com"))))
                .as("one write will do for both")
                .containsExactlyInAnyOrder(new Written(), new Skipped("target_gone"));
    }

    @Test
    void readsNoErasedContact() {
        var id = create("a@example.com");
        sandbox.privacyDelete(id);
        assertThat(connector.contacts(Urgency.REAL_TIME, List.of(id))).isEqualTo(new Contacts.Found(List.of()));
    }

    @Test
    void tellsApartTheOneThatFailedInABatch() {
        connector.install();
        var first = create("a@example.com");
        var second = create("b@example.com");
        sandbox.fail(Fault.ONE_FAILS, 1);
        var outcomes = connector.writeBack(
                Urgency.REAL_TIME, List.of(finding(first, "a@example.com"), finding(second, "b@example.com")));
        assertThat(outcomes).hasAtLeastOneElementOfType(GaveUp.class).contains(new Written());
        assertThat(sandbox.contact(first).orElseThrow().property("gatepost_label"))
                .isNotEqualTo(sandbox.contact(second).orElseThrow().property("gatepost_label"));
    }

    @Test
    void doesNotWaitForASlowPortal() {
        var id = create("a@example.com");
        var settings = Map.of(
                HubSpotPlugin.API, sandbox.baseUrl(),
                HubSpotPlugin.TOKEN, sandbox.app().token());
        var impatient = new HubSpotPlugin()
                .connect(
                        new Account("con_1", "", "1160452", settings),
                        HubSpotTestbed.tools(HubSpotTestbed.impatient(Duration.ofMillis(300))));
        sandbox.fail(Fault.SLOW, 1);
        assertThat(impatient.contacts(Urgency.REAL_TIME, List.of(id))).isInstanceOf(Contacts.RetryLater.class);
    }

    @Test
    void meetsEachFaultWithTheRightOutcome() {
        connector.install();
        var id = create("a@example.com");
        sandbox.fail(Fault.UNAUTHORIZED, 1);
        assertThat(write(id, "a@example.com"))
                .isInstanceOfSatisfying(
                        WriteBack.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.NEEDS_REAUTH));
        for (var fault : List.of(Fault.BURST, Fault.DAILY, Fault.SERVER_ERROR, Fault.BAD_GATEWAY)) {
            sandbox.fail(fault, 1);
            // A connector of its own for each, since a limit reached holds for all calls of a process that come later.
            assertThat(connector("2026-09")
                            .writeBack(Urgency.REAL_TIME, List.of(finding(id, "a@example.com")))
                            .getFirst())
                    .as(fault.name())
                    .isInstanceOf(RetryLater.class);
        }
        assertThat(write(id, "a@example.com")).isEqualTo(new Written());
    }

    @Test
    void makesNoCallWhileALimitThatWasReachedLasts() {
        connector.install();
        var id = create("a@example.com");
        sandbox.fail(Fault.DAILY, 1);
        assertThat(write(id, "a@example.com")).isInstanceOf(RetryLater.class);
        var before = sandbox.calls();
        assertThat(write(id, "a@example.com")).isInstanceOf(RetryLater.class);
        assertThat(sandbox.calls()).isEqualTo(before);
    }

    @Test
    void waitsLongForTheLimitOfTheDay() {
        connector.install();
        sandbox.fail(Fault.DAILY, 1);
        assertThat(write(create("a@example.com"), "a@example.com"))
                .isInstanceOfSatisfying(
                        RetryLater.class,
                        later -> assertThat(later.after()).isGreaterThanOrEqualTo(HubSpotAnswers.DAILY_WAIT_MIN));
    }

    @Test
    void staysBelowTheLimitOfThePortal() {
        connector.install();
        assertThat(sandbox.callsInTenSecondsPeak()).isLessThan(110);
    }

    @Test
    void refusesMoreThanABatch() {
        var many = IntStream.range(0, 101)
                .mapToObj(i -> finding("" + i, "x@example.com"))
                .toList();
        assertThatIllegalArgumentException().isThrownBy(() -> connector.writeBack(Urgency.REAL_TIME, many));
    }
}
