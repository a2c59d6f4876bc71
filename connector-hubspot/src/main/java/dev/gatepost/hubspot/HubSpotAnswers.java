package dev.gatepost.hubspot;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.hubspot.HubSpotAnswer.Bad;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import dev.gatepost.hubspot.HubSpotAnswer.Later;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Status, headers and body of an HTTP answer to {@link HubSpotAnswer}. Pure.
 *
 * <p>HubSpot developer documentation, "Error handling" and "Usage guidelines".
 */
final class HubSpotAnswers {
    /** Wait after a burst when HubSpot names none: the length of its window. "Usage guidelines". */
    static final Duration BURST_WAIT = Duration.ofSeconds(10);
    /** Wait after the limit that is counted by the second. */
    static final Duration SECOND_WAIT = Duration.ofSeconds(1);
    /** Least wait once the day's calls are used up; midnight may be counted a little differently there. */
    static final Duration DAILY_WAIT_MIN = Duration.ofMinutes(15);
    /** Least wait for a locked record. "Error handling", status 423. */
    static final Duration LOCKED_WAIT = Duration.ofSeconds(2);
    /** Wait while a portal moves to another data centre and HubSpot names none. */
    static final Duration MIGRATION_WAIT = Duration.ofHours(1);
    /** No answer of a CRM makes us wait longer. */
    static final Duration WAIT_MAX = Duration.ofHours(24);

    private HubSpotAnswers() {}

    /**
     * @param body what was read, already within bounds
     * @param portalZone where the portal's day begins; empty while unknown
     */
    static HubSpotAnswer of(int status, Headers headers, byte[] body, Instant now, Optional<ZoneId> portalZone) {
        var json = CrmJson.read(body);
        if (status >= 200 && status < 300) {
            return good(status, body, json);
        }
        var error = json.filter(JsonNode::isObject)
                .map(HubSpotError::of)
                .orElseGet(() -> HubSpotError.ofText("an answer that is not HubSpot's JSON"));
        var why = "HubSpot answered " + status + ": " + error.text();
        return switch (status) {
            case 401 -> new Denied(Refusal.NEEDS_REAUTH, why);
            case 403 -> new Denied(Refusal.MISSING_SCOPE, why + scopes(error));
            case 408, 425 -> new Later(asked(headers, now).orElse(Duration.ZERO), why, Attempt.COUNTED);
            case 423 -> new Later(longer(LOCKED_WAIT, asked(headers, now)), why, Attempt.COUNTED);
            case 429 -> new Later(limited(error, headers, now, portalZone), why, Attempt.FREE);
            case 477 -> new Later(asked(headers, now).orElse(MIGRATION_WAIT), why, Attempt.FREE);
            default ->
                status >= 400 && status < 500
                        ? new Bad(status, error)
                        : new Later(asked(headers, now).orElse(Duration.ZERO), why, Attempt.COUNTED);
        };
    }

    /** For a good status whose body is not what HubSpot answers: somebody else stands in between. */
    static Later notHubSpots() {
        return new Later(Duration.ZERO, "a good answer, but not in HubSpot's form", Attempt.COUNTED);
    }

    private static HubSpotAnswer good(int status, byte[] body, Optional<JsonNode> json) {
        if (body.length == 0) {
            return new Good(status, CrmJson.object());
        }
        return json.<HubSpotAnswer>map(tree -> new Good(status, tree)).orElseGet(HubSpotAnswers::notHubSpots);
    }

    private static String scopes(HubSpotError error) {
        var scopes = error.words().stream().filter(word -> word.contains(".")).collect(joining(", "));
        return scopes.isEmpty() ? "" : "; needed: " + HubSpotError.readable(scopes);
    }

    private static Duration limited(HubSpotError error, Headers headers, Instant now, Optional<ZoneId> portalZone) {
        return switch (error.policy()) {
            case "DAILY" ->
                longer(
                        DAILY_WAIT_MIN,
                        portalZone.map(zone -> untilMidnight(now.atZone(zone))).or(() -> asked(headers, now)));
            case "SECONDLY" -> asked(headers, now).orElse(SECOND_WAIT);
            default -> asked(headers, now).or(() -> interval(headers)).orElse(BURST_WAIT);
        };
    }

    private static Duration untilMidnight(ZonedDateTime now) {
        return Duration.between(now, now.toLocalDate().plusDays(1).atStartOfDay(now.getZone()));
    }

    private static Optional<Duration> interval(Headers headers) {
        return number(headers.get("X-HubSpot-RateLimit-Interval-Milliseconds"))
                .map(Duration::ofMillis)
                .filter(interval -> interval.compareTo(WAIT_MAX) <= 0);
    }

    /** {@code Retry-After} in seconds or as a date (RFC 9110, section 10.2.3), at most a day; nonsense is ignored. */
    static Optional<Duration> asked(Headers headers, Instant now) {
        var text = headers.get("Retry-After");
        if (text == null) {
            return Optional.empty();
        }
        var wait = number(text).map(Duration::ofSeconds).or(() -> date(text).map(at -> Duration.between(now, at)));
        return wait.filter(Duration::isPositive)
                .map(duration -> duration.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : duration);
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty(); // nonsense is ignored
        }
    }

    private static Optional<Long> number(@Nullable String text) {
        if (text == null || !text.strip().matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(text.strip()));
    }

    private static Duration longer(Duration least, Optional<Duration> other) {
        return other.filter(duration -> duration.compareTo(least) > 0).orElse(least);
    }
}
