package dev.gatepost.hook;

import java.time.Duration;

/** How a post went that must not be made twice. */
sealed interface Posted {
    /** HTTP status; 0 when there was no answer. */
    int status();

    /** For people: what came back. Names no internal address. */
    String outcome();

    /** The receiver has it, will not have it, or may have it: never again. */
    record Ended(int status, String outcome) implements Posted {}

    /**
     * The receiver cannot have taken it: it may be made again.
     *
     * @param atLeast the least wait
     */
    record NotArrived(int status, String outcome, Duration atLeast) implements Posted {}
}
