package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.CallBudget;
import dev.gatepost.connector.CallBudgets;
import dev.gatepost.connector.Checkup.Quota;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.hubspot.HubSpotAnswer.Bad;
import dev.gatepost.hubspot.HubSpotAnswer.Barred;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import dev.gatepost.hubspot.HubSpotAnswer.Later;
import dev.gatepost.hubspot.HubSpotAnswer.TooLong;
import dev.gatepost.hubspot.HubSpotToken.Held;
import dev.gatepost.hubspot.HubSpotTrouble.Reach;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
    /** Calls in any ten seconds that HubSpot allows an OAuth app for one account ("Usage guidelines"). */
    static final int CALLS_IN_WINDOW_MAX = 110;
    /** The stretch of time HubSpot counts calls in. */
    static final Duration WINDOW = Duration.ofSeconds(10);
    /** Searches in a second; HubSpot allows 5 for all apps of an account together ("CRM search"). */
    static final int SEARCHES_IN_A_SECOND_MAX = 3;

    /** Calls of HubSpot's limit left free, for the time between our clock and theirs. */
    static final int CALLS_SPARED = 4;
    /** Longest a call waits for room; room comes within one window unless many wait. */
    static final Duration ROOM_WAIT_MAX = Duration.ofSeconds(20);
    /** Least wait after a time-out: the other side is in trouble, and soon is not soon enough for it. */
    static final Duration TIMEOUT_WAIT = Duration.ofSeconds(60);
    /** Share of a wait added at random at most, so that not everybody comes back at once. */
    private static final double JITTER_SHARE = 0.2;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final MediaType JSON = MediaType.get("application/json");

    private final HttpUrl base;
    private final HubSpotToken token;
    private final ConnectorTools tools;
    private final Portal portal;
    private final Urgency urgency;
    private final Duration roomWaitMax;

    /** What is counted and learned for a portal, shared by all views of its API. */
    private static final class Portal {
        private final CallBudget calls;
        private final CallBudget searches;
        private final HubSpotTrouble trouble = new HubSpotTrouble();
        private final HubSpotErrors errors = new HubSpotErrors();
        private final HubSpotRefusals refusals = new HubSpotRefusals();
        private volatile @Nullable ZoneId zone;
        private volatile Quota quota = new Quota.NotTold();

        private Portal(CallBudgets budgets, String id, int callsInWindow) {
            this.calls =
                    budgets.of("hubspot:" + id, List.of(new CallBudget.Window(callsInWindow - CALLS_SPARED, WINDOW)));
            this.searches = budgets.of(
                    "hubspot-search:" + id, List.of(new CallBudget.Window(SEARCHES_IN_A_SECOND_MAX, SECOND)));
        }
    }

    /**
     * @param base without the paths of {@link HubSpotPaths}
     * @param portal the portal's id, empty while it is not known
     * @param callsInWindow calls HubSpot allows in {@link #WINDOW}, more than {@link #CALLS_SPARED}
     */
    HubSpotApi(HttpUrl base, HubSpotToken token, ConnectorTools tools, String portal, int callsInWindow) {
        this(base, token, tools, new Portal(tools.budgets(), portal, callsInWindow), Urgency.REAL_TIME, ROOM_WAIT_MAX);
    }

    private HubSpotApi(
            HttpUrl base,
            HubSpotToken token,
            ConnectorTools tools,
            Portal portal,
            Urgency urgency,
            Duration roomWaitMax) {
        this.base = base;
        this.token = token;
        this.tools = tools;
        this.portal = portal;
        this.urgency = urgency;
        this.roomWaitMax = roomWaitMax;
    }

    /** The same API, its calls of this urgency. */
    HubSpotApi at(Urgency other) {
        return new HubSpotApi(base, token, tools, portal, other, roomWaitMax);
    }

    /** The same API; a call that would have to wait longer for room is not made. */
    HubSpotApi waitingAtMost(Duration wait) {
        return new HubSpotApi(base, token, tools, portal, urgency, wait);
    }

    /** How many of the portal's answers were errors lately. */
    HubSpotErrors errors() {
        return portal.errors;
    }

    /** Whether the portal refuses what we write. */
    HubSpotRefusals refusals() {
        return portal.refusals;
    }

    ConnectorTools tools() {
        return tools;
    }

    /** Whether its tokens come by OAuth. */
    boolean isByOAuth() {
        return switch (token) {
            case HubSpotToken.Lasting _ -> false;
            case HubSpotToken.Renewed _, HubSpotToken.Ended _ -> true;
        };
    }

    /** Scopes we ask for that the token was given without, as far as HubSpot tells. */
    List<String> missingScopes() {
        return token.missingScopes();
    }

    /** What the last answer said of the calls that are left. */
    Quota quota() {
        return portal.quota;
    }

    /** Where the portal's day begins, as account details name it; what is no time zone is ignored. */
    void portalZone(String name) {
        try {
            portal.zone = ZoneId.of(name);
        } catch (DateTimeException e) {
            portal.zone = null; // the daily limit then waits its least wait
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

    /** Removes something. */
    HubSpotAnswer delete(String path) {
        return call(request(path).delete().build(), ANSWER_BYTES_MAX);
    }

    private Request.Builder request(String path) {
        return new Request.Builder()
                .url(Objects.requireNonNull(base.resolve(base.encodedPath().replaceAll("/$", "") + path), path))
                .header("Accept", "application/json")
                .header("User-Agent", "Gatepost");
    }

    private static RequestBody json(JsonNode body) {
        return RequestBody.create(body.toString().getBytes(UTF_8), JSON);
    }

    /** Looks for contacts; HubSpot counts these calls by the second too. */
    HubSpotAnswer search(String path, JsonNode body) {
        return room(portal.searches)
                .orElseGet(() -> call(request(path).post(json(body)).build(), LISTING_BYTES_MAX));
    }

    /** Once more with a new token when the old one had expired, and never a third time. */
    private HubSpotAnswer call(Request request, int answerBytesMax) {
        return switch (token.held()) {
            case Held.None(var answer) -> answer;
            case Held.Good(var first) -> {
                var answer = call(request, first, answerBytesMax);
                boolean isStale = answer instanceof Denied(var refusal, var _) && refusal == Refusal.NEEDS_REAUTH;
                if (!isStale || !token.renews(first)) {
                    yield answer;
                }
                yield switch (token.held()) {
                    case Held.None(var none) -> none;
                    case Held.Good(var second) -> call(request, second, answerBytesMax);
                };
            }
        };
    }

    private HubSpotAnswer call(Request request, String bearer, int answerBytesMax) {
        if (!portal.trouble.isOn()) {
            return send(request, bearer, answerBytesMax);
        }
        var trying = portal.trouble.trying();
        try {
            if (!trying.tryLock(roomWaitMax.toNanos(), TimeUnit.NANOSECONDS)) {
                return new Later(
                        HubSpotTrouble.WAIT_MIN, "HubSpot answers with errors; another call tries", Attempt.FREE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return interrupted();
        }
        try {
            return send(request, bearer, answerBytesMax);
        } finally {
            trying.unlock();
        }
    }

    private static Later interrupted() {
        return new Later(Duration.ZERO, "interrupted before the call", Attempt.FREE);
    }

    private HubSpotAnswer send(Request request, String bearer, int answerBytesMax) {
        var denial = portal.trouble.denial(tools.clock().instant());
        if (denial.isPresent()) {
            return denial.get();
        }
        var full = room(portal.calls);
        if (full.isPresent()) {
            return full.get();
        }
        try (var response = tools.http()
                .newCall(request.newBuilder()
                        .header("Authorization", "Bearer " + bearer)
                        .build())
                .execute()) {
            var answer = read(response, answerBytesMax);
            portal.errors.note(response.code(), tools.clock().instant());
            return learned(answer, response.code() == 429 || response.code() == 477 ? Reach.ALL : Reach.ONE);
        } catch (IOException e) {
            var answer = broken(e);
            return Thread.currentThread().isInterrupted() ? answer : learned(answer, Reach.ONE);
        }
    }

    /** The same answer; a wait that it means for others too has begun. */
    private HubSpotAnswer learned(HubSpotAnswer answer, Reach reach) {
        var now = tools.clock().instant();
        switch (answer) {
            case Good _, Bad _ -> portal.trouble.passed();
            case Later(var after, var _, var _) -> portal.calls.close(portal.trouble.failed(after, reach, now));
            case Denied denied when denied.refusal() == Refusal.NEEDS_REAUTH -> portal.trouble.denied(denied, now);
            case Denied _, Barred _, TooLong _ -> {
                // says nothing of how other calls do
            }
        }
        return answer instanceof Later later ? withJitter(later) : answer;
    }

    /** Empty when a call may go out now. */
    private Optional<HubSpotAnswer> room(CallBudget budget) {
        try {
            return switch (budget.enter(urgency, roomWaitMax)) {
                case CallBudget.Turn.Granted _ -> Optional.empty();
                case CallBudget.Turn.Full(var after) ->
                    Optional.of(new Later(
                            after,
                            "this portal is called no more for now: our own limit, or a wait it made us",
                            Attempt.FREE));
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(interrupted());
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
        return HubSpotAnswers.of(
                response.code(),
                response.headers(),
                body.readByteArray(),
                tools.clock().instant(),
                Optional.ofNullable(portal.zone));
    }

    private void learn(Response response) {
        int max = number(response.header("X-HubSpot-RateLimit-Max"));
        int remaining = number(response.header("X-HubSpot-RateLimit-Remaining"));
        boolean isOurWindow = number(response.header("X-HubSpot-RateLimit-Interval-Milliseconds")) == WINDOW.toMillis();
        if (isOurWindow && max > 0 && remaining >= 0) {
            portal.calls.learn(WINDOW, max, remaining, CALLS_SPARED);
        }
        int dailyMax = number(response.header("X-HubSpot-RateLimit-Daily"));
        int dailyLeft = number(response.header("X-HubSpot-RateLimit-Daily-Remaining"));
        if (dailyMax > 0 && dailyLeft >= 0) {
            portal.quota = new Quota.Left(dailyLeft, dailyMax, "day");
        } else if (isOurWindow && max > 0 && remaining >= 0 && !isDaily(portal.quota)) {
            portal.quota = new Quota.Left(remaining, max, "10 seconds");
        }
    }

    /** Once the day's calls were told, those in ten seconds say nothing more. */
    private static boolean isDaily(Quota quota) {
        return quota instanceof Quota.Left(var _, var _, var per) && per.equals("day");
    }

    /** A header's value, or -1 when it is missing or no number. */
    private static int number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }

    private Later withJitter(Later later) {
        var share = JITTER_SHARE * tools.random().nextDouble();
        return new Later(
                later.after().plusMillis((long) (later.after().toMillis() * share)), later.why(), later.counts());
    }

    /** Without jitter, which {@link #learned} adds. */
    private HubSpotAnswer broken(IOException failure) {
        if (HubSpotEgress.isRefusal(failure)) {
            return new Barred("the egress rules forbid to reach " + base.host());
        }
        var why = "no answer from " + base.host() + ": " + failure.getClass().getSimpleName();
        if (Thread.currentThread().isInterrupted()) {
            return new Later(Duration.ZERO, why, Attempt.FREE);
        }
        return failure instanceof InterruptedIOException // OkHttp's word for a time-out
                ? new Later(TIMEOUT_WAIT, why, Attempt.COUNTED)
                : new Later(Duration.ZERO, why, Attempt.COUNTED);
    }
}
