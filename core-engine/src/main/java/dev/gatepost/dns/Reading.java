package dev.gatepost.dns;

/** What one message of a name server says about a question. */
sealed interface Reading {
    /** All that is needed. */
    record Complete(Answer answer) implements Reading {}

    /** The answer did not fit into a datagram: ask again over TCP (RFC 2181, section 9). */
    record Truncated() implements Reading {}

    /**
     * The name is an alias, and the server did not say what is at its target.
     *
     * @param target to be asked next
     * @param steps aliases followed in this message
     */
    record Alias(String target, int steps) implements Reading {}
}
