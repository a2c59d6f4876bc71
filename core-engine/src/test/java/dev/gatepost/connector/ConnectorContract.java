package dev.gatepost.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every connector must do, whatever its CRM. A connector's test implements it, and gets these tests; the methods
 * without a body are what only the connector knows.
 */
public interface ConnectorContract {
    /** The plug-in under test. */
    ConnectorPlugin plugin();

    /** The connection the deliveries are for. */
    Account account();

    /** When the deliveries arrive, except stale ones. */
    Instant now();

    /** An authentic delivery with at least one event of {@link #account()}. */
    Delivery delivery();

    /** The same events as the CRM sends them again later: attempt counters grown, signed anew. */
    Delivery repeated();

    /** The same events, and fields nobody has heard of yet. */
    Delivery withUnknownFields();

    /** Authentic, but with a body no event can be read from. */
    Delivery garbage();

    /** Not authentic: no proof, the proof of another secret, a changed body, and what else can be thought of. */
    List<Delivery> forged();

    /** Authentic once, but sent again too late, or from the future. Empty if the CRM signs no time. */
    List<Delivery> stale();

    /** A connector to a CRM that answers every call with this status. */
    Connector answering(int status);

    /** A CRM that really holds contacts, empty at first; usually the connector's sandbox. */
    LivingCrm livingCrm();

    /** A CRM with contacts, and connectors to it. */
    interface LivingCrm {
        /** Creates a contact; returns its id. */
        String create(String email);

        /** Deletes a contact. */
        void delete(String id);

        /** A new connector, as after a restart of the product. */
        Connector connector();
    }

    /** A finding for a contact that such a CRM could have. */
    Finding finding();

    @Test
    default void readsAnAuthenticDelivery() {
        assertThat(events(delivery()))
                .isNotEmpty()
                .allSatisfy(
                        event -> assertThat(event.account()).isEqualTo(account().account()));
    }

    @Test
    default void refusesWhatIsNotAuthentic() {
        assertThat(forged())
                .isNotEmpty()
                .allSatisfy(delivery -> assertThat(read(delivery)).isInstanceOf(Reading.Unauthentic.class));
    }

    @Test
    default void refusesWhatIsOutsideTheTimeWindow() {
        assertThat(stale()).allSatisfy(delivery -> assertThat(read(delivery)).isInstanceOf(Reading.Unauthentic.class));
    }

    /** Reliability I3. */
    @Test
    default void givesARepeatedDeliveryTheSameKeys() {
        assertThat(keys(repeated())).isEqualTo(keys(delivery()));
    }

    /** Reliability I3: the store's column holds so many characters. */
    @Test
    default void keepsItsKeysShort() {
        assertThat(keys(delivery()))
                .allSatisfy(key -> assertThat(key).isNotBlank().hasSizeLessThanOrEqualTo(512));
    }

    @Test
    default void ignoresUnknownFields() {
        assertThat(events(withUnknownFields())).isEqualTo(events(delivery()));
    }

    /** Reliability I5: kept for a person to look at, not refused. */
    @Test
    default void callsAuthenticGarbageUnusable() {
        assertThat(read(garbage())).isInstanceOf(Reading.Unusable.class);
    }

    /** Reliability W5. */
    @Test
    default void comesBackLaterWhenTheCrmLimitsIt() {
        var connector = answering(429);
        assertThat(connector.writeBack(Urgency.REAL_TIME, List.of(finding())))
                .singleElement()
                .isInstanceOfSatisfying(
                        WriteBack.RetryLater.class,
                        later -> assertThat(later.after()).isPositive());
        assertThat(connector.contacts(Urgency.REAL_TIME, List.of(finding().objectId())))
                .isInstanceOf(Contacts.RetryLater.class);
        assertThat(connector.install()).isInstanceOf(Installed.RetryLater.class);
    }

    /** Reliability W5. */
    @Test
    default void comesBackLaterWhenTheCrmFails() {
        var connector = answering(500);
        assertThat(connector.writeBack(Urgency.REAL_TIME, List.of(finding())))
                .singleElement()
                .isInstanceOf(WriteBack.RetryLater.class);
        assertThat(connector.contacts(Urgency.REAL_TIME, List.of(finding().objectId())))
                .isInstanceOf(Contacts.RetryLater.class);
        assertThat(connector.install()).isInstanceOf(Installed.RetryLater.class);
    }

    /** Reliability W5. */
    @Test
    default void holdsWhatACrmRefusesForItsCredentials() {
        var connector = answering(401);
        assertThat(connector.writeBack(Urgency.REAL_TIME, List.of(finding())))
                .containsOnly(new WriteBack.Refused(Refusal.NEEDS_REAUTH, why(connector)));
        assertThat(connector.contacts(Urgency.REAL_TIME, List.of(finding().objectId())))
                .isInstanceOf(Contacts.Refused.class);
        assertThat(connector.install()).isInstanceOf(Installed.Refused.class);
    }

    /** Reliability W5. */
    @Test
    default void givesUpOnWhatTheCrmDoesNotHave() {
        assertThat(answering(404).writeBack(Urgency.REAL_TIME, List.of(finding())))
                .singleElement()
                .isInstanceOfAny(WriteBack.Skipped.class, WriteBack.GaveUp.class);
    }

    @Test
    default void writesNothingForNobody() {
        assertThat(answering(500).writeBack(Urgency.REAL_TIME, List.of())).isEmpty();
    }

    /** Reliability I8. */
    @Test
    default void listsEveryContactAcrossPagesAndRestarts() {
        var crm = livingCrm();
        var ids = create(crm, 23);

        assertThat(listed(crm, new Selection.All(), 5)).containsAll(ids);
    }

    /** Reliability I8: contacts that come and go while it lists move no page. */
    @Test
    default void listsEveryContactThatStaysWhileOthersComeAndGo() {
        var crm = livingCrm();
        var ids = create(crm, 20);
        var first = (Listing.Page) crm.connector().list(new Selection.All(), "", 7);
        var gone = first.contacts().getFirst().id();
        crm.delete(gone);
        crm.create("late@example.com");

        var seen = new HashSet<String>();
        first.contacts().forEach(contact -> seen.add(contact.id()));
        seen.addAll(rest(crm, new Selection.All(), first.cursor(), 7));

        assertThat(seen).containsAll(ids);
    }

    /** Reliability I8. */
    @Test
    default void listsWhatChangedSinceATime() {
        var crm = livingCrm();
        var ids = create(crm, 3);

        assertThat(listed(crm, new Selection.ChangedSince(Instant.now().minusSeconds(3_600), ""), 2))
                .containsAll(ids);
    }

    @Test
    default void tellsAddressesOfListedContacts() {
        var crm = livingCrm();
        var id = crm.create("listed@example.com");

        assertThat(contacts(crm.connector().list(new Selection.All(), "", 100)))
                .filteredOn(contact -> contact.id().equals(id))
                .singleElement()
                .satisfies(contact -> assertThat(contact.email()).isEqualTo("listed@example.com"));
    }

    @Test
    default void looksAtItsCredentials() {
        assertThat(livingCrm().connector().check())
                .isInstanceOfSatisfying(
                        Checkup.Seen.class, seen -> assertThat(seen.missing()).isEmpty());
    }

    /** Reliability W5. */
    @Test
    default void listsLaterWhatTheCrmCannotTellNow() {
        assertThat(answering(429).list(new Selection.All(), "", 10)).isInstanceOf(Listing.RetryLater.class);
        assertThat(answering(500).list(new Selection.All(), "", 10)).isInstanceOf(Listing.RetryLater.class);
        assertThat(answering(401).list(new Selection.All(), "", 10)).isInstanceOf(Listing.Refused.class);
        assertThat(answering(500).count(new Selection.All())).isInstanceOf(Counted.Unknown.class);
        assertThat(answering(401).check()).isInstanceOf(Checkup.Refused.class);
        assertThat(answering(500).check()).isInstanceOf(Checkup.RetryLater.class);
    }

    private static List<String> create(LivingCrm crm, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> crm.create("person" + i + "@example.com"))
                .toList();
    }

    private static Set<String> listed(LivingCrm crm, Selection selection, int limit) {
        return rest(crm, selection, "", limit);
    }

    /** All pages from a cursor on, each asked for by a new connector. */
    private static Set<String> rest(LivingCrm crm, Selection selection, String from, int limit) {
        var seen = new HashSet<String>();
        var cursor = from;
        for (int i = 0; i < 100; i++) {
            var listing = crm.connector().list(selection, cursor, limit);
            contacts(listing).forEach(contact -> seen.add(contact.id()));
            if (listing instanceof Listing.Last) {
                return seen;
            }
            cursor = ((Listing.Page) listing).cursor();
        }
        throw new AssertionError("no end after 100 pages");
    }

    private static List<Listing.Listed> contacts(Listing listing) {
        return switch (listing) {
            case Listing.Page(var contacts, var _) -> contacts;
            case Listing.Last(var contacts, var _) -> contacts;
            case Listing.RetryLater _, Listing.Refused _, Listing.Impossible _ ->
                throw new AssertionError("no page: " + listing);
        };
    }

    private String why(Connector connector) {
        return connector.contacts(Urgency.REAL_TIME, List.of(finding().objectId()))
                                instanceof Contacts.Refused(var refusal, var why)
                        && refusal == Refusal.NEEDS_REAUTH
                ? why
                : "not refused for its credentials";
    }

    private Reading read(Delivery delivery) {
        return plugin().read(delivery, List.of(account()), now());
    }

    private List<IncomingEvent> events(Delivery delivery) {
        var reading = read(delivery);
        assertThat(reading).isInstanceOf(Reading.Authentic.class);
        return ((Reading.Authentic) reading).events();
    }

    private List<String> keys(Delivery delivery) {
        return events(delivery).stream().map(IncomingEvent::dedupeKey).toList();
    }
}
