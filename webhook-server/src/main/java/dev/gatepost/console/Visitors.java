package dev.gatepost.console;

import dev.gatepost.http.ConnectRoutes.Guest;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.http.SessionCookie;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Sessions;
import dev.gatepost.workspace.Workspaces;
import io.javalin.http.Context;
import java.util.Optional;

/** Tells one signed-in administrator's browser from another, for paths outside the console's own pages. */
public final class Visitors {
    private final Access access;
    private final Door door;

    public Visitors(Access access) {
        this.access = access;
        this.door = new Door(access);
    }

    /**
     * Who it is, the same word for a session as long as it lasts; empty when nobody is signed in.
     *
     * @throws Refused when somebody is who may only look
     */
    public Optional<Guest> of(Context context) {
        return switch (door.ask(context)) {
            case Door.Entry.Welcome _ ->
                switch (access) {
                    case Access.OpenOnLoopback _ ->
                        Optional.of(new Guest("loopback", by("demo", Workspaces.MAIN, context)));
                    case Access.BySession(var sessions, var _, var _) -> guest(sessions, context);
                };
            case Door.Entry.SignInFirst _, Door.Entry.WrongHost _ -> Optional.empty();
        };
    }

    private static Optional<Guest> guest(Sessions sessions, Context context) {
        return SessionCookie.of(context)
                .flatMap(token -> sessions.look(token).map(signedIn -> {
                    if (!mayConnect(signedIn.member().role())) {
                        throw new Refused(Fault.MISSING_ROLE.plain());
                    }
                    return new Guest(
                            SessionCookie.csrf(token), signedIn.by(context.req().getRemoteAddr()));
                }));
    }

    private static boolean mayConnect(Role role) {
        return switch (role) {
            case OWNER, ADMIN -> true;
            case VIEWER -> false;
        };
    }

    private static By by(String actor, String workspace, Context context) {
        return new By(workspace, actor, context.req().getRemoteAddr());
    }
}
