package dev.gatepost.hubspot;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static dev.gatepost.hubspot.HubSpotTestbed.connector;
import static dev.gatepost.hubspot.HubSpotTestbed.finding;
import static dev.gatepost.hubspot.HubSpotTestbed.impatient;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.connector.WriteBack.GaveUp;
import dev.gatepost.connector.WriteBack.RetryLater;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reliability T4: a CRM, or what stands before it, that misbehaves on the wire. */
class HubSpotFaultsTest {
    @RegisterExtension
    static final WireMockExtension CRM = WireMockExtension.newInstance().build();

    private static WriteBack writeBack() {
        return connector(CRM.baseUrl())
                .writeBack(Urgency.REAL_TIME, List.of(finding("1", "ada@example.com")))
                .getFirst();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void comesBackLaterAfterACutConnection(Fault fault) {
        CRM.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));
        assertThat(writeBack())
                .isInstanceOfSatisfying(
                        RetryLater.class, later -> assertThat(later.counts()).isEqualTo(Attempt.COUNTED));
    }

    /** Reliability W5: time-outs wait a minute at least. */
    @Test
    void leavesASlowCrmAloneForAMinute() {
        CRM.stubFor(any(anyUrl()).willReturn(okJson("{\"results\":[]}").withChunkedDribbleDelay(20, 10_000)));
        var slow = connector(CRM.baseUrl(), impatient(Duration.ofMillis(300)));
        assertThat(slow.contacts(Urgency.REAL_TIME, List.of("1")))
                .isInstanceOfSatisfying(
                        Contacts.RetryLater.class,
                        later -> assertThat(later.after()).isGreaterThanOrEqualTo(Duration.ofSeconds(60)));
    }

    @Test
    void comesBackLaterWhenNobodyListens() {
        var nobody = connector("http://127.0.0.1:1");
        assertThat(nobody.contacts(Urgency.REAL_TIME, List.of("1"))).isInstanceOf(Contacts.RetryLater.class);
    }

    /** Reliability W7. */
    @Test
    void followsNoRedirect() {
        CRM.stubFor(any(anyUrl())
                .willReturn(aResponse().withStatus(307).withHeader("Location", CRM.baseUrl() + "/elsewhere")));
        assertThat(writeBack()).isInstanceOf(RetryLater.class);
        CRM.verify(1, anyRequestedFor(anyUrl()));
    }

    /** Reliability E5. */
    @Test
    void givesUpWhenTheEgressRulesForbidTheDestination() {
        var barred = connector(CRM.baseUrl(), HubSpotTestbed.http(""));
        assertThat(barred.writeBack(Urgency.REAL_TIME, List.of(finding("1", "ada@example.com"))))
                .singleElement()
                .isInstanceOfSatisfying(
                        GaveUp.class, gaveUp -> assertThat(gaveUp.why()).contains("egress rules"));
        assertThat(barred.contacts(Urgency.REAL_TIME, List.of("1"))).isInstanceOf(Contacts.RetryLater.class);
        CRM.verify(0, anyRequestedFor(anyUrl()));
    }

    @Test
    void sendsTheTokenAsBearer() {
        CRM.stubFor(any(anyUrl()).willReturn(okJson("{\"results\":[]}")));
        writeBack();
        CRM.verify(anyRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer pat-test")));
    }

    @Test
    void keepsAPathOfTheApiAddress() {
        CRM.stubFor(any(anyUrl()).willReturn(okJson("{\"results\":[]}")));
        connector(CRM.baseUrl() + "/proxy/").contacts(Urgency.REAL_TIME, List.of("1"));
        CRM.verify(anyRequestedFor(com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo(
                "/proxy/crm/objects/2026-09/contacts/batch/read")));
    }

    @Test
    void tellsNoSecretAndNoAddressInItsReasons() {
        CRM.stubFor(any(anyUrl())
                .willReturn(aResponse().withStatus(400).withBody("{\"message\":\"ada@example.com is no good\"}")));
        assertThat(writeBack())
                .isInstanceOfSatisfying(
                        GaveUp.class, gaveUp -> assertThat(gaveUp.why()).doesNotContain("ada@", "pat-test"));
    }

    @Test
    void takesJsonThatNestsTooDeepAsNoAnswer() {
        CRM.stubFor(any(anyUrl()).willReturn(okJson("[".repeat(1_000) + "]".repeat(1_000))));
        assertThat(writeBack()).isInstanceOf(RetryLater.class);
    }

    @Test
    void stopsCallingWhenTheWindowHasNoRoomWithinItsWait() {
        CRM.stubFor(any(anyUrl()).willReturn(okJson("{\"results\":[]}")));
        var connector = connector(CRM.baseUrl());
        Contacts last;
        int calls = 0;
        do {
            Thread.currentThread().interrupt(); // so that a wait ends at once; the clock stands still
            last = connector.contacts(Urgency.REAL_TIME, List.of("1"));
            assertThat(Thread.interrupted()).as("the interrupt is passed on").isTrue();
            calls++;
        } while (last instanceof Contacts.Found && calls < 2 * HubSpotApi.CALLS_IN_WINDOW_MAX);
        assertThat(last).isInstanceOf(Contacts.RetryLater.class);
    }
}
