package dev.gatepost.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
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
        assertThat(connector.writeBack(List.of(finding())))
                .singleElement()
                .isInstanceOfSatisfying(
                        WriteBack.RetryLater.class,
                        later -> assertThat(later.after()).isPositive());
        assertThat(connector.contacts(List.of(finding().objectId()))).isInstanceOf(Contacts.RetryLater.class);
        assertThat(connector.install()).isInstanceOf(Installed.RetryLater.class);
    }

    /** Reliability W5. */
    @Test
    default void comesBackLaterWhenTheCrmFails() {
        var connector = answering(500);
        assertThat(connector.writeBack(List.of(finding()))).singleElement().isInstanceOf(WriteBack.RetryLater.class);
        assertThat(connector.contacts(List.of(finding().objectId()))).isInstanceOf(Contacts.RetryLater.class);
        assertThat(connector.install()).isInstanceOf(Installed.RetryLater.class);
    }

    /** Reliability W5. */
    @Test
    default void holdsWhatACrmRefusesForItsCredentials() {
        var connector = answering(401);
        assertThat(connector.writeBack(List.of(finding())))
                .containsOnly(new WriteBack.Refused(Refusal.NEEDS_REAUTH, why(connector)));
        assertThat(connector.contacts(List.of(finding().objectId()))).isInstanceOf(Contacts.Refused.class);
        assertThat(connector.install()).isInstanceOf(Installed.Refused.class);
    }

    /** Reliability W5. */
    @Test
    default void givesUpOnWhatTheCrmDoesNotHave() {
        assertThat(answering(404).writeBack(List.of(finding())))
                .singleElement()
                .isInstanceOfAny(WriteBack.Skipped.class, WriteBack.GaveUp.class);
    }

    @Test
    default void writesNothingForNobody() {
        assertThat(answering(500).writeBack(List.of())).isEmpty();
    }

    private String why(Connector connector) {
        return connector.contacts(List.of(finding().objectId())) instanceof Contacts.Refused(var refusal, var why)
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
