package dev.gatepost.activecampaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.activecampaign.sandbox.SandboxActiveCampaign;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Selection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a look for changes finds, over several looks and days. */
class ContactListingTest {
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock =
            () -> Instant.parse("2026-11-02T09:30:00Z").plus(passed.get());
    private final SandboxActiveCampaign crm = SandboxActiveCampaign.start(0, clock);
    private String bookmark = "";

    @BeforeEach
    void hurry() {
        crm.allowCalls(1_000);
    }

    @AfterEach
    void close() {
        crm.close();
    }

    private Connector connector() {
        // Each look at the clock passes a second, so that there is always room for a call.
        InstantSource hurried = () -> {
            passed.updateAndGet(time -> time.plusSeconds(1));
            return clock.instant();
        };
        return new ActiveCampaignPlugin()
                .connect(
                        Testbed.account(Map.of("url", crm.url(), "key", crm.key())),
                        Testbed.tools(hurried, Testbed.PUBLIC_URL));
    }

    private void pass(Duration time) {
        passed.updateAndGet(time::plus);
    }

    /** One whole look, as reconciliation does it; the ids it names. */
    private List<String> look(Instant since, int limit) {
        List<String> ids = new ArrayList<>();
        var cursor = "";
        for (int i = 0; i < 100; i++) {
            switch (connector().list(new Selection.ChangedSince(since, bookmark), cursor, limit)) {
                case Listing.Page(var contacts, var next) -> {
                    contacts.forEach(contact -> ids.add(contact.id()));
                    cursor = next;
                }
                case Listing.Last(var contacts, var next) -> {
                    contacts.forEach(contact -> ids.add(contact.id()));
                    bookmark = next;
                    return ids;
                }
                case Listing other -> throw new AssertionError(other.toString());
            }
        }
        throw new AssertionError("no end");
    }

    private Instant overlapped() {
        return clock.instant().minus(new ActiveCampaignPlugin().reconcileOverlap());
    }

    @Test
    void leavesOldContactsAloneAtTheFirstLook() {
        crm.importContact("old@example.com");
        pass(Duration.ofDays(30));
        var fresh = crm.importContact("new@example.com");
        assertThat(look(overlapped(), 10)).containsExactly(fresh);
    }

    @Test
    void findsImportedContactsByTheirNumber() {
        crm.importContact("old@example.com");
        look(overlapped(), 3);
        pass(Duration.ofMinutes(3));
        List<String> imported = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            imported.add(crm.importContact("i" + i + "@example.com"));
        }
        assertThat(look(overlapped(), 3)).containsAll(imported);
    }

    @Test
    void findsAChangedAddressOfAnOldContact() {
        var old = crm.importContact("old@example.com");
        pass(Duration.ofDays(10));
        look(overlapped(), 10);
        pass(Duration.ofHours(1));
        crm.changeEmail(old, "changed@example.com");
        pass(Duration.ofMinutes(3));
        assertThat(look(overlapped(), 10)).contains(old);
    }

    @Test
    void findsWhatCameWhileItWasAway() {
        look(overlapped(), 10);
        var since = overlapped();
        pass(Duration.ofDays(3));
        var meanwhile = crm.importContact("meanwhile@example.com");
        pass(Duration.ofDays(2));
        assertThat(look(since, 10)).contains(meanwhile);
    }

    @Test
    void sparesTheBudgetAfterALongLookAtChanges() {
        for (int i = 0; i < 40; i++) {
            crm.importContact("c" + i + "@example.com");
        }
        assertThat(look(overlapped(), 1)).as("a long look: one contact a page").hasSize(40);
        var before = crm.callsInAll();
        assertThat(look(overlapped(), 1)).as("only new numbers this time").isEmpty();
        assertThat(crm.callsInAll() - before).isEqualTo(1);
        pass(Duration.ofMinutes(10));
        assertThat(look(overlapped(), 100)).as("and all again later").hasSize(40);
    }

    @Test
    void listsTheMembersOfAListAndCountsThem() {
        crm.importContact("a@example.com");
        var member = crm.importContact("b@example.com");
        crm.putOnList(member, 7, 1);
        assertThat(connector().list(new Selection.Members("7"), "", 10))
                .isInstanceOfSatisfying(
                        Listing.Last.class,
                        last -> assertThat(last.contacts())
                                .extracting(Listing.Listed::id)
                                .containsExactly(member));
        assertThat(connector().count(new Selection.Members("7"))).isEqualTo(new Counted.Contacts(1));
        assertThat(connector().count(new Selection.All())).isEqualTo(new Counted.Contacts(2));
        assertThat(connector().list(new Selection.Members("newsletter"), "", 10))
                .isInstanceOf(Listing.Impossible.class);
    }
}
