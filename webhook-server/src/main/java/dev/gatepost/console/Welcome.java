package dev.gatepost.console;

import static java.util.Objects.requireNonNull;

/**
 * The page behind a one-time link.
 *
 * @param token goes back with what is chosen
 * @param email whose password is chosen; empty for the first owner, who enters it
 */
public record Welcome(String token, String email) {

    public Welcome {
        requireNonNull(token, "token");
        requireNonNull(email, "email");
    }
}
