package dev.gatepost.ledger;

/** What became of the wish to give a charge back. */
public sealed interface Reversal {
    /** Given back just now. */
    record Reversed(long credits) implements Reversal {}

    /** The charge was given back before; nothing was given now. */
    record AlreadyReversed() implements Reversal {}

    /** There is no such entry, or it is not a settlement; nothing was given. */
    record NotASettlement() implements Reversal {}
}
