package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

/**
 * One thing an admin fills in to connect an account. The console draws it, the command line offers it.
 *
 * @param name lower-case words with hyphens, for example {@code client-secret}; the option {@code --client-secret-file}
 *     of the command line follows from it for secrets, {@code --app-id} for others
 * @param label for people
 * @param help one sentence: what it is and where to find it
 * @param kind how it is kept and shown
 * @param need whether connecting works without it
 */
public record Setting(String name, String label, String help, Kind kind, Need need) {
    public Setting {
        requireNonNull(name, "name");
        requireNonNull(label, "label");
        requireNonNull(help, "help");
        requireNonNull(kind, "kind");
        requireNonNull(need, "need");
    }

    /** How a setting is kept. */
    public enum Kind {
        TEXT,
        URL,
        /** Encrypted at rest, never shown again, never an argument of a command. */
        SECRET
    }

    /** Whether it must be given. */
    public enum Need {
        REQUIRED,
        OPTIONAL
    }
}
