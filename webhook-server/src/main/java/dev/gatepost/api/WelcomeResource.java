package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.http.SessionCookie;
import dev.gatepost.workspace.OneTimeLinks;
import dev.gatepost.workspace.OneTimeLinks.Purpose;
import dev.gatepost.workspace.PasswordHasher.TooManyAtOnce;
import dev.gatepost.workspace.PasswordRules;
import dev.gatepost.workspace.Person;
import dev.gatepost.workspace.Sessions;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/welcome}: uses a one-time link, to become the first owner or to choose a password. */
public final class WelcomeResource implements Resource {

    private static final int TOKEN_CHARS_MAX = 128;

    private final OneTimeLinks links;
    private final Sessions sessions;
    private final SameOrigin sameOrigin;

    public WelcomeResource(OneTimeLinks links, Sessions sessions, SameOrigin sameOrigin) {
        this.links = requireNonNull(links, "links");
        this.sessions = requireNonNull(sessions, "sessions");
        this.sameOrigin = requireNonNull(sameOrigin, "sameOrigin");
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/v1/welcome", new Permit.Open(), this::use));
    }

    private record Chosen(String token, Optional<String> email, Optional<String> name, String password) {

        @Override
        public String toString() {
            return "Chosen[redacted]";
        }
    }

    private Reply use(Call call) {
        var chosen = call.body(fields -> new Chosen(
                fields.text("token", TOKEN_CHARS_MAX),
                fields.optionalText("email", SessionResource.EMAIL_CHARS_MAX),
                fields.optionalText("name", Person.NAME_LENGTH_MAX),
                fields.text("password", SessionResource.PASSWORD_CHARS_MAX)));
        sameOrigin.check(call.context());
        try {
            return switch (links.look(chosen.token())) {
                case Purpose.FirstOwner _ -> done(call, becomeOwner(call, chosen), Codes.NONE);
                case Purpose.NewPassword(var person) -> {
                    check(chosen.password(), person.email());
                    var used = links.choosePassword(chosen.token(), chosen.password(), SessionResource.origin(call));
                    yield done(call, used, person.hasTotp() ? Codes.NEEDED : Codes.NONE);
                }
                case Purpose.None _ -> throw new Refused(Fault.LINK_USED_UP.plain());
            };
        } catch (TooManyAtOnce _) {
            throw new Refused(SessionResource.busy());
        }
    }

    private Optional<String> becomeOwner(Call call, Chosen chosen) {
        var name = chosen.name()
                .flatMap(Person::name)
                .orElseThrow(() -> wrong("name", "name must be a name in printable characters."));
        var email = chosen.email()
                .flatMap(Person::email)
                .orElseThrow(() -> wrong("email", "email must be an email address."));
        check(chosen.password(), email);
        return links.becomeOwner(chosen.token(), email, name, chosen.password(), SessionResource.origin(call));
    }

    private static void check(String password, String email) {
        PasswordRules.objection(password, email).ifPresent(sentence -> {
            throw wrong("password", sentence);
        });
    }

    private static Refused wrong(String field, String sentence) {
        return new Refused(Fault.INVALID_FIELD.of(field, sentence));
    }

    private enum Codes {
        NONE,
        /** The authenticator app's code is still asked for. */
        NEEDED
    }

    /** Whoever chose the password is signed in with it, unless a code is needed as well. */
    private Reply done(Call call, Optional<String> person, Codes codes) {
        var id = person.orElseThrow(() -> new Refused(Fault.LINK_USED_UP.plain()));
        var token = codes == Codes.NONE ? sessions.begin(id, SessionResource.from(call)) : Optional.<String>empty();
        token.ifPresent(each -> SessionCookie.set(call.context(), each));
        return Reply.created(
                JsonNodeFactory.instance.objectNode().put("person_id", id).put("signed_in", token.isPresent()));
    }
}
