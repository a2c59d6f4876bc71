package dev.gatepost.hubspot;

import static dev.gatepost.hubspot.HubSpotTestbed.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.Delivery;
import dev.gatepost.hubspot.HubSpotSignature.Older;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors as published in the tests of HubSpot's own client (HubSpot/hubspot-api-nodejs, Apache-2.0). */
class HubSpotSignatureTest {
    private static final String SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
    private static final String URL = "https://www.example.com/webhook_uri";
    private static final String V3_BODY = "{'example_field':'example_value'}";
    private static final String V3_TIME = "1693657560000";
    private static final String V3 = "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=";
    private static final String V1_BODY = "[{\"eventId\":1,\"subscriptionId\":12345,\"portalId\":62515,"
            + "\"occurredAt\":1564113600000,\"subscriptionType\":\"contact.creation\",\"attemptNumber\":0,"
            + "\"objectId\":123,\"changeSource\":\"CRM\",\"changeFlag\":\"NEW\",\"appId\":54321}]";
    private static final String V1 = "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de";

    private static Delivery v3(String timestamp, String signature) {
        return delivery(
                "POST",
                URL,
                V3_BODY,
                Map.of("X-HubSpot-Signature-v3", signature, "X-HubSpot-Request-Timestamp", timestamp));
    }

    private static Delivery v1(String version, String signature) {
        return delivery(
                "POST", URL, V1_BODY, Map.of("X-HubSpot-Signature", signature, "X-HubSpot-Signature-Version", version));
    }

    private static boolean isSigned(Delivery delivery) {
        return HubSpotSignature.isSignedWith(SECRET, delivery, Older.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "1693657560000, K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
        "1700000300000, RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw="
    })
    void knowsHubSpotsPublishedSignaturesOfVersion3(String timestamp, String signature) {
        assertThat(isSigned(v3(timestamp, signature))).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/X=",
                "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=AAAA",
                "K36dawei4A==",
                "not base64 at all",
                "2b7e9d6b07a2e00f9004da2550eaa8eecf75290d96439317657d0e7cd62e93f6"
            })
    void refusesAnyOtherText(String signature) {
        assertThat(isSigned(v3(V3_TIME, signature))).isFalse();
    }

    @Test
    void signsTheTimestampToo() {
        assertThat(isSigned(v3("1693657560001", V3))).isFalse();
    }

    @Test
    void signsMethodAndUrlToo() {
        var headers = Map.of("X-HubSpot-Signature-v3", V3, "X-HubSpot-Request-Timestamp", V3_TIME);
        assertThat(isSigned(delivery("PUT", URL, V3_BODY, headers))).isFalse();
        assertThat(isSigned(delivery("POST", URL + "/", V3_BODY, headers))).isFalse();
        assertThat(isSigned(delivery("POST", "http" + URL.substring(5), V3_BODY, headers)))
                .isFalse();
    }

    @Test
    void signsTheBodyToo() {
        var headers = Map.of("X-HubSpot-Signature-v3", V3, "X-HubSpot-Request-Timestamp", V3_TIME);
        assertThat(isSigned(delivery("POST", URL, V3_BODY + " ", headers))).isFalse();
    }

    @Test
    void refusesEverythingForAnEmptySecret() {
        assertThat(HubSpotSignature.isSignedWith("", v3(V3_TIME, V3), Older.V1)).isFalse();
    }

    @Test
    void acceptsVersion1OnlyWhereItIsAllowed() {
        assertThat(HubSpotSignature.isSignedWith(SECRET, v1("v1", V1), Older.V1))
                .isTrue();
        assertThat(HubSpotSignature.isSignedWith(SECRET, v1("v1", V1), Older.NONE))
                .isFalse();
    }

    @Test
    void refusesVersion2OnTheWebhookRoute() {
        assertThat(HubSpotSignature.isSignedWith(SECRET, v1("v2", V1), Older.V1))
                .isFalse();
        assertThat(HubSpotSignature.isSignedWith(SECRET, v1("", V1), Older.V1)).isFalse();
    }

    @Test
    void refusesAWrongSignatureOfVersion1() {
        assertThat(HubSpotSignature.isSignedWith(SECRET, v1("v1", V1.replace('2', '3')), Older.V1))
                .isFalse();
        assertThat(HubSpotSignature.isSignedWith(SECRET, v1("v1", "xyz"), Older.V1))
                .isFalse();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GET,, eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e",
        "POST, {\"example_field\":\"example_value\"}, 9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900"
    })
    void knowsHubSpotsPublishedSignaturesOfVersion2(String method, String body, String signature) {
        var headers = Map.of("X-HubSpot-Signature", signature, "X-HubSpot-Signature-Version", "v2");
        var delivery = delivery(method, URL, body == null ? "" : body, headers);
        assertThat(HubSpotSignature.isSignedWith(SECRET, delivery, Older.V2)).isTrue();
        assertThat(HubSpotSignature.isSignedWith(SECRET, delivery, Older.V1)).isFalse();
        assertThat(HubSpotSignature.isSignedWith(SECRET, delivery, Older.NONE)).isFalse();
    }

    @Test
    void refusesVersion1OnTheActionRoute() {
        assertThat(HubSpotSignature.isSignedWith(SECRET, v1("v1", V1), Older.V2))
                .isFalse();
    }

    @Test
    void looksAtVersion3OnlyWhenItIsThere() {
        var both = delivery(
                "POST",
                URL,
                V1_BODY,
                Map.of(
                        "X-HubSpot-Signature", V1,
                        "X-HubSpot-Signature-Version", "v1",
                        "X-HubSpot-Signature-v3", V3,
                        "X-HubSpot-Request-Timestamp", V3_TIME));
        assertThat(HubSpotSignature.isSignedWith(SECRET, both, Older.V1)).isFalse();
    }

    @ParameterizedTest(name = "{2}: {0}")
    @CsvFileSource(resources = "/signature-escapes.csv", delimiter = '|', quoteCharacter = '`')
    void decodesJustTheEscapesHubSpotLists(String received, String signedAs, String why) {
        assertThat(HubSpotSignature.decoded(received)).as(why).isEqualTo(signedAs);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "1693657560000, true, the same moment",
        "1693657860000, true, exactly 300000 ms later",
        "1693657860001, false, one more",
        "1693657260000, true, exactly 300000 ms earlier than signed",
        "1693657259999, false, one more"
    })
    void leavesFiveMinutesToBothSides(long now, boolean passes, String why) {
        assertThat(HubSpotSignature.objectionToTime(v3(V3_TIME, V3), Instant.ofEpochMilli(now))
                        .isEmpty())
                .as(why)
                .isEqualTo(passes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "+1693657560000", "1693657560000.0", "１６９３６５７５６００００", "9999999999999999999", "0x1", " "
            })
    void refusesATimestampThatIsNoNumber(String timestamp) {
        assertThat(HubSpotSignature.objectionToTime(v3(timestamp, V3), Instant.ofEpochMilli(1693657560000L)))
                .isPresent();
    }

    @Test
    void refusesVersion3WithoutATimestamp() {
        var delivery = delivery("POST", URL, V3_BODY, Map.of("X-HubSpot-Signature-v3", V3));
        assertThat(HubSpotSignature.objectionToTime(delivery, Instant.ofEpochMilli(1693657560000L)))
                .isPresent();
    }
}
