package dev.gatepost.hubspot;

import static dev.gatepost.hubspot.HubSpotTestbed.APP_ID;
import static dev.gatepost.hubspot.HubSpotTestbed.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.connector.Reading;
import java.time.Instant;
import java.util.List;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSpotEventsTest {
    private static final String CREATION =
            "{\"portalId\":62515,\"objectId\":7,\"occurredAt\":1762216307945,\"subscriptionType\":\"contact.creation\"%s}";

    private static Reading read(String body) {
        return HubSpotEvents.read(ByteString.encodeUtf8(body), APP_ID);
    }

    private static List<IncomingEvent> events(String body) {
        var reading = read(body);
        assertThat(reading).isInstanceOf(Reading.Authentic.class);
        return ((Reading.Authentic) reading).events();
    }

    private static IncomingEvent event(String more) {
        return events("[" + CREATION.formatted(more) + "]").getFirst();
    }

    @Test
    void readsTheGenericForm() {
        assertThat(events(payload("generic.json")))
                .extracting(IncomingEvent::kind, IncomingEvent::objectId)
                .containsExactly(
                        tuple(Kind.CREATED, "1246978"),
                        tuple(Kind.CHANGED, "1246978"),
                        tuple(Kind.DELETED, "1246979"),
                        tuple(Kind.RESTORED, "1246979"),
                        tuple(Kind.MERGED, "1246990"),
                        tuple(Kind.OTHER, "1246978"));
    }

    @Test
    void readsTheClassicForm() {
        assertThat(events(payload("classic.json")))
                .extracting(IncomingEvent::kind, IncomingEvent::objectId)
                .containsExactly(
                        tuple(Kind.CREATED, "501"),
                        tuple(Kind.CHANGED, "501"),
                        tuple(Kind.OTHER, "501"),
                        tuple(Kind.MERGED, "502"),
                        tuple(Kind.ERASED, "504"),
                        tuple(Kind.DELETED, "505"),
                        tuple(Kind.OTHER, "506"),
                        tuple(Kind.OTHER, "507"),
                        tuple(Kind.OTHER, "508"));
    }

    @Test
    void tellsPortalAndTime() {
        var event = event("");
        assertThat(event.account()).isEqualTo("62515");
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2025-11-04T00:31:47.945Z"));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                ",\"attemptNumber\":0 ; ,\"attemptNumber\":7 ; the attempt number grows with each retry",
                ",\"subscriptionId\":1 ; ,\"subscriptionId\":2 ; two subscriptions may report one change",
                ",\"eventId\":5 ; ,\"eventId\":5,\"changeSource\":\"X\" ; free text may change"
            })
    void givesRepetitionsOneKey(String first, String second, String why) {
        assertThat(event(first).dedupeKey()).as(why).isEqualTo(event(second).dedupeKey());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                ",\"eventId\":6",
                ",\"propertyName\":\"email\"",
                ",\"objectId\":8",
                ",\"portalId\":1",
                ",\"occurredAt\":1"
            })
    void givesDifferentEventsDifferentKeys(String difference) {
        assertThat(event(difference).dedupeKey())
                .isNotEqualTo(event(",\"eventId\":5").dedupeKey());
    }

    @Test
    void keepsAKeyWithinBoundsWhateverIsSent() {
        var key = event(",\"propertyName\":\"" + "x".repeat(10_000) + "\"").dedupeKey();
        assertThat(key).hasSize(64);
    }

    @Test
    void readsIdsBeyond32Bits() {
        assertThat(event(",\"objectId\":123456789012345678").objectId()).isEqualTo("123456789012345678");
        assertThat(event(",\"objectId\":9223372036854775807").objectId()).isEqualTo("9223372036854775807");
        assertThat(read("[" + CREATION.formatted(",\"objectId\":9223372036854775808") + "]"))
                .isInstanceOf(Reading.Unusable.class);
    }

    @Test
    void readsAGenericEventWithoutItsOptionalFields() {
        var bare =
                "[{\"portalId\":62515,\"objectId\":7,\"occurredAt\":1762216307945,\"eventType\":\"object.creation\"}]";
        assertThat(events(bare)).extracting(IncomingEvent::kind).containsExactly(Kind.CREATED);
    }

    @Test
    void readsAChangeWhoseValueIsWithheld() {
        var withheld = ",\"subscriptionType\":\"contact.propertyChange\",\"propertyName\":\"email\","
                + "\"propertyValue\":\"REDACTED\",\"isSensitive\":true";
        assertThat(event(withheld).kind()).isEqualTo(Kind.CHANGED);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "\"text\"",
                "[",
                "[]]",
                "[1]",
                "[null]",
                "[{}]",
                "[{\"objectId\":7,\"occurredAt\":1,\"subscriptionType\":\"contact.creation\"}]",
                "[{\"portalId\":1,\"occurredAt\":1,\"subscriptionType\":\"contact.creation\"}]",
                "[{\"portalId\":1,\"objectId\":7,\"subscriptionType\":\"contact.creation\"}]",
                "[{\"portalId\":1,\"objectId\":7,\"occurredAt\":1}]",
                "[{\"portalId\":1,\"objectId\":-7,\"occurredAt\":1,\"subscriptionType\":\"contact.creation\"}]",
                "[{\"portalId\":1,\"objectId\":7.5,\"occurredAt\":1,\"subscriptionType\":\"contact.creation\"}]",
                "[{\"portalId\":1,\"objectId\":{},\"occurredAt\":1,\"subscriptionType\":\"contact.creation\"}]",
                "[{\"portalId\":1,\"objectId\":7,\"occurredAt\":99999999999999999999,\"subscriptionType\":\"x\"}]"
            })
    void callsWhatIsNotAListOfEventsUnusable(String body) {
        assertThat(read(body)).isInstanceOf(Reading.Unusable.class);
    }

    @Test
    void takesAnEmptyList() {
        assertThat(events("[]")).isEmpty();
    }

    /** Reliability I6. */
    @Test
    void takesAThousandEventsAndNotOneMore() {
        var thousand = (CREATION.formatted("") + ",").repeat(999) + CREATION.formatted("");
        assertThat(events("[" + thousand + "]")).hasSize(1_000);
        assertThat(read("[" + thousand + "," + CREATION.formatted("") + "]")).isInstanceOf(Reading.Unusable.class);
    }

    /** Reliability I6. */
    @Test
    void goes64LevelsDeepAndNotOneMore() {
        assertThat(event(",\"x\":" + "[".repeat(62) + "]".repeat(62)).objectId())
                .isEqualTo("7");
        assertThat(read("[" + CREATION.formatted(",\"x\":" + "[".repeat(63) + "]".repeat(63)) + "]"))
                .isInstanceOf(Reading.Unusable.class);
    }

    /** Reliability I6. */
    @Test
    void refusesHugeNumbersAndStrings() {
        assertThat(read("[" + CREATION.formatted(",\"x\":" + "9".repeat(101)) + "]"))
                .isInstanceOf(Reading.Unusable.class);
        assertThat(read("[" + CREATION.formatted(",\"x\":\"" + "y".repeat(256 * 1024 + 1) + "\"") + "]"))
                .isInstanceOf(Reading.Unusable.class);
    }

    @Test
    void callsOctetsThatAreNoTextUnusable() {
        var octets = ByteString.of((byte) '[', (byte) '"', (byte) 0xc3, (byte) '"', (byte) ']');
        assertThat(HubSpotEvents.read(octets, APP_ID)).isInstanceOf(Reading.Unusable.class);
    }
}
