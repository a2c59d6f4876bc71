package dev.gatepost.ledger;

/** What became of the wish to set one credit aside. */
public enum Reservation {
    /** Set aside just now. */
    RESERVED,
    /** The same charge key holds a reservation that is still open: go on under it. */
    ALREADY_RESERVED,
    /** The same charge key was settled or released before; nothing more will ever be charged under it. */
    ALREADY_CLOSED,
    /** Not enough credits; nothing was set aside. */
    INSUFFICIENT
}
