package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.http.SessionCookie;
import dev.gatepost.workspace.PasswordHasher.TooManyAtOnce;
import dev.gatepost.workspace.PasswordRules;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.SecondFactor;
import dev.gatepost.workspace.Sessions;
import dev.gatepost.workspace.Sessions.SignedIn;
import dev.gatepost.workspace.SignIn;
import dev.gatepost.workspace.SignIn.Proof;
import java.util.List;

/** One's own password, and the codes beside it. Each takes the password again: a stolen session is not enough. */
public final class PasswordResource implements Resource {

    private final SignIn signIn;
    private final Sessions sessions;
    private final SecondFactor secondFactor;

    public PasswordResource(SignIn signIn, Sessions sessions, SecondFactor secondFactor) {
        this.signIn = requireNonNull(signIn, "signIn");
        this.sessions = requireNonNull(sessions, "sessions");
        this.secondFactor = requireNonNull(secondFactor, "secondFactor");
    }

    @Override
    public List<Route> routes() {
        var anybody = Permit.people(Role.values());
        return List.of(
                Route.put("/v1/password", anybody, this::change),
                Route.post("/v1/totp", anybody, this::prepare),
                Route.put("/v1/totp", anybody, this::confirm),
                Route.post("/v1/totp/off", anybody, this::switchOff));
    }

    private record Change(String current, String password) {

        @Override
        public String toString() {
            return "Change[redacted]";
        }
    }

    /** All sessions end, this one too; the answer brings a new one. */
    private Reply change(Call call) {
        var change = call.body(fields -> new Change(
                fields.text("current", SessionResource.PASSWORD_CHARS_MAX),
                fields.text("password", SessionResource.PASSWORD_CHARS_MAX)));
        var own = SessionResource.signedIn(call, sessions);
        PasswordRules.objection(change.password(), own.member().person().email())
                .ifPresent(sentence -> {
                    throw new Refused(Fault.INVALID_FIELD.of("password", sentence));
                });
        prove(call, own, "current", change.current());
        var person = own.member().person().id();
        try {
            signIn.changePassword(own.by(SessionResource.origin(call)), person, change.password());
        } catch (TooManyAtOnce _) {
            throw new Refused(SessionResource.busy());
        }
        sessions.begin(person, SessionResource.from(call)).ifPresent(token -> SessionCookie.set(call.context(), token));
        return Reply.nothing();
    }

    private void prove(Call call, SignedIn own, String field, String password) {
        switch (signIn.prove(own.member(), password, SessionResource.origin(call))) {
            case Proof.Right _ -> {}
            case Proof.Wrong _ -> throw new Refused(Fault.WRONG_PASSWORD.of(field, Fault.WRONG_PASSWORD.title()));
            case Proof.SlowDown(var after) -> throw new Refused(SessionResource.slowDown(after));
            case Proof.Busy _ -> throw new Refused(SessionResource.busy());
        }
    }

    private Reply prepare(Call call) {
        var password = call.body(fields -> fields.text("password", SessionResource.PASSWORD_CHARS_MAX));
        var own = SessionResource.signedIn(call, sessions);
        prove(call, own, "password", password);
        var setup = secondFactor.prepare(own.member().person());
        return Reply.created(JsonNodeFactory.instance
                .objectNode()
                .put("secret", setup.secret())
                .put("uri", setup.uri()));
    }

    private Reply confirm(Call call) {
        var code = call.body(fields -> fields.text("code", 16));
        var own = SessionResource.signedIn(call, sessions);
        var codes = secondFactor
                .confirm(
                        own.by(SessionResource.origin(call)),
                        own.member().person().id(),
                        code)
                .orElseThrow(() -> new Refused(Fault.INVALID_FIELD.of(
                        "code", "code must be the one that the authenticator app shows now for the new secret.")));
        var body = JsonNodeFactory.instance.objectNode();
        var list = body.putArray("recovery_codes");
        codes.forEach(list::add);
        return Reply.ok(body);
    }

    private Reply switchOff(Call call) {
        var password = call.body(fields -> fields.text("password", SessionResource.PASSWORD_CHARS_MAX));
        var own = SessionResource.signedIn(call, sessions);
        prove(call, own, "password", password);
        secondFactor.switchOff(
                own.by(SessionResource.origin(call)), own.member().person().id());
        return Reply.nothing();
    }
}
