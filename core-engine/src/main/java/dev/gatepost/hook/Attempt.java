package dev.gatepost.hook;

import java.time.Duration;

/** How one call to a receiver went. */
public sealed interface Attempt {
    /** HTTP status; 0 when there was no answer. */
    int status();

    /** For people: what came back. Names no internal address. */
    String outcome();

    /** The receiver has it. */
    record Delivered(int status) implements Attempt {
        @Override
        public String outcome() {
            return "delivered";
        }
    }

    /** The receiver does not want to be told any more (410). */
    record Gone() implements Attempt {
        @Override
        public int status() {
            return 410;
        }

        @Override
        public String outcome() {
            return "the receiver is gone";
        }
    }

    /** It will not take this message, whenever it is asked. */
    record Refused(int status, String outcome) implements Attempt {}

    /**
     * It may take it later.
     *
     * @param atLeast the least wait
     */
    record TryAgain(int status, String outcome, Duration atLeast) implements Attempt {}

    /**
     * It takes nothing for a while, of this or any other message; that counts for no attempt.
     *
     * @param atLeast the least wait
     */
    record Hold(int status, String outcome, Duration atLeast) implements Attempt {}
}
