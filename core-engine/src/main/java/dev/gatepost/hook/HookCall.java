package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.EgressRefused;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/** Calls a receiver once and says how it went (reliability W5, W7). Safe for any thread. */
final class HookCall {
    /** Reliability W7: no more of an answer is read. */
    private static final long ANSWER_OCTETS_MAX = 16 << 10;

    /** Reliability W5: after 429 and time-outs. */
    private static final Duration PAUSE_MIN = Duration.ofMinutes(1);

    /** How long a receiver that knows us not any more (401, 403) is left alone; a person has to mend it. */
    private static final Duration REFUSED_PAUSE = Duration.ofMinutes(10);

    private static final int IDLE_CONNECTIONS = 256;
    private static final MediaType JSON = MediaType.get("application/json");

    private final Map<Consumer, OkHttpClient> clients;
    private final InstantSource clock;
    private final String agent;

    /** @param clients for each kind of receiver, reaching only what it may reach */
    HookCall(Function<Consumer, OkHttpClient> clients, InstantSource clock, String agent) {
        var pool = new ConnectionPool(IDLE_CONNECTIONS, 1, TimeUnit.MINUTES);
        this.clients = Map.of(
                Consumer.GENERIC, client(clients, Consumer.GENERIC, pool),
                Consumer.ZAPIER, client(clients, Consumer.ZAPIER, pool));
        this.clock = requireNonNull(clock, "clock");
        this.agent = requireNonNull(agent, "agent");
    }

    private static OkHttpClient client(
            Function<Consumer, OkHttpClient> clients, Consumer consumer, ConnectionPool pool) {
        return clients.apply(consumer).newBuilder().connectionPool(pool).build();
    }

    /** Posts a message. */
    Attempt post(Subscription subscription, String id, String event, String body) {
        var now = clock.instant();
        var request = request(subscription.draft().url())
                .header("webhook-id", id)
                .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
                .header("webhook-signature", WebhookSignature.header(secrets(subscription, now), id, now, body))
                .header("webhook-event", event)
                .post(RequestBody.create(body.getBytes(StandardCharsets.UTF_8), JSON))
                .build();
        return call(subscription.draft().consumer(), request);
    }

    /** Tells a Zap that we ended its subscription ("reverse unsubscribe" of Zapier's documentation). */
    Attempt end(String url) {
        return call(Consumer.ZAPIER, request(url).delete().build());
    }

    /**
     * Posts an answer to a callback URL, never twice by itself.
     *
     * @param id the header {@code webhook-id}
     */
    Posted once(String url, String id, String body) {
        var content = new OneShot(body);
        var call = newCall(
                Consumer.ZAPIER,
                request(url).header("webhook-id", id).post(content).build());
        try (var response = call.execute()) {
            var posted = posted(response);
            drain(call, response);
            return posted;
        } catch (EgressRefused e) {
            return new Posted.Ended(0, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            var why = e.getClass().getSimpleName();
            return content.isBegun
                    ? new Posted.Ended(0, "no answer: " + why + "; it may have arrived")
                    : new Posted.NotArrived(0, "no connection: " + why, Duration.ZERO);
        }
    }

    /** Only with 425, 429 and 503 a receiver says that it did not work on the request (RFC 8470, 6585, 9110). */
    private Posted posted(Response response) {
        int status = response.code();
        var outcome = status >= 200 && status < 300 ? "delivered" : "answered " + status;
        return switch (status) {
            case 425, 429, 503 ->
                new Posted.NotArrived(status, outcome, max(retryAfter(response.header("Retry-After")), PAUSE_MIN));
            default -> new Posted.Ended(status, outcome);
        };
    }

    /** A body that is written once; the HTTP client repeats no request that has one, and we see whether it was begun. */
    private static final class OneShot extends RequestBody {
        private final byte[] body;
        private volatile boolean isBegun;

        OneShot(String body) {
            this.body = body.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public MediaType contentType() {
            return JSON;
        }

        @Override
        public long contentLength() {
            return body.length;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            isBegun = true;
            sink.write(body);
        }
    }

    private Request.Builder request(String url) {
        return new Request.Builder()
                .url(requireNonNull(HttpUrl.parse(url), "url"))
                .header("User-Agent", agent);
    }

    private Call newCall(Consumer consumer, Request request) {
        return requireNonNull(clients.get(consumer), "client").newCall(request);
    }

    private static List<String> secrets(Subscription subscription, Instant now) {
        var until = subscription.previousUntil();
        return subscription.previousSecret().isEmpty() || until == null || !now.isBefore(until)
                ? List.of(subscription.secret())
                : List.of(subscription.secret(), subscription.previousSecret());
    }

    private Attempt call(Consumer consumer, Request request) {
        var call = newCall(consumer, request);
        try (var response = call.execute()) {
            var attempt = attempt(response);
            drain(call, response);
            return attempt;
        } catch (EgressRefused e) {
            return new Attempt.Refused(0, String.valueOf(e.getMessage()));
        } catch (InterruptedIOException _) {
            return new Attempt.TryAgain(0, "no answer in time", PAUSE_MIN);
        } catch (IOException e) {
            return new Attempt.TryAgain(0, "no connection: " + e.getClass().getSimpleName(), Duration.ZERO);
        }
    }

    private Attempt attempt(Response response) {
        int status = response.code();
        var asked = retryAfter(response.header("Retry-After"));
        var outcome = "answered " + status;
        if (status >= 200 && status < 300) {
            return new Attempt.Delivered(status);
        }
        return switch (status) {
            case 410 -> new Attempt.Gone();
            case 401, 403 -> new Attempt.Hold(status, outcome, max(asked, REFUSED_PAUSE));
            case 429 -> new Attempt.Hold(status, outcome, max(asked, PAUSE_MIN));
            case 408, 425 -> new Attempt.TryAgain(status, outcome, max(asked, PAUSE_MIN));
            default ->
                status >= 400 && status < 500
                        ? new Attempt.Refused(status, outcome)
                        : new Attempt.TryAgain(status, outcome, asked);
        };
    }

    /**
     * A connection whose answer was read to its end is used again; a longer answer costs the connection. The call is broken
     * off then, since the HTTP client would otherwise read on for a while when it closes the answer.
     */
    private static void drain(Call call, Response response) {
        var source = response.body().source();
        try {
            if (source.request(ANSWER_OCTETS_MAX)) {
                call.cancel();
            }
            source.getBuffer().clear();
        } catch (IOException _) {
            // the status says it all; what comes after it does not matter
        }
    }

    /** Seconds or an HTTP date; nonsense is no wait (reliability W4). */
    private Duration retryAfter(String header) {
        return Optional.ofNullable(header)
                .map(String::strip)
                .map(text -> text.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(text)) : untilDate(text))
                .filter(wait -> !wait.isNegative())
                .orElse(Duration.ZERO);
    }

    private Duration untilDate(String text) {
        try {
            var at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Duration.between(clock.instant(), at);
        } catch (DateTimeParseException _) {
            return Duration.ZERO;
        }
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
