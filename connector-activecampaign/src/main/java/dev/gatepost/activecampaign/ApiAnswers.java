package dev.gatepost.activecampaign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Denied;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.activecampaign.ApiAnswer.Later;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.WriteBack.Attempt;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import okhttp3.Headers;

/**
 * Status, headers and body of an HTTP answer to {@link ApiAnswer}. Pure.
 *
 * <p>ActiveCampaign developer documentation, "Rate Limits", and its OpenAPI document of version 3 for the errors.
 */
final class ApiAnswers {
    /** Wait at the limit when none is named; the documented answer names 30 seconds. */
    static final Duration LIMIT_WAIT = Duration.ofSeconds(30);
    /** No answer of a CRM makes us wait longer. */
    static final Duration WAIT_MAX = Duration.ofHours(24);

    private ApiAnswers() {}

    /** @param body what was read, already within bounds */
    static ApiAnswer of(int status, Headers headers, byte[] body, Instant now) {
        var json = CrmJson.read(body);
        if (status >= 200 && status < 300) {
            return good(body, json);
        }
        var error = ApiError.of(json);
        var why = "ActiveCampaign answered " + status + ": " + error.text();
        return switch (status) {
            case 401 -> new Denied(Refusal.NEEDS_REAUTH, why);
            case 403 -> new Denied(Refusal.MISSING_SCOPE, why);
            case 408, 425 -> new Later(asked(headers, now).orElse(Duration.ZERO), why, Attempt.COUNTED);
            // An older client of theirs reports 503 at the limit.
            case 429, 503 -> new Later(asked(headers, now).orElse(LIMIT_WAIT), why, Attempt.FREE);
            default ->
                status >= 400 && status < 500
                        ? new Bad(status, error)
                        : new Later(asked(headers, now).orElse(Duration.ZERO), why, Attempt.COUNTED);
        };
    }

    /** For a good status whose body is not what ActiveCampaign answers: somebody else stands in between. */
    static Later notTheirs() {
        return new Later(Duration.ZERO, "a good answer, but not in ActiveCampaign's form", Attempt.COUNTED);
    }

    private static ApiAnswer good(byte[] body, Optional<JsonNode> json) {
        if (body.length == 0) {
            return new Good(CrmJson.object());
        }
        return json.<ApiAnswer>map(Good::new).orElseGet(ApiAnswers::notTheirs);
    }

    /** {@code Retry-After} in seconds or as a date (RFC 9110, section 10.2.3), at most a day; nonsense is ignored. */
    static Optional<Duration> asked(Headers headers, Instant now) {
        var header = headers.get("Retry-After");
        if (header == null) {
            return Optional.empty();
        }
        var text = header.strip();
        var wait = text.matches("[0-9]{1,9}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                : date(text).map(at -> Duration.between(now, at));
        return wait.filter(Duration::isPositive)
                .map(duration -> duration.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : duration);
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty(); // nonsense is ignored
        }
    }
}
