package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

/** Gets a list from a URL; how this package asks for it without knowing the network. */
@FunctionalInterface
public interface ListFetch {
    /** What came of it. */
    sealed interface Fetched {
        /** The whole text. */
        record Text(String text) implements Fetched {
            public Text {
                requireNonNull(text, "text");
            }
        }

        /** Nothing usable; one sentence why. */
        record Failed(String why) implements Fetched {
            public Failed {
                requireNonNull(why, "why");
            }
        }
    }

    /**
     * Blocks the calling thread within bounds of its own.
     *
     * @param octetsMax a longer text is a failure
     * @return never an exception for what the other side does
     */
    Fetched fetch(String url, int octetsMax);
}
