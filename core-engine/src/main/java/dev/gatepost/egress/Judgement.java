package dev.gatepost.egress;

import static java.util.Objects.requireNonNull;

/** What the rules say about one destination. */
public sealed interface Judgement {
    /** A public address at the purpose's usual port. */
    record Usual() implements Judgement {}

    /** Opened by the operator: an allowance or a configured name server names it. */
    record Opened() implements Judgement {}

    /**
     * Not to be dialled.
     *
     * @param why for the operator's log; may name an internal range, so it is never shown to a user (reliability: E5)
     */
    record Refused(String why) implements Judgement {
        public Refused {
            requireNonNull(why, "why");
        }
    }
}
