package dev.gatepost.egress;

import static java.util.Objects.requireNonNull;

import java.net.Socket;

/** How dialling ended. */
public sealed interface Dialled {
    /** Connected; the caller closes the socket. */
    record Connected(Socket socket) implements Dialled {
        public Connected {
            requireNonNull(socket, "socket");
        }
    }

    /** The egress rules forbid the destination; no packet left. */
    record Refused(String why) implements Dialled {
        public Refused {
            requireNonNull(why, "why");
        }
    }

    /** The destination did not take the connection. */
    record Unreachable(Cause cause, String detail) implements Dialled {
        public Unreachable {
            requireNonNull(cause, "cause");
            requireNonNull(detail, "detail");
        }
    }

    /** Why a destination could not be reached. */
    enum Cause {
        TIMEOUT,
        CONNECTION_REFUSED,
        NO_ROUTE,
        OTHER
    }
}
