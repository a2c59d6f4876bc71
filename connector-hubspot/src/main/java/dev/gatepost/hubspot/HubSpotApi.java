package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.hubspot.HubSpotAnswer.Barred;
import dev.gatepost.hubspot.HubSpotAnswer.Later;
import dev.gatepost.hubspot.HubSpotAnswer.TooLong;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** One portal's API: sends a call when the portal's limit has room, and tells what it came to. Safe for any thread. */
final class HubSpotApi {
    /** Octets read of the answer about one thing. */
    static final int ANSWER_BYTES_MAX = 64 * 1024;
    /** Octets read of an answer that lists many. */
    static final int LISTING_BYTES_MAX = 1024 * 1024;
    /** Calls in any ten seconds; HubSpot allows an OAuth app 110 for one account ("Usage guidelines"). */
    static final int CALLS_IN_WINDOW_MAX = 100;
    /** The stretch of time HubSpot counts calls in. */
    static final Duration WINDOW = Duration.ofSeconds(10);
    /** Calls of HubSpot's limit left free, for the time between our clock and theirs. */
    static final int CALLS_SPARED = 10;
    /** Longest a call waits for room; room comes within one window unless many wait. */
    static final Duration ROOM_WAIT_MAX = Duration.ofSeconds(20);
    /** Least wait after a time-out: the other side is in trouble, and soon is not soon enough for it. */
    static final Duration TIMEOUT_WAIT = Duration.ofSeconds(60);
    /** Share of a wait added at random at most, so that not everybody comes back at once. */
    private static final double JITTER_SHARE = 0.2;

    private static final MediaType JSON = MediaType.get("application/json");

    private final HttpUrl base;
    private final String token;
    private final ConnectorTools tools;
    private final RollingWindow window;
    private volatile @Nullable ZoneId portalZone;

    /**
     * @param base without the paths of {@link HubSpotPaths}
     * @param token bearer token of the portal
     */
    HubSpotApi(HttpUrl base, String token, ConnectorTools tools) {
        this.base = base;
        this.token = token;
        this.tools = tools;
        this.window = new RollingWindow(CALLS_IN_WINDOW_MAX, WINDOW, tools.clock());
    }

    /** Where the portal's day begins, as account details name it; what is no time zone is ignored. */
    void portalZone(String name) {
        try {
            portalZone = ZoneId.of(name);
        } catch (DateTimeException e) {
            portalZone = null; // the daily limit then waits its least wait
        }
    }

    /** Reads something small. */
    HubSpotAnswer get(String path) {
        return call(request(path).get().build(), ANSWER_BYTES_MAX);
    }

    /** Reads a list. */
    HubSpotAnswer list(String path) {
        return call(request(path).get().build(), LISTING_BYTES_MAX);
    }

    /** Creates something. */
    HubSpotAnswer post(String path, JsonNode body) {
        return call(request(path).post(json(body)).build(), ANSWER_BYTES_MAX);
    }

    /** Reads or writes many things at once; the answer lists them. */
    HubSpotAnswer batch(String path, JsonNode body) {
        return call(request(path).post(json(body)).build(), LISTING_BYTES_MAX);
    }

    /** Changes something. */
    HubSpotAnswer patch(String path, JsonNode body) {
        return call(request(path).patch(json(body)).build(), ANSWER_BYTES_MAX);
    }

    private Request.Builder request(String path) {
        return new Request.Builder()
                .url(base.newBuilder().addEncodedPathSegments(path.substring(1)).build())
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json")
                .header("User-Agent", "Gatepost");
    }

    private static RequestBody json(JsonNode body) {
        return RequestBody.create(body.toString().getBytes(UTF_8), JSON);
    }

    private HubSpotAnswer call(Request request, int answerBytesMax) {
        var wait = window.book(ROOM_WAIT_MAX);
        if (wait.isEmpty()) {
            return new Later(window.untilFree(), "our own limit towards this portal is used up", Attempt.FREE);
        }
        try {
            Thread.sleep(wait.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Later(Duration.ZERO, "interrupted before the call", Attempt.FREE);
        }
        try (var response = tools.http().newCall(request).execute()) {
            return read(response, answerBytesMax);
        } catch (IOException e) {
            return broken(e);
        }
    }

    private HubSpotAnswer read(Response response, int answerBytesMax) throws IOException {
        learn(response);
        var body = new Buffer();
        var source = response.body().source();
        while (body.size() <= answerBytesMax && source.read(body, answerBytesMax + 1L - body.size()) >= 0) {}
        if (body.size() > answerBytesMax) {
            return new TooLong("HubSpot's answer is longer than " + answerBytesMax + " octets");
        }
        var answer = HubSpotAnswers.of(
                response.code(),
                response.headers(),
                body.readByteArray(),
                tools.clock().instant(),
                Optional.ofNullable(portalZone));
        return answer instanceof Later later ? withJitter(later) : answer;
    }

    private void learn(Response response) {
        int max = number(response.header("X-HubSpot-RateLimit-Max"));
        int remaining = number(response.header("X-HubSpot-RateLimit-Remaining"));
        boolean isOurWindow = number(response.header("X-HubSpot-RateLimit-Interval-Milliseconds")) == WINDOW.toMillis();
        if (isOurWindow && max > 0 && remaining >= 0) {
            window.learn(max, remaining, CALLS_SPARED);
        }
    }

    /** A header's value, or -1 when it is missing or no number. */
    private static int number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1;
    }

    private Later withJitter(Later later) {
        var share = JITTER_SHARE * tools.random().nextDouble();
        return new Later(
                later.after().plusMillis((long) (later.after().toMillis() * share)), later.why(), later.counts());
    }

    private HubSpotAnswer broken(IOException failure) {
        if (HubSpotEgress.isRefusal(failure)) {
            return new Barred("the egress rules forbid to reach " + base.host());
        }
        var why = "no answer from " + base.host() + ": " + failure.getClass().getSimpleName();
        if (Thread.currentThread().isInterrupted()) {
            return new Later(Duration.ZERO, why, Attempt.FREE);
        }
        return failure instanceof InterruptedIOException // OkHttp's word for a time-out
                ? withJitter(new Later(TIMEOUT_WAIT, why, Attempt.COUNTED))
                : new Later(Duration.ZERO, why, Attempt.COUNTED);
    }
}
