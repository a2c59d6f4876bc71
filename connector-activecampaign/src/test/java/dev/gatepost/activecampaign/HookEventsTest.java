package dev.gatepost.activecampaign;

import static dev.gatepost.activecampaign.Testbed.delivery;
import static dev.gatepost.activecampaign.Testbed.payload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.connector.Reading;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookEventsTest {
    private static Reading read(String body) {
        return HookEvents.read(delivery(body), Testbed.ACCOUNT, Map.of("22", "paying"));
    }

    private static IncomingEvent event(String body) {
        return ((Reading.Authentic) read(body)).events().getFirst();
    }

    @Test
    void readsTheWebhookOfAnAccount() {
        var event = event(payload("account.txt"));
        assertThat(event.kind()).isEqualTo(Kind.CREATED);
        assertThat(event.objectId()).isEqualTo("4711");
        assertThat(event.account()).isEqualTo(Testbed.ACCOUNT);
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-03-04T15:11:12Z"));
        assertThat(event.workflow()).isEmpty();
    }

    @Test
    void readsTheStepOfAnAutomationAndChoosesItsWorkflow() {
        var event = event(payload("step.txt"));
        assertThat(event.kind()).isEqualTo(Kind.ASKED);
        assertThat(event.objectId()).isEqualTo("4711");
        assertThat(event.occurredAt()).isEqualTo(Testbed.NOW);
        assertThat(event.workflow()).isEqualTo("paying");
        assertThat(event(payload("step.txt").replace("seriesid=22", "seriesid=23"))
                        .workflow())
                .as("no workflow was chosen for it")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "subscribe, public, CREATED",
        "subscribe, api, CREATED",
        "list_add, admin, CREATED",
        "update, public, CHANGED",
        "update, system, CHANGED",
        "update, api, OTHER",
        "unsubscribe, public, OTHER",
        "contact_tag_added, admin, OTHER",
        "something_new, admin, OTHER",
    })
    void knowsWhatConcernsIt(String type, String source, Kind kind) {
        assertThat(event("type=" + type + "&initiated_from=" + source + "&contact[id]=7")
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void tellsTwoChangesOfOneContactApart() {
        var first =
                event("type=update&contact[id]=7&contact[email]=a%40example.com&date_time=2026-03-04T10:11:12-05:00");
        var sameSecond =
                event("type=update&contact[id]=7&contact[email]=b%40example.com&date_time=2026-03-04T10:11:12-05:00");
        var later =
                event("type=update&contact[id]=7&contact[email]=a%40example.com&date_time=2026-03-04T10:11:13-05:00");
        assertThat(first.dedupeKey()).isNotEqualTo(sameSecond.dedupeKey()).isNotEqualTo(later.dedupeKey());
    }

    @Test
    void takesWhatIsAboutNoContactForNothing() {
        assertThat(read("type=campaign_starts_sending&campaign[id]=3")).isEqualTo(new Reading.Authentic(List.of()));
    }

    @ParameterizedTest
    @CsvSource({"type=subscribe", "type=update&contact[id]=x", "seriesid=22", "contact[id]=-1", "hello"})
    void keepsForAPersonWhatLacksItsContact(String body) {
        assertThat(read(body)).isInstanceOf(Reading.Unusable.class);
    }
}
