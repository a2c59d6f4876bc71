package dev.gatepost.activecampaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Barred;
import dev.gatepost.activecampaign.ApiAnswer.Later;
import dev.gatepost.connector.CallBudget;
import dev.gatepost.connector.CallBudget.Counting;
import dev.gatepost.connector.CallBudget.Window;
import dev.gatepost.connector.Checkup.Quota;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.egress.EgressRefused;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One account's API: sends a call when the account's limit has room, and tells what it came to. Safe for any thread.
 *
 * <p>ActiveCampaign developer documentation, "Authentication" and "Rate Limits".
 */
final class Api {
    /** Octets read of an answer; a contact comes with all its lists, automations and field values. */
    static final int ANSWER_BYTES_MAX = 1024 * 1024;
    /** Longest a call waits for room; room comes within a second unless many wait. */
    static final Duration ROOM_WAIT_MAX = Duration.ofSeconds(20);
    /** Least wait after a time-out: the other side is in trouble, and soon is not soon enough for it. */
    static final Duration TIMEOUT_WAIT = Duration.ofSeconds(60);
    /** An answer that took longer says nothing any more about the calls left in a second. */
    private static final Duration TELLING_MAX = Duration.ofMillis(400);
    /** Share of a wait added at random at most, so that not everybody comes back at once. */
    private static final double JITTER_SHARE = 0.2;
    /** Causes looked at for a refusal of the egress rules; the HTTP client wraps at most twice. */
    private static final int CAUSES_MAX = 8;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final MediaType JSON = MediaType.get("application/json");

    private final AccountUrl account;
    private final String key;
    private final ConnectorTools tools;
    private final CallBudget budget;
    private final int callsPerSecond;
    private final Urgency urgency;

    /** @param callsPerSecond calls of ours in any second; all connectors of the same account share them */
    Api(AccountUrl account, String key, ConnectorTools tools, int callsPerSecond) {
        this(account, key, tools, budget(account, tools, callsPerSecond), callsPerSecond, Urgency.REAL_TIME);
    }

    private Api(
            AccountUrl account,
            String key,
            ConnectorTools tools,
            CallBudget budget,
            int callsPerSecond,
            Urgency urgency) {
        this.account = account;
        this.key = key;
        this.tools = tools;
        this.budget = budget;
        this.callsPerSecond = callsPerSecond;
        this.urgency = urgency;
    }

    /**
     * So many calls go out in any second, and never more than five are on their way or less than a second old: whenever
     * they arrive, ActiveCampaign counts no sixth.
     */
    private static CallBudget budget(AccountUrl account, ConnectorTools tools, int callsPerSecond) {
        return tools.budgets()
                .of(
                        "activecampaign:" + account.name(),
                        List.of(
                                new Window(callsPerSecond, SECOND),
                                new Window(Options.CALLS_PER_SECOND_MAX, SECOND, Counting.ON_THE_WAY)));
    }

    /** The same API, its calls of this urgency. */
    Api at(Urgency other) {
        return new Api(account, key, tools, budget, callsPerSecond, other);
    }

    /** What the account allows to all who call it. */
    CallBudget budget() {
        return budget;
    }

    AccountUrl account() {
        return account;
    }

    ConnectorTools tools() {
        return tools;
    }

    /** What is allowed; ActiveCampaign counts nothing longer than a second. */
    Quota quota() {
        return new Quota.Left(callsPerSecond, Options.CALLS_PER_SECOND_MAX, "second");
    }

    /**
     * Reads something.
     *
     * @param path below {@code /api/3/}, of safe characters only
     * @param query names and values in turn
     */
    ApiAnswer get(String path, String... query) {
        return call(request(path, query).get().build());
    }

    /** Creates something. */
    ApiAnswer post(String path, JsonNode body) {
        return call(request(path).post(json(body)).build());
    }

    /** Changes something. */
    ApiAnswer put(String path, JsonNode body) {
        return call(request(path).put(json(body)).build());
    }

    /** Removes something. */
    ApiAnswer delete(String path) {
        return call(request(path).delete().build());
    }

    private Request.Builder request(String path, String... query) {
        HttpUrl.Builder url = account.base().newBuilder().addEncodedPathSegments(path);
        for (int i = 0; i + 1 < query.length; i += 2) {
            url.addQueryParameter(query[i], query[i + 1]);
        }
        return new Request.Builder()
                .url(url.build())
                .header("Api-Token", key)
                .header("Accept", "application/json")
                .header("User-Agent", "Gatepost");
    }

    private static RequestBody json(JsonNode body) {
        return RequestBody.create(body.toString().getBytes(UTF_8), JSON);
    }

    private ApiAnswer call(Request request) {
        var full = room();
        if (full.isPresent()) {
            return full.get();
        }
        var sent = System.nanoTime();
        try (var response = tools.http().newCall(request).execute()) {
            return read(response, Duration.ofNanos(System.nanoTime() - sent));
        } catch (IOException e) {
            return broken(e);
        } finally {
            budget.answered();
        }
    }

    /** Empty when a call may go out now. */
    private Optional<ApiAnswer> room() {
        try {
            return switch (budget.enter(urgency, ROOM_WAIT_MAX)) {
                case CallBudget.Turn.Granted _ -> Optional.empty();
                case CallBudget.Turn.Full(var after) ->
                    Optional.of(new Later(after, "our own limit towards this account is used up", Attempt.FREE));
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Later(Duration.ZERO, "interrupted before the call", Attempt.FREE));
        }
    }

    private ApiAnswer read(Response response, Duration took) throws IOException {
        learn(response, took);
        var body = new Buffer();
        var source = response.body().source();
        while (body.size() <= ANSWER_BYTES_MAX && source.read(body, ANSWER_BYTES_MAX + 1L - body.size()) >= 0) {}
        if (body.size() > ANSWER_BYTES_MAX) {
            return new Bad(
                    response.code(), ApiError.ofText("the answer is longer than " + ANSWER_BYTES_MAX + " octets"));
        }
        var answer = ApiAnswers.of(
                response.code(),
                response.headers(),
                body.readByteArray(),
                tools.clock().instant());
        if (!(answer instanceof Later later)) {
            return answer;
        }
        if (response.code() == 429 || response.code() == 503) {
            budget.close(later.after());
        }
        return withJitter(later);
    }

    /** Others use up the account's calls too; what they used is not there for us. */
    private void learn(Response response, Duration took) {
        int max = number(response.header("RateLimit-Limit"));
        int remaining = number(response.header("RateLimit-Remaining"));
        if (max > 0 && remaining >= 0 && remaining <= max && took.compareTo(TELLING_MAX) < 0) {
            // One more than we know of may be a call of ours that took its time; a second one is somebody else's.
            budget.learn(SECOND, max, Math.min(max, remaining + 1), Math.max(0, max - callsPerSecond));
        }
    }

    /** A header's value, or -1 when it is missing or no number. */
    private static int number(@Nullable String text) {
        return text != null && text.strip().matches("[0-9]{1,9}") ? Integer.parseInt(text.strip()) : -1;
    }

    private Later withJitter(Later later) {
        var share = JITTER_SHARE * tools.random().nextDouble();
        return new Later(
                later.after().plusMillis((long) (later.after().toMillis() * share)), later.why(), later.counts());
    }

    private ApiAnswer broken(IOException failure) {
        var host = account.base().host();
        if (isRefusal(failure)) {
            return new Barred("the egress rules forbid to reach " + host);
        }
        var why = "no answer from " + host + ": " + failure.getClass().getSimpleName();
        if (Thread.currentThread().isInterrupted()) {
            return new Later(Duration.ZERO, why, Attempt.FREE);
        }
        return failure instanceof InterruptedIOException // OkHttp's word for a time-out
                ? withJitter(new Later(TIMEOUT_WAIT, why, Attempt.COUNTED))
                : new Later(Duration.ZERO, why, Attempt.COUNTED);
    }

    /** Whether the failure, one of its causes or one it was tried after, is a refusal by the egress rules. */
    private static boolean isRefusal(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(CAUSES_MAX)
                .flatMap(cause -> Stream.concat(Stream.of(cause), Stream.of(cause.getSuppressed())))
                .anyMatch(EgressRefused.class::isInstance);
    }
}
