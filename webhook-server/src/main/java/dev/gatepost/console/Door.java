package dev.gatepost.console;

import dev.gatepost.http.SessionCookie;
import dev.gatepost.workspace.Member;
import io.javalin.http.Context;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lets requests for pages in, or says where to go instead. */
final class Door {

    private final Access access;

    Door(Access access) {
        this.access = access;
    }

    /** What the door says to a request. */
    sealed interface Entry {

        record Welcome(Visitor visitor) implements Entry {}

        record SignInFirst() implements Entry {}

        /** The Host header is not one this server answers to. */
        record WrongHost() implements Entry {}
    }

    /** Asked once for each page; keeps the session alive. */
    Entry ask(Context context) {
        return switch (access) {
            case Access.OpenOnLoopback _ ->
                isLoopbackName(context.header("Host"))
                        ? new Entry.Welcome(new Visitor.Anybody())
                        : new Entry.WrongHost();
            case Access.BySession(var sessions, var _, var _) ->
                SessionCookie.of(context)
                        .flatMap(token -> sessions.touch(token).map(signedIn -> visitor(signedIn.member(), token)))
                        .<Entry>map(Entry.Welcome::new)
                        .orElseGet(Entry.SignInFirst::new);
        };
    }

    private static Visitor visitor(Member member, String token) {
        return new Visitor.SignedIn(member.person().name(), member.role().word(), SessionCookie.csrf(token));
    }

    /** Whether a page that was let in may stay open; asked again and again while a stream runs. */
    boolean isStillOpen(Context context) {
        return switch (access) {
            case Access.OpenOnLoopback _ -> true;
            case Access.BySession(var sessions, var _, var _) ->
                SessionCookie.of(context).flatMap(sessions::look).isPresent();
        };
    }

    /**
     * Whether the browser will keep a cookie that is for https only: over https, or on its own machine. The scheme is the
     * proxy's business, so whoever calls says whether there is one.
     */
    static boolean keepsCookies(Context context) {
        return isLoopbackName(context.header("Host"));
    }

    private static boolean isLoopbackName(@Nullable String host) {
        return host != null
                && host.toLowerCase(Locale.ROOT).matches("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");
    }
}
