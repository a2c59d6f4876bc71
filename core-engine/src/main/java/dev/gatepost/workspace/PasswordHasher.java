package dev.gatepost.workspace;

/** Turns passwords into what is stored of them, slowly on purpose. Safe for any thread. */
public interface PasswordHasher {
    /**
     * What to store of a password, with all that {@link #matches} needs.
     *
     * @throws TooManyAtOnce when too many others are being hashed
     */
    String hash(String password);

    /**
     * Whether this is the password. Costs the same whatever the answer.
     *
     * @param stored what {@link #hash} gave
     * @throws TooManyAtOnce when too many others are being hashed
     */
    boolean matches(String password, String stored);

    /** A stored value that no password matches, as costly to ask as any. */
    String unmatchable();

    /** Whether {@link #hash} would spend more today than was spent on this one. */
    boolean isOutdated(String stored);

    /** More passwords wait to be hashed than memory allows; the same may be tried again a few seconds later. */
    final class TooManyAtOnce extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyAtOnce() {
            super("too many passwords are being checked at once");
        }
    }
}
