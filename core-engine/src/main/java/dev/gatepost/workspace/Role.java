package dev.gatepost.workspace;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a signed-in person may do in a workspace. None includes another; each route names those it admits. */
public enum Role {
    /** Everything: also people, credits, erasure and the workspace itself. */
    OWNER,
    /** Workflows, connections, keys and hooks. */
    ADMIN,
    /** Looks, and changes nothing but their own sign-in. */
    VIEWER;

    /** The word in JSON and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role with this word. */
    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}
