package dev.gatepost.console;

import io.javalin.http.Context;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lets requests for pages in, or says where to go instead. */
final class Door {

    /** Kept by browsers only with Secure, Path=/ and no Domain: nobody else on the host can set it. */
    static final String COOKIE = "__Host-gatepost";

    private final Access access;

    Door(Access access) {
        this.access = access;
    }

    /** What the door says to a request. */
    sealed interface Entry {

        record Welcome() implements Entry {}

        record SignInFirst() implements Entry {}

        /** The Host header is not one this server answers to. */
        record WrongHost() implements Entry {}
    }

    /** Asked once for each page; keeps the session alive. */
    Entry ask(Context context) {
        return switch (access) {
            case Access.OpenOnLoopback _ ->
                isLoopbackName(context.header("Host")) ? new Entry.Welcome() : new Entry.WrongHost();
            case Access.BySession(var _, var sessions) -> {
                var cookie = context.cookie(COOKIE);
                yield cookie != null && sessions.touch(cookie) ? new Entry.Welcome() : new Entry.SignInFirst();
            }
        };
    }

    /** Whether a page that was let in may stay open; asked again and again while a stream runs. */
    boolean isStillOpen(Context context) {
        return switch (access) {
            case Access.OpenOnLoopback _ -> true;
            case Access.BySession(var _, var sessions) -> {
                var cookie = context.cookie(COOKIE);
                yield cookie != null && sessions.isLive(cookie);
            }
        };
    }

    private static boolean isLoopbackName(@Nullable String host) {
        return host != null
                && host.toLowerCase(Locale.ROOT).matches("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");
    }
}
