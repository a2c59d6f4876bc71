package dev.gatepost.console;

import dev.gatepost.http.SessionCookie;
import io.javalin.http.Context;
import java.util.Optional;

/** Tells one signed-in browser from another, for paths outside the console's own pages. */
public final class Visitors {
    private final Door door;

    public Visitors(Access access) {
        this.door = new Door(access);
    }

    /** A word that stands for the session, the same as long as it lasts; empty when nobody is signed in. */
    public Optional<String> of(Context context) {
        return switch (door.ask(context)) {
            case Door.Entry.Welcome _ ->
                Optional.of(SessionCookie.of(context).map(SessionCookie::csrf).orElse("loopback"));
            case Door.Entry.SignInFirst _, Door.Entry.WrongHost _ -> Optional.empty();
        };
    }
}
