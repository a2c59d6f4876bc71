package dev.gatepost.api;

import io.javalin.http.Context;
import java.util.Optional;

/** Knows signed-in people by their session. The seam between the API and the sign-in. */
@FunctionalInterface
public interface Persons {

    /** Nobody is signed in. */
    Persons NONE = _ -> Optional.empty();

    /**
     * The person whose session this request carries, empty when it carries none.
     *
     * @throws dev.gatepost.http.Refused when it has a session and must be refused all the same, as for a wrong CSRF token
     */
    Optional<Caller.ByPerson> of(Context context);
}
