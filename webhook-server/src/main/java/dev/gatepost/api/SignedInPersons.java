package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.http.SessionCookie;
import dev.gatepost.workspace.Sessions;
import dev.gatepost.workspace.Sessions.SignedIn;
import io.javalin.http.Context;
import java.util.Optional;

/** Knows people by their session's cookie; what changes something must come from our own pages. Safe for any thread. */
public final class SignedInPersons implements Persons {

    private final Sessions sessions;
    private final SameOrigin sameOrigin;

    public SignedInPersons(Sessions sessions, SameOrigin sameOrigin) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.sameOrigin = requireNonNull(sameOrigin, "sameOrigin");
    }

    @Override
    public Optional<Caller.ByPerson> of(Context context) {
        var token = SessionCookie.of(context);
        var signedIn = token.flatMap(sessions::touch);
        if (signedIn.isPresent() && !isReading(context)) {
            sameOrigin.check(context);
            if (!SessionCookie.isProven(context, token.orElseThrow())) {
                throw new Refused(Fault.CSRF_TOKEN_WRONG.plain());
            }
        }
        return signedIn.map(SignedInPersons::caller);
    }

    private static boolean isReading(Context context) {
        var method = context.req().getMethod();
        return method.equals("GET") || method.equals("HEAD");
    }

    private static Caller.ByPerson caller(SignedIn signedIn) {
        var member = signedIn.member();
        return new Caller.ByPerson(member.person().id(), member.workspaceId(), member.role());
    }
}
