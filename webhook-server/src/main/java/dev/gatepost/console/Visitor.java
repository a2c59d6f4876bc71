package dev.gatepost.console;

import static java.util.Objects.requireNonNull;

/** Who looks at a page. */
public sealed interface Visitor {

    /** Somebody at the demo, which has no accounts. */
    record Anybody() implements Visitor {}

    /** Somebody who is not signed in: there is nothing to go to but the page itself. */
    record Stranger() implements Visitor {}

    /**
     * Somebody with a session.
     *
     * @param name for people
     * @param role in the workspace the session is in
     * @param csrf goes with every request that changes something
     */
    record SignedIn(String name, String role, String csrf) implements Visitor {

        public SignedIn {
            requireNonNull(name, "name");
            requireNonNull(role, "role");
            requireNonNull(csrf, "csrf");
        }
    }
}
