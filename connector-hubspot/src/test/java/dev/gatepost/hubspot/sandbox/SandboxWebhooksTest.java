package dev.gatepost.hubspot.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.connector.Reading;
import dev.gatepost.hubspot.HubSpotPlugin;
import dev.gatepost.hubspot.sandbox.SandboxApp.EventForm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a receiver gets from the sandbox, read with the connector's own eyes. */
class SandboxWebhooksTest {
    private static final String PATH = "/hooks/hubspot/1160452";

    @RegisterExtension
    static final WireMockExtension RECEIVER = WireMockExtension.newInstance().build();

    private SandboxHubSpot sandbox = SandboxHubSpot.start();

    @BeforeEach
    void subscribe() {
        RECEIVER.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.ok()));
        sandbox.sendWebhooksTo(RECEIVER.baseUrl() + PATH);
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private List<IncomingEvent> received() {
        return RECEIVER.findAll(WireMock.postRequestedFor(WireMock.urlEqualTo(PATH))).stream()
                .flatMap(request -> {
                    Map<String, List<String>> headers = request.getHeaders().all().stream()
                            .collect(Collectors.toMap(h -> h.key().toLowerCase(Locale.ROOT), h -> h.values()));
                    var delivery = new Delivery(
                            "POST",
                            RECEIVER.baseUrl() + PATH,
                            "1160452",
                            headers,
                            ByteString.of(request.getBody()),
                            Instant.now());
                    var settings = Map.of(
                            HubSpotPlugin.CLIENT_SECRET, sandbox.app().clientSecret(), HubSpotPlugin.APP_ID, "1160452");
                    var account = new Account("con_1", "102670506", "1160452", settings);
                    var reading = new HubSpotPlugin().read(delivery, List.of(account), Instant.now());
                    assertThat(reading).isInstanceOf(Reading.Authentic.class);
                    return ((Reading.Authentic) reading).events().stream();
                })
                .toList();
    }

    private List<Kind> kinds() {
        return received().stream().map(IncomingEvent::kind).toList();
    }

    @Test
    void tellsOfAllThatHappensToAContact() {
        var id = sandbox.createContact("ada@example.com", Map.of());
        sandbox.changeEmail(id, "lovelace@example.com");
        sandbox.deleteContact(id);
        sandbox.restoreContact(id);
        sandbox.privacyDelete(id);
        await().until(() -> received().size() >= 7);
        assertThat(kinds())
                .containsExactlyInAnyOrder(
                        Kind.CREATED,
                        Kind.CHANGED,
                        Kind.CHANGED,
                        Kind.DELETED,
                        Kind.RESTORED,
                        Kind.DELETED,
                        Kind.ERASED);
    }

    @Test
    void tellsOfAMergeByTheNewId() {
        var merged = sandbox.mergeContacts(
                sandbox.createContact("a@example.com", Map.of()), sandbox.createContact("b@example.com", Map.of()));
        await().until(() -> kinds().contains(Kind.MERGED));
        assertThat(received())
                .filteredOn(event -> event.kind() == Kind.MERGED)
                .extracting(IncomingEvent::objectId)
                .containsExactly(merged);
    }

    @Test
    void speaksTheClassicFormToo() {
        sandbox.close();
        sandbox = SandboxHubSpot.start(SandboxApp.standard().withForm(EventForm.CLASSIC), 0, InstantSource.system());
        sandbox.sendWebhooksTo(RECEIVER.baseUrl() + PATH);
        sandbox.createContact("", Map.of());
        await().until(() -> kinds().equals(List.of(Kind.CREATED)));
        RECEIVER.verify(WireMock.postRequestedFor(WireMock.urlEqualTo(PATH))
                .withRequestBody(WireMock.containing("contact.creation")));
    }

    @Test
    void groupsManyEventsIntoFewDeliveriesOfAtMostAHundred() {
        for (int i = 0; i < 500; i++) {
            sandbox.createContact("", Map.of());
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> received().size() == 500);
        assertThat(sandbox.deliveries()).hasSizeLessThan(200).allMatch(delivery -> delivery.events() <= 100);
    }

    @Test
    void repeatsTheWholeBatchUntilItIsTaken() {
        RECEIVER.stubFor(WireMock.any(WireMock.anyUrl())
                .inScenario("trouble")
                .whenScenarioStateIs("Started")
                .willReturn(WireMock.status(503))
                .willSetStateTo("well"));
        RECEIVER.stubFor(WireMock.any(WireMock.anyUrl())
                .inScenario("trouble")
                .whenScenarioStateIs("well")
                .willReturn(WireMock.ok()));
        sandbox.createContact("", Map.of());
        await().until(() -> sandbox.deliveries().stream().anyMatch(SandboxDelivery::isTaken));
        assertThat(sandbox.deliveries()).extracting(SandboxDelivery::attempt).containsExactly(0, 1);
        assertThat(received().stream().map(IncomingEvent::dedupeKey).distinct())
                .as("both tries carry the same event")
                .hasSize(1);
    }

    @Test
    void deliversAgainOnRequest() {
        sandbox.createContact("", Map.of());
        await().until(() -> sandbox.deliveries().size() == 1);
        sandbox.deliverAgain(sandbox.deliveries().getFirst());
        await().until(() -> received().size() == 2);
        assertThat(received().stream().map(IncomingEvent::dedupeKey).distinct()).hasSize(1);
    }

    @Test
    void keepsNothingForASubscriberThatComesLater() {
        sandbox.close();
        sandbox = SandboxHubSpot.start();
        sandbox.createContact("a@example.com", Map.of());
        sandbox.sendWebhooksTo(RECEIVER.baseUrl() + PATH);
        sandbox.createContact("", Map.of());
        await().until(() -> !received().isEmpty());
        assertThat(kinds()).containsExactly(Kind.CREATED);
    }

    @Test
    void writesToNobodyOutsideLoopback() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sandbox.sendWebhooksTo("https://www.example.com/hooks"))
                .withMessageContaining("loopback");
    }
}
