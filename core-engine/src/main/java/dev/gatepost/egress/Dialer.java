package dev.gatepost.egress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Opens connections; the seam between the engine and the network. */
public interface Dialer {
    /**
     * Opens a TCP connection to just this address, if the rules for {@code purpose} allow it. Never resolves a name.
     *
     * @param timeout longest wait for the connection, positive
     * @return never an exception: every way of failing is a case of {@link Dialled}
     */
    Dialled dial(Purpose purpose, InetSocketAddress target, Duration timeout);

    /** Whether mail hosts with addresses of this one's family can be reached at all. */
    default boolean leadsTo(InetAddress address) {
        return true;
    }
}
