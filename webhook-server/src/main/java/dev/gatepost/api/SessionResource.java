package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.http.SessionCookie;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Sessions;
import dev.gatepost.workspace.Sessions.From;
import dev.gatepost.workspace.Sessions.SignedIn;
import dev.gatepost.workspace.SignIn;
import dev.gatepost.workspace.SignIn.Outcome;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Signing in and out, and one's own sessions. */
public final class SessionResource implements Resource {

    /** Longest text that is looked at as a password: any password, and white space by mistake. */
    static final int PASSWORD_CHARS_MAX = 1_000;

    /** RFC 5321: the longest address, and some white space. */
    static final int EMAIL_CHARS_MAX = 400;

    private static final int CODE_CHARS_MAX = 64;
    private static final int BUSY_RETRY_SECONDS = 5;

    private final SignIn signIn;
    private final Sessions sessions;
    private final SameOrigin sameOrigin;

    public SessionResource(SignIn signIn, Sessions sessions, SameOrigin sameOrigin) {
        this.signIn = requireNonNull(signIn, "signIn");
        this.sessions = requireNonNull(sessions, "sessions");
        this.sameOrigin = requireNonNull(sameOrigin, "sameOrigin");
    }

    @Override
    public List<Route> routes() {
        var anybody = Permit.people(Role.values());
        return List.of(
                Route.post("/v1/session", new Permit.Open(), this::signIn),
                Route.get("/v1/session", anybody, this::show),
                Route.put("/v1/session", anybody, this::enter),
                Route.delete("/v1/session", anybody, this::signOut),
                Route.get("/v1/sessions", anybody, this::list),
                Route.delete("/v1/sessions/{id}", anybody, this::end));
    }

    private Reply signIn(Call call) {
        var context = call.context();
        var typed = call.body(fields -> new SignIn.Typed(
                fields.text("email", EMAIL_CHARS_MAX),
                fields.text("password", PASSWORD_CHARS_MAX),
                fields.optionalText("code", CODE_CHARS_MAX).orElse("")));
        sameOrigin.check(context);
        return switch (signIn.attempt(typed, from(call))) {
            case Outcome.Welcome(var token) -> welcome(context, token);
            case Outcome.Wrong _ -> throw new Refused(Fault.SIGN_IN_FAILED.plain());
            case Outcome.CodeNeeded _ -> throw new Refused(Fault.CODE_NEEDED.of("code", Fault.CODE_NEEDED.title()));
            case Outcome.SlowDown(var after) -> throw new Refused(slowDown(after));
            case Outcome.Busy _ -> throw new Refused(busy());
        };
    }

    /** Whatever session the browser had before ends: nobody keeps an id that somebody else may know. */
    private Reply welcome(Context context, String token) {
        SessionCookie.of(context).flatMap(sessions::look).ifPresent(old -> end(context, old));
        SessionCookie.set(context, token);
        var signedIn = sessions.look(token).orElseThrow(() -> new IllegalStateException("a new session is gone"));
        return Reply.created(json(signedIn, token));
    }

    private void end(Context context, SignedIn old) {
        var person = old.member().person().id();
        sessions.end(old.by(context.req().getRemoteAddr()), person, old.sessionId());
    }

    static From from(Call call) {
        return new From(
                origin(call), Optional.ofNullable(call.context().userAgent()).orElse(""));
    }

    /** Where a request comes from. */
    static String origin(Call call) {
        return call.context().req().getRemoteAddr();
    }

    static Problem slowDown(Duration after) {
        var seconds = Math.max(1, after.plusMillis(999).toSeconds());
        return Fault.RATE_LIMITED
                .saying("Too many sign-ins failed. Try again in " + seconds + " s.")
                .with("Retry-After", Long.toString(seconds));
    }

    static Problem busy() {
        return Problem.unavailable(BUSY_RETRY_SECONDS);
    }

    private Reply show(Call call) {
        call.query(_ -> "");
        var token = SessionCookie.of(call.context()).orElse("");
        return Reply.ok(json(signedIn(call, sessions), token));
    }

    private static ObjectNode json(SignedIn signedIn, String token) {
        var member = signedIn.member();
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", signedIn.sessionId())
                .put("person_id", member.person().id())
                .put("email", member.person().email())
                .put("name", member.person().name())
                .put("totp", member.person().hasTotp())
                .put("workspace", member.workspaceId())
                .put("role", member.role().word())
                .put("began_at", signedIn.beganAt().toString())
                .put("csrf_token", SessionCookie.csrf(token));
    }

    private Reply enter(Call call) {
        var workspace = call.body(fields -> fields.text("workspace", 64));
        if (!sessions.enter(signedIn(call, sessions), workspace)) {
            throw new Refused(Fault.INVALID_FIELD.of("workspace", "workspace must be one you belong to."));
        }
        var token = SessionCookie.of(call.context()).orElse("");
        return Reply.ok(json(signedIn(call, sessions), token));
    }

    private Reply signOut(Call call) {
        end(call.context(), signedIn(call, sessions));
        SessionCookie.clear(call.context());
        return Reply.nothing();
    }

    private Reply list(Call call) {
        call.query(_ -> "");
        var own = signedIn(call, sessions);
        var body = JsonNodeFactory.instance.objectNode();
        var data = body.putArray("data");
        for (var open : sessions.open(own.member().person().id())) {
            data.addObject()
                    .put("id", open.id())
                    .put("workspace", open.workspaceId())
                    .put("began_at", open.beganAt().toString())
                    .put("last_used_at", open.seenAt().toString())
                    .put("origin", open.from().origin())
                    .put("agent", open.from().agent())
                    .put("current", open.id().equals(own.sessionId()));
        }
        body.putNull("next"); // there are never more than a page holds
        return Reply.ok(body);
    }

    private Reply end(Call call) {
        var own = signedIn(call, sessions);
        var person = own.member().person().id();
        if (!sessions.end(own.by(origin(call)), person, call.path("id"))) {
            throw new Refused(Problem.notFound());
        }
        return Reply.nothing();
    }

    /** The session of a request that was admitted as a person's. */
    static SignedIn signedIn(Call call, Sessions sessions) {
        return SessionCookie.of(call.context())
                .flatMap(sessions::look)
                .orElseThrow(() -> new Refused(Fault.MISSING_KEY.plain())); // it ended this very moment
    }
}
