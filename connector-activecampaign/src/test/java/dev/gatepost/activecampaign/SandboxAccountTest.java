package dev.gatepost.activecampaign;

import static dev.gatepost.activecampaign.Testbed.finding;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.activecampaign.sandbox.Fault;
import dev.gatepost.activecampaign.sandbox.SandboxActiveCampaign;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Contacts.Contact;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.RetryLater;
import dev.gatepost.connector.WriteBack.Skipped;
import dev.gatepost.connector.WriteBack.Written;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connector against the sandbox: what an account looks like afterwards. */
class SandboxAccountTest {
    private final SandboxActiveCampaign crm = SandboxActiveCampaign.start(0, InstantSource.system());

    @BeforeEach
    void hurry() {
        crm.allowCalls(1_000);
    }

    @AfterEach
    void close() {
        crm.close();
    }

    /** As before it was installed: it knows no address for webhooks. */
    private Account account(Map<String, String> more) {
        var settings = new HashMap<>(more);
        settings.put(ActiveCampaignPlugin.URL, crm.url());
        settings.put(ActiveCampaignPlugin.KEY, crm.key());
        return new Account("con_1", "", "", settings);
    }

    private Connector connector(Map<String, String> more) {
        return connector(more, Testbed.PUBLIC_URL);
    }

    private Connector connector(Map<String, String> more, String publicUrl) {
        return new ActiveCampaignPlugin().connect(account(more), Testbed.tools(Testbed.hurried(), publicUrl));
    }

    private Connector unhurried() {
        return new ActiveCampaignPlugin()
                .connect(account(Map.of()), Testbed.tools(InstantSource.system(), Testbed.PUBLIC_URL));
    }

    private String create(String email) {
        return crm.createContact(email, Map.of());
    }

    private static WriteBack write(Connector connector, String id, String email) {
        return connector
                .writeBack(Urgency.REAL_TIME, List.of(finding(id, email)))
                .getFirst();
    }

    @Test
    void writesAFindingIntoFieldsThatStandOnEveryContact() {
        var connector = connector(Map.of());
        assertThat(connector.install())
                .isInstanceOfSatisfying(
                        Installed.Ready.class,
                        ready -> assertThat(ready.done()).first().isEqualTo("signed in as Ada Lovelace (ada)"));
        var id = create("Info@example.com");
        assertThat(write(connector, id, "info@example.com")).isEqualTo(new Written());
        assertThat(crm.contact(id).orElseThrow())
                .containsEntry("gatepost_label", "role")
                .containsEntry("gatepost_score", "80")
                .containsEntry("gatepost_role", "true")
                .containsEntry("gatepost_disposable", "false")
                .containsEntry("gatepost_checked_email", "info@example.com")
                .containsEntry("gatepost_checked_at", "2026-11-02T09:29:59+00:00");
        assertThat(crm.isShown("GATEPOST_LABEL")).isTrue();
        assertThat(crm.calls())
                .containsEntry("POST fields", 11)
                .containsEntry("POST fieldOption/bulk", 1)
                .containsEntry("POST fieldRels", 11)
                .containsEntry("PUT contacts/{id}", 1);
    }

    @Test
    void findsItsFieldsAndWebhooksAgain() {
        var first = Testbed.kept(connector(Map.of()).install());
        var hooks = crm.webhooks();
        var second = Testbed.kept(connector(Map.of()).install());
        assertThat(second).as("the address the account shows is taken again").isEqualTo(first);
        assertThat(crm.webhooks()).isEqualTo(hooks).hasSize(2);
        assertThat(crm.calls()).containsEntry("POST fields", 11).containsEntry("POST webhooks", 2);
    }

    @Test
    void isToldOfNewContactsFromEverywhereButNotOfItsOwnWrites() {
        var address = Testbed.kept(connector(Map.of()).install());
        var url = Testbed.PUBLIC_URL + "/hooks/activecampaign/" + address.get("hook-key") + "/"
                + address.get("hook-secret");
        assertThat(crm.webhooks())
                .containsExactly(
                        "subscribe [\"admin\",\"api\",\"public\",\"system\"] " + url,
                        "update [\"admin\",\"public\",\"system\"] " + url);
    }

    @Test
    void takesItsWebhooksBack() {
        var kept = new HashMap<>(Testbed.kept(connector(Map.of()).install()));
        assertThat(connector(kept).leave())
                .containsExactly(
                        "removed the webhook \"Gatepost: new contacts\"",
                        "removed the webhook \"Gatepost: changed contacts\"");
        assertThat(crm.webhooks()).isEmpty();
        assertThat(connector(kept).leave()).isEmpty();
    }

    @Test
    void worksWithoutWebhooksWhereNobodyCanCallIt() {
        assertThat(connector(Map.of(), "").install())
                .isInstanceOfSatisfying(
                        Installed.Ready.class,
                        ready -> assertThat(ready.done()).last().asString().contains("port 443"));
        assertThat(crm.webhooks()).isEmpty();
    }

    @Test
    void putsBackAFieldAnAdminDeleted() {
        var connector = connector(Map.of());
        connector.install();
        var id = create("info@example.com");
        write(connector, id, "info@example.com");
        crm.deleteField("GATEPOST_REASON");
        assertThat(write(connector, id, "info@example.com")).isEqualTo(new Written());
        assertThat(crm.contact(id).orElseThrow()).containsEntry("gatepost_reason", "accepted");
    }

    @Test
    void skipsAContactThatIsGoneOrHasAnotherAddress() {
        var connector = connector(Map.of());
        var gone = create("a@example.com");
        var changed = create("b@example.com");
        var kept = create("c@example.com");
        crm.deleteContact(gone);
        crm.changeEmail(changed, "b2@example.com");
        assertThat(connector.writeBack(
                        Urgency.REAL_TIME,
                        List.of(
                                finding(gone, "a@example.com"),
                                finding(changed, "b@example.com"),
                                finding(kept, "c@example.com"))))
                .containsExactly(new Skipped("target_gone"), new Skipped("address_changed"), new Written());
        assertThat(crm.contact(gone)).as("never made anew").isEmpty();
    }

    @Test
    void readsContactsWithAPhoneOnlyAsHavingNoAddress() {
        var phone = create("");
        var mail = create("a@example.com");
        assertThat(connector(Map.of()).contacts(Urgency.REAL_TIME, List.of(phone, mail, "999", "no-number")))
                .isEqualTo(new Contacts.Found(
                        List.of(new Contact(phone, phone, ""), new Contact(mail, mail, "a@example.com"))));
    }

    @Test
    void readsAContactOnceWhereTheVerdictComesAtOnce() {
        var looks = new AtomicLong();
        InstantSource clock = () -> Instant.now().plusMillis(400 * looks.incrementAndGet());
        var connector = new ActiveCampaignPlugin().connect(account(Map.of()), Testbed.tools(clock, Testbed.PUBLIC_URL));
        connector.writeBack(Urgency.REAL_TIME, List.of(finding(create("b@example.com"), "b@example.com")));
        var id = create("a@example.com");
        connector.contacts(Urgency.REAL_TIME, List.of(id));
        assertThat(write(connector, id, "a@example.com")).isEqualTo(new Written());
        assertThat(crm.calls()).containsEntry("GET contacts/{id}", 2);
        assertThat(write(connector, id, "a@example.com")).isEqualTo(new Written());
        assertThat(crm.calls()).as("and again for the next write").containsEntry("GET contacts/{id}", 3);
    }

    @Test
    void keepsOneTagForTheVerdict() {
        var connector = connector(Map.of("status-tags", "email-"));
        connector.install();
        var id = create("a@example.com");
        connector.writeBack(Urgency.REAL_TIME, List.of(finding(id, "a@example.com", "unknown", "flag")));
        assertThat(crm.tags(id)).containsExactly("email-unknown");
        connector.writeBack(Urgency.REAL_TIME, List.of(finding(id, "a@example.com", "valid", "accept")));
        connector.writeBack(Urgency.REAL_TIME, List.of(finding(id, "a@example.com", "valid", "accept")));
        assertThat(crm.tags(id)).containsExactly("email-valid");
    }

    @Test
    void doesToTheRejectedWhatTheAdminWantsAndNothingTwice() {
        var connector =
                connector(Map.of("reject-tag", "bad-email", "reject-unsubscribe", "2,3", "reject-automation", "9"));
        var id = create("a@example.com");
        crm.putOnList(id, 2, 1);
        crm.putOnList(id, 5, 1);
        for (int i = 0; i < 2; i++) {
            assertThat(connector.writeBack(
                            Urgency.REAL_TIME, List.of(finding(id, "a@example.com", "invalid", "reject"))))
                    .containsExactly(new Written());
        }
        assertThat(crm.tags(id)).containsExactly("bad-email");
        assertThat(crm.lists(id)).as("never put on list 3, which it was not on").isEqualTo(Map.of(2L, 2, 5L, 1));
        assertThat(crm.automations(id)).containsExactly(9L);

        var fine = create("b@example.com");
        crm.putOnList(fine, 2, 1);
        connector.writeBack(Urgency.REAL_TIME, List.of(finding(fine, "b@example.com", "valid", "accept")));
        assertThat(crm.tags(fine)).isEmpty();
        assertThat(crm.lists(fine)).isEqualTo(Map.of(2L, 1));
        assertThat(crm.automations(fine)).isEmpty();
    }

    @Test
    void tagsAgainAfterAllTagsWereDeleted() {
        var connector = connector(Map.of("reject-tag", "bad-email"));
        var first = create("a@example.com");
        connector.writeBack(Urgency.REAL_TIME, List.of(finding(first, "a@example.com", "invalid", "reject")));
        crm.deleteTags();
        for (int i = 0; i < 2; i++) {
            connector.writeBack(Urgency.REAL_TIME, List.of(finding(first, "a@example.com", "invalid", "reject")));
        }
        assertThat(crm.tags(first)).containsExactly("bad-email");
    }

    @Test
    void writesManyByImportWhereItMay() {
        var connector = connector(Map.of("bulk-import", "yes"));
        var ids = IntStream.range(0, 20)
                .mapToObj(i -> create("c" + i + "@example.com"))
                .toList();
        crm.deleteContact(ids.get(7));
        var findings = IntStream.range(0, 20)
                .mapToObj(i -> finding(ids.get(i), "c" + i + "@example.com"))
                .toList();
        var outcomes = connector.writeBack(Urgency.BACKGROUND, findings);
        assertThat(outcomes.get(7)).isEqualTo(new Skipped("target_gone"));
        assertThat(outcomes).filteredOn(new Written()::equals).hasSize(19);
        assertThat(crm.contact(ids.get(7))).as("not made anew").isEmpty();
        assertThat(crm.contact(ids.get(19)).orElseThrow()).containsEntry("gatepost_label", "role");
        assertThat(crm.calls()).containsEntry("POST import/bulk_import", 1).doesNotContainKey("PUT contacts/{id}");
    }

    @Test
    void writesFewSinglyEvenWhereItMayImport() {
        var connector = connector(Map.of("bulk-import", "yes"));
        assertThat(write(connector, create("a@example.com"), "a@example.com")).isEqualTo(new Written());
        assertThat(crm.calls()).doesNotContainKey("POST import/bulk_import");
    }

    @Test
    void namesThePermissionsItsUserLacks() {
        crm.forbid("webhooks");
        crm.forbid("fields");
        assertThat(connector(Map.of()).check()).isInstanceOfSatisfying(Checkup.Seen.class, seen -> {
            assertThat(seen.name()).isEqualTo("Ada Lovelace (ada)");
            assertThat(seen.missing()).containsExactly("Manage custom fields", "Manage webhooks");
        });
        assertThat(connector(Map.of()).install()).isInstanceOfSatisfying(Installed.Refused.class, refused -> {
            assertThat(refused.refusal()).isEqualTo(Refusal.MISSING_SCOPE);
            assertThat(refused.why()).contains("\"Manage custom fields\"");
        });
    }

    @Test
    void tellsAWrongKeyFromAMissingPermission() {
        var wrong = new ActiveCampaignPlugin()
                .connect(new Account("con_1", "", "", Map.of("url", crm.url(), "key", "wrong")), Testbed.tools());
        var id = create("a@example.com");
        assertThat(write(wrong, id, "a@example.com"))
                .isInstanceOfSatisfying(
                        WriteBack.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.NEEDS_REAUTH));
        crm.forbid("contacts");
        assertThat(write(connector(Map.of()), id, "a@example.com"))
                .isInstanceOfSatisfying(
                        WriteBack.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.MISSING_SCOPE));
    }

    @Test
    void makesNoCallWhileALimitThatWasReachedLasts() {
        crm.retryAfter(Duration.ofSeconds(40));
        var connector = unhurried();
        var id = create("a@example.com");
        crm.fail(Fault.LIMIT, 1);
        assertThat(write(connector, id, "a@example.com"))
                .isInstanceOfSatisfying(
                        RetryLater.class, later -> assertThat(later.after()).isEqualTo(Duration.ofSeconds(40)));
        var before = crm.callsInAll();
        assertThat(write(connector, id, "a@example.com")).isInstanceOf(RetryLater.class);
        assertThat(connector.check()).isInstanceOf(Checkup.RetryLater.class);
        assertThat(crm.callsInAll()).as("whoever asks, and however urgent").isEqualTo(before);
    }

    @Test
    void isHarmlessWhenAnAnswerIsLost() {
        var connector = connector(Map.of());
        connector.install();
        var id = create("a@example.com");
        crm.fail(Fault.LOST_ANSWER, 1);
        assertThat(write(connector, id, "a@example.com")).isInstanceOfAny(RetryLater.class, Written.class);
        crm.fail(Fault.SERVER_ERROR, 1);
        assertThat(write(connector, id, "a@example.com")).isInstanceOf(RetryLater.class);
        assertThat(write(connector, id, "a@example.com")).isEqualTo(new Written());
    }

    @Test
    void neverMakesMoreThanFiveCallsInASecond() {
        crm.allowCalls(5);
        var connector = unhurried();
        var ids = IntStream.range(0, 12)
                .mapToObj(i -> create("c" + i + "@example.com"))
                .toList();
        ids.parallelStream().forEach(id -> connector.contacts(Urgency.REAL_TIME, List.of(id)));
        assertThat(crm.callsInAll()).isEqualTo(12);
        assertThat(crm.callsInASecondPeak()).isLessThanOrEqualTo(5);
    }
}
