package dev.gatepost.egress;

import static java.util.Objects.requireNonNull;

/** How asking with one datagram ended. */
public sealed interface Exchanged {
    /** An answer came; the array is the caller's own. */
    final class Received implements Exchanged {
        private final byte[] message;

        Received(byte[] message) {
            this.message = message.clone();
        }

        /** A copy of the datagram's content. */
        public byte[] message() {
            return message.clone();
        }
    }

    /** The egress rules forbid the destination; no packet left. */
    record Refused(String why) implements Exchanged {
        public Refused {
            requireNonNull(why, "why");
        }
    }

    /** No acceptable answer came. */
    record Unanswered(Dialled.Cause cause) implements Exchanged {
        public Unanswered {
            requireNonNull(cause, "cause");
        }
    }
}
