package dev.gatepost.ledger;

/** What became of the wish to take a reserved credit. */
public sealed interface Charge {
    /** Taken just now. */
    record Charged(long credits) implements Charge {}

    /** The same charge key was settled before; nothing was taken now. */
    record AlreadyCharged() implements Charge {}

    /** The charge key has no open reservation (it was released, or never made); nothing was taken. */
    record NotReserved() implements Charge {}
}
