package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.hubspot.HubSpotAnswer.Bad;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import dev.gatepost.hubspot.HubSpotAnswer.Later;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class HubSpotAnswersTest {
    private static final Instant NOW = Instant.parse("2026-11-02T09:30:00Z");
    private static final Headers NONE = Headers.of();

    private static HubSpotAnswer answer(int status, Headers headers, String body) {
        return HubSpotAnswers.of(status, headers, body.getBytes(UTF_8), NOW, Optional.empty());
    }

    private static String limited(String policy) {
        return "{\"status\":\"error\",\"message\":\"You have reached your limit.\",\"errorType\":\"RATE_LIMIT\","
                + "\"policyName\":\"" + policy + "\"}";
    }

    @ParameterizedTest(name = "{0} {1}: {4}")
    @CsvFileSource(resources = "/answers.csv", delimiter = '|', quoteCharacter = '`')
    void classifiesEachAnswer(int status, String category, String outcome, String after, String why) {
        var body = "{\"status\":\"error\",\"category\":\"" + category + "\",\"message\":\"so\"}";
        var answer = answer(status, NONE, category.equals("HTML") ? "<html>Bad Gateway</html>" : body);
        var actual = switch (answer) {
            case Good _ -> "good";
            case Bad _ -> "bad";
            case Later(var wait, var _, var counts) -> {
                assertThat(wait).as(why).isEqualTo(Duration.parse(after));
                yield counts == Attempt.FREE ? "free wait" : "counted wait";
            }
            case Denied(var refusal, var _) -> refusal == Refusal.NEEDS_REAUTH ? "reauth" : "scope";
            case HubSpotAnswer.Barred _, HubSpotAnswer.TooLong _ -> "impossible";
        };
        assertThat(actual).as(why).isEqualTo(outcome);
    }

    @ParameterizedTest(name = "{5}")
    @CsvSource({
        "TEN_SECONDLY_ROLLING, , , PT10S, the window's length when nothing is said",
        "TEN_SECONDLY_ROLLING, , 7000, PT7S, the interval header",
        "TEN_SECONDLY_ROLLING, 3, 7000, PT3S, Retry-After wins",
        "TEN_SECONDLY_ROLLING, soon, 7000, PT7S, nonsense is ignored",
        "TEN_SECONDLY_ROLLING, -5, , PT10S, nonsense is ignored",
        "SECONDLY, , , PT1S, the limit of the search",
        "SOMETHING_NEW, , , PT10S, unknown names are bursts",
        "DAILY, , , PT15M, at least a quarter of an hour",
        "DAILY, 60, , PT15M, at least a quarter of an hour",
        "DAILY, 7200, , PT2H, longer when asked for"
    })
    void waitsAsThePolicyOfTheLimitSays(String policy, String retryAfter, String interval, String after, String why) {
        var headers = new Headers.Builder();
        if (retryAfter != null) {
            headers.add("Retry-After", retryAfter);
        }
        if (interval != null) {
            headers.add("X-HubSpot-RateLimit-Interval-Milliseconds", interval);
        }
        assertThat(answer(429, headers.build(), limited(policy))).isInstanceOfSatisfying(Later.class, later -> {
            assertThat(later.after()).as(why).isEqualTo(Duration.parse(after));
            assertThat(later.counts()).isEqualTo(Attempt.FREE);
        });
    }

    @Test
    void waitsForThePortalsMidnightOnceTheDaysCallsAreUsedUp() {
        var answer = HubSpotAnswers.of(
                429, NONE, limited("DAILY").getBytes(UTF_8), NOW, Optional.of(ZoneId.of("America/New_York")));
        assertThat(answer) // half past four in the morning there
                .isInstanceOfSatisfying(
                        Later.class, later -> assertThat(later.after()).isEqualTo(Duration.parse("PT19H30M")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"'120', PT2M", "'Mon, 2 Nov 2026 09:31:00 GMT', PT1M", "'999999999', PT24H"})
    void readsRetryAfterAsSecondsOrDateUpToADay(String text, String after) {
        assertThat(HubSpotAnswers.asked(Headers.of("Retry-After", text), NOW)).contains(Duration.parse(after));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"0", "-1", "1.5", "'Mon, 2 Nov 2026 09:29:00 GMT'", "'Foo, 99 Nov'", "99999999999999999999"})
    void ignoresARetryAfterThatMakesNoSense(String text) {
        assertThat(HubSpotAnswers.asked(Headers.of("Retry-After", text), NOW)).isEmpty();
    }

    @Test
    void namesTheMissingScopes() {
        var body = "{\"status\":\"error\",\"category\":\"MISSING_SCOPES\",\"message\":\"needs scopes\","
                + "\"errors\":[{\"message\":\"one or more\",\"context\":{\"requiredGranularScopes\":"
                + "[\"crm.objects.contacts.write\",\"crm.schemas.contacts.write\"]}}]}";
        assertThat(answer(403, NONE, body)).isInstanceOfSatisfying(Denied.class, denied -> {
            assertThat(denied.refusal()).isEqualTo(Refusal.MISSING_SCOPE);
            assertThat(denied.why()).contains("crm.objects.contacts.write", "crm.schemas.contacts.write");
        });
    }

    /** Reliability L1: HubSpot's messages repeat values, and a value may be somebody's address. */
    @Test
    void keepsNoAddressOfAMessage() {
        var body =
                "{\"message\":\"Email address ada.lovelace+x@example.com is invalid\\nline two\",\"correlationId\":\"c-1\"}";
        assertThat(answer(400, NONE, body)).isInstanceOfSatisfying(Bad.class, bad -> {
            assertThat(bad.why()).doesNotContain("lovelace", "\n").contains("***@example.com", "c-1", "400");
        });
    }

    @Test
    void boundsAMessage() {
        assertThat(answer(400, NONE, "{\"message\":\"" + "x".repeat(50_000) + "\"}"))
                .isInstanceOfSatisfying(Bad.class, bad -> assertThat(bad.why()).hasSizeLessThan(400));
    }

    @Test
    void retriesAGoodStatusWithSomethingElseThanJson() {
        assertThat(answer(200, NONE, "<html>welcome</html>")).isInstanceOf(Later.class);
    }

    @Test
    void takesAnEmptyGoodAnswer() {
        assertThat(answer(204, NONE, "")).isInstanceOf(Good.class);
    }
}
